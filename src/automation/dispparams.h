/* SPDX-License-Identifier: MIT */
/* automation/dispparams.h - what the readers of DISPPARAMS share */
#ifndef CONNPT_AUTOMATION_DISPPARAMS_H
#define CONNPT_AUTOMATION_DISPPARAMS_H

#include <connpt/com.h>

/* 1 for NULL and for what stands in the place of an argument that was left out. */
int connpt__arg_is_missing(const VARIANT *arg);

#endif
