/* SPDX-License-Identifier: MIT */
/*
 * base/atomic.h - the atomic operations that the library uses, on plain fields
 *
 * Plain fields, not _Atomic ones, because some of them lie in public structures that C++ and
 * C99 include. "seq" is sequentially consistent: all such operations have one order that every
 * thread agrees on. Each use says in a comment what it pairs with.
 */
#ifndef CONNPT_BASE_ATOMIC_H
#define CONNPT_BASE_ATOMIC_H

/* tests/stress builds the library so that it can be interrupted before each of these. */
#ifdef CONNPT_SHAKE
void connpt__shake(void);
#define SHAKE() connpt__shake()
#define CONNPT_FIRE_STEP() connpt__shake() /* in <connpt/fire_inline.h> */
#else
#define SHAKE() ((void)0)
#endif

#define load_relaxed(p) (SHAKE(), __atomic_load_n(p, __ATOMIC_RELAXED))
#define load_acquire(p) (SHAKE(), __atomic_load_n(p, __ATOMIC_ACQUIRE))
#define load_seq(p) (SHAKE(), __atomic_load_n(p, __ATOMIC_SEQ_CST))

#define store_relaxed(p, value) (SHAKE(), __atomic_store_n(p, value, __ATOMIC_RELAXED))
#define store_release(p, value) (SHAKE(), __atomic_store_n(p, value, __ATOMIC_RELEASE))
#define store_seq(p, value) (SHAKE(), __atomic_store_n(p, value, __ATOMIC_SEQ_CST))

#define fence_seq() (SHAKE(), __atomic_thread_fence(__ATOMIC_SEQ_CST))

/* These return the value before. */
#define add_relaxed(p, n) (SHAKE(), __atomic_fetch_add(p, n, __ATOMIC_RELAXED))
#define add_release(p, n) (SHAKE(), __atomic_fetch_add(p, n, __ATOMIC_RELEASE))
#define add_seq(p, n) (SHAKE(), __atomic_fetch_add(p, n, __ATOMIC_SEQ_CST))
#define sub_acq_rel(p, n) (SHAKE(), __atomic_fetch_sub(p, n, __ATOMIC_ACQ_REL))
#define exchange_seq(p, value) (SHAKE(), __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST))
#define exchange_acquire(p, value) (SHAKE(), __atomic_exchange_n(p, value, __ATOMIC_ACQUIRE))
#define or_seq(p, bits) (SHAKE(), __atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST))
#define and_seq(p, bits) (SHAKE(), __atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST))
#define xor_seq(p, bits) (SHAKE(), __atomic_fetch_xor(p, bits, __ATOMIC_SEQ_CST))

/* 1: *p was *expected and is `value` now; 0: *expected got the value of *p. The weak one may fail
 * without reason. */
#define cas_seq(p, expected, value)                                                                \
    (SHAKE(),                                                                                      \
     __atomic_compare_exchange_n(p, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
#define cas_weak_seq(p, expected, value)                                                           \
    (SHAKE(),                                                                                      \
     __atomic_compare_exchange_n(p, expected, value, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))

#endif
