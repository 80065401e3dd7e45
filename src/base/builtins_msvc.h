/* SPDX-License-Identifier: MIT */
/*
 * base/builtins_msvc.h - those of GCC's builtins that the library uses, for Microsoft's compiler
 *
 * Included before everything else (/FI), so that base/atomic.h and <connpt/fire_inline.h> need not
 * know. The `Interlocked` functions are sequentially consistent on every processor, so each
 * operation is at least as strong as asked for. On x86 loads and stores are ordered but for a store
 * before a later load; a store that must not be passed is an exchange. On ARM64 there is a full
 * barrier on both sides. A volatile access keeps the compiler from moving it among other such, and
 * _ReadWriteBarrier from moving anything else.
 *
 * Not <stdatomic.h>: it works on _Atomic objects only, which public structures cannot have (C++).
 * With CONNPT_MSVC_ATOMICS other compilers for Windows use this too, which is how it is tested.
 */
#ifndef CONNPT_BASE_BUILTINS_MSVC_H
#define CONNPT_BASE_BUILTINS_MSVC_H

#if !defined(__GNUC__) || defined(CONNPT_MSVC_ATOMICS)

#include <stdint.h>

#ifdef _MSC_VER
#include <intrin.h>
#else
#include <connpt/com.h> /* for the same from <windows.h> */
#endif

/* ---- what the compiler is told ---------------------------------------------------------- */

#define __builtin_expect(value, usual) ((long)(value))
#define __builtin_ctz(bits) connpt__lowest_bit(bits)
#ifdef _MSC_VER
#define __builtin_unreachable() __assume(0)
#endif
#if defined(_M_ARM64)
#define __builtin_prefetch(address) __prefetch(address)
#elif defined(_MSC_VER)
#define __builtin_prefetch(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)
#else /* the tests' build: 32-bit processors without SSE have none */
#define __builtin_prefetch(address) ((void)(address))
#endif

/* The number of the lowest bit that is set; @bits is not 0. */
static __inline int connpt__lowest_bit(uint32_t bits)
{
    unsigned long number;

    (void)_BitScanForward(&number, bits);
    return (int)number;
}

/* ---- atomic operations ------------------------------------------------------------------- */

#ifndef __ATOMIC_SEQ_CST
#define __ATOMIC_RELAXED 0
#define __ATOMIC_CONSUME 1
#define __ATOMIC_ACQUIRE 2
#define __ATOMIC_RELEASE 3
#define __ATOMIC_ACQ_REL 4
#define __ATOMIC_SEQ_CST 5
#endif

/* By the type of what @p points to: 32 bits, or a pointer. Integers of 64 bits are not used, since
 * 32-bit processors lack them. */
/* clang-format off */
#define CONNPT__ATOMIC(operation, p)                                                               \
    _Generic(*(p),                                                                                 \
             int: connpt__##operation##_32, unsigned: connpt__##operation##_32,                    \
             long: connpt__##operation##_32, unsigned long: connpt__##operation##_32,              \
             default: connpt__##operation##_pointer)
/* clang-format on */

#define __atomic_load_n(p, order) CONNPT__ATOMIC(load, p)(p, order)
#define __atomic_store_n(p, value, order) CONNPT__ATOMIC(store, p)(p, value, order)
#define __atomic_exchange_n(p, value, order) CONNPT__ATOMIC(exchange, p)(p, value)
#define __atomic_compare_exchange_n(p, expected, value, is_weak, order, otherwise)                 \
    CONNPT__ATOMIC(compare_exchange, p)(p, expected, value)
#define __atomic_fetch_add(p, n, order) connpt__add_32(p, n)
#define __atomic_fetch_sub(p, n, order) connpt__add_32(p, 0u - (uint32_t)(n))
#define __atomic_fetch_or(p, bits, order)                                                          \
    ((uint32_t)_InterlockedOr((volatile long *)(p), (long)(bits)))
#define __atomic_fetch_and(p, bits, order)                                                         \
    ((uint32_t)_InterlockedAnd((volatile long *)(p), (long)(bits)))
#define __atomic_fetch_xor(p, bits, order)                                                         \
    ((uint32_t)_InterlockedXor((volatile long *)(p), (long)(bits)))
#define __atomic_thread_fence(order) connpt__fence()

static __inline void connpt__ordered(int order)
{
    (void)order;
    _ReadWriteBarrier();
#if defined(_M_ARM64)
    if (order != __ATOMIC_RELAXED)
        __dmb(_ARM64_BARRIER_ISH);
#endif
}

static __inline uint32_t connpt__load_32(const volatile void *p, int order)
{
    uint32_t value;

    connpt__ordered(order);
    value = *(const volatile uint32_t *)p;
    connpt__ordered(order);
    return value;
}

static __inline void *connpt__load_pointer(const volatile void *p, int order)
{
    void *value;

    connpt__ordered(order);
    value = *(void *const volatile *)p;
    connpt__ordered(order);
    return value;
}

static __inline uint32_t connpt__exchange_32(volatile void *p, uint32_t value)
{
    return (uint32_t)_InterlockedExchange((volatile long *)p, (long)value);
}

static __inline void *connpt__exchange_pointer(volatile void *p, const void *value)
{
    return _InterlockedExchangePointer((void *volatile *)p, (void *)(uintptr_t)value);
}

static __inline void connpt__store_32(volatile void *p, uint32_t value, int order)
{
    if (order == __ATOMIC_SEQ_CST) {
        (void)connpt__exchange_32(p, value);
        return;
    }
    connpt__ordered(order);
    *(volatile uint32_t *)p = value;
    connpt__ordered(order);
}

static __inline void connpt__store_pointer(volatile void *p, const void *value, int order)
{
    if (order == __ATOMIC_SEQ_CST) {
        (void)connpt__exchange_pointer(p, value);
        return;
    }
    connpt__ordered(order);
    *(const void *volatile *)p = value;
    connpt__ordered(order);
}

static __inline int connpt__compare_exchange_32(volatile void *p, void *expected, uint32_t value)
{
    uint32_t wanted = *(uint32_t *)expected, found;

    found = (uint32_t)_InterlockedCompareExchange((volatile long *)p, (long)value, (long)wanted);
    *(uint32_t *)expected = found;
    return found == wanted;
}

static __inline int connpt__compare_exchange_pointer(volatile void *p, void *expected,
                                                     const void *value)
{
    void *wanted = *(void **)expected, *found;

    found =
        _InterlockedCompareExchangePointer((void *volatile *)p, (void *)(uintptr_t)value, wanted);
    *(void **)expected = found;
    return found == wanted;
}

static __inline uint32_t connpt__add_32(volatile void *p, uint32_t n)
{
    return (uint32_t)_InterlockedExchangeAdd((volatile long *)p, (long)n);
}

static __inline void connpt__fence(void)
{
    volatile long word = 0;

    (void)_InterlockedExchange(&word, 1);
#if defined(_M_ARM64)
    __dmb(_ARM64_BARRIER_ISH);
#endif
}

#endif

#endif
