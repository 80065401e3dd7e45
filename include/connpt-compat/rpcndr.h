/* SPDX-License-Identifier: MIT */
/*
 * For headers made by MIDL or plain widl: what they expect of <rpcndr.h> and <rpcsal.h>. The
 * annotations say how a proxy would marshal; here they say nothing.
 */
#ifndef CONNPT_COMPAT_RPCNDR_H
#define CONNPT_COMPAT_RPCNDR_H

#include <connpt/com.h>

#ifndef __RPCNDR_H_VERSION__
#define __RPCNDR_H_VERSION__ 500
#endif
#ifndef __RPCSAL_H_VERSION__
#define __RPCSAL_H_VERSION__ 100
#endif

#ifndef DECLSPEC_XFGVIRT
#define DECLSPEC_XFGVIRT(base, method)
#endif

#ifndef __RPC__in
typedef void *RPC_IF_HANDLE;
#define __RPC__in
#define __RPC__in_opt
#define __RPC__in_range(low, high)
#define __RPC__in_string
#define __RPC__in_opt_string
#define __RPC__in_ecount(count)
#define __RPC__in_ecount_opt(count)
#define __RPC__in_ecount_full(count)
#define __RPC__in_ecount_full_opt(count)
#define __RPC__in_xcount(count)
#define __RPC__in_xcount_full(count)
#define __RPC__out
#define __RPC__out_ecount(count)
#define __RPC__out_ecount_full(count)
#define __RPC__out_ecount_part(count, part)
#define __RPC__out_xcount(count)
#define __RPC__out_xcount_full(count)
#define __RPC__out_xcount_part(count, part)
#define __RPC__inout
#define __RPC__inout_opt
#define __RPC__inout_ecount_full(count)
#define __RPC__deref_out
#define __RPC__deref_out_opt
#define __RPC__deref_out_string
#define __RPC__deref_out_opt_string
#define __RPC__deref_out_ecount_full(count)
#define __RPC__deref_out_ecount_full_opt(count)
#define __RPC__deref_inout
#define __RPC__deref_inout_opt
#define __RPC__deref_opt_inout
#define __RPC__deref_opt_inout_opt
#endif

#ifndef _In_
#define _In_
#define _In_opt_
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_to_(count, part)
#define _Out_writes_to_opt_(count, part)
#define _Inout_
#define _Inout_opt_
#define _Outptr_
#define _Outptr_opt_
#define _COM_Outptr_
#define _COM_Outptr_opt_
#endif

#endif
