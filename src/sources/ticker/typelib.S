/* SPDX-License-Identifier: MIT */
/* typelib.S - ticker.tlb inside the module, in a section of its own where tools find it too */
#include "ticker_tlb.h"

        .section .connpt.tlb, "a", %progbits
        .hidden ticker_typelib
        .hidden ticker_typelib_end
        .globl  ticker_typelib
        .globl  ticker_typelib_end
        .balign 8
ticker_typelib:
        .incbin TICKER_TLB
ticker_typelib_end:

        .section .note.GNU-stack, "", %progbits
