/* SPDX-License-Identifier: MIT */
/* connpt/export.h - how the library's functions are declared */
#ifndef CONNPT_EXPORT_H
#define CONNPT_EXPORT_H

#ifdef __cplusplus
#define CONNPT_BEGIN_DECLS extern "C" {
#define CONNPT_END_DECLS }
#else
#define CONNPT_BEGIN_DECLS
#define CONNPT_END_DECLS
#endif

/* On Windows tools/make-def tells the linker what is declared so. */
#if defined(__GNUC__) && !defined(_WIN32)
#define CONNPT_API __attribute__((visibility("default")))
#else
#define CONNPT_API
#endif

/* The result says whether it worked, or must be released: do not drop it. */
#if defined(__GNUC__)
#define CONNPT_NODISCARD __attribute__((warn_unused_result))
#else
#define CONNPT_NODISCARD
#endif

#endif
