/* SPDX-License-Identifier: MIT */
/* cli/call.c - a call of an object's method, with arguments from the command line */
#include "call.h"

#include <string.h>

#include <connpt/guid.h>
#include <connpt/typelib.h>

/* ---- the object's own interface ---------------------------------------------------------- */

/* The default incoming interface of the object's class. */
static ITypeInfo *default_interface(struct target *target)
{
    ITypeInfo *coclass = NULL, *found = NULL;
    TYPEATTR *attr = NULL;

    if (FAILED(connpt_object_coclass(target->object, &coclass)) &&
        (target->library == NULL ||
         FAILED(ITypeLib_GetTypeInfoOfGuid(target->library, &target->clsid, &coclass))))
        return NULL;
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(coclass, &attr)) && attr != NULL) {
        for (UINT i = 0; i < attr->cImplTypes && found == NULL; i++) {
            HREFTYPE reference;
            INT flags;

            if (SUCCEEDED(ITypeInfo_GetImplTypeFlags(coclass, i, &flags)) &&
                (flags & IMPLTYPEFLAG_FSOURCE) == 0 && (flags & IMPLTYPEFLAG_FDEFAULT) != 0 &&
                SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(coclass, i, &reference)) &&
                FAILED(ITypeInfo_GetRefTypeInfo(coclass, reference, &found)))
                found = NULL;
        }
        ITypeInfo_ReleaseTypeAttr(coclass, attr);
    }
    ITypeInfo_Release(coclass);
    return found;
}

static struct described *describe_object(struct target *target)
{
    ITypeInfo *info = dispatch_type_info(target->object);
    struct described *described;

    if (info == NULL)
        info = default_interface(target);
    if (info == NULL)
        return NULL;
    described = describe(&IID_IDispatch, info);
    ITypeInfo_Release(info);
    return described;
}

/* One name may be a property's get and put. */
static const struct described_member *find_member(const struct described *described,
                                                  const char *name, WORD flags)
{
    for (unsigned i = 0; described != NULL && i < described->n_members; i++) {
        const struct described_member *member = &described->members[i];

        if (cli_is_same_name(member->name, name) && ((WORD)member->kind & flags) != 0)
            return member;
    }
    return NULL;
}

/* ---- arguments --------------------------------------------------------------------------- */

static void refer(VARIANT *argument, VARIANT *storage)
{
    connpt_VariantInit(argument);
    if (V_VT(storage) == VT_VARIANT || V_VT(storage) == VT_EMPTY) {
        V_VT(storage) = VT_EMPTY;
        *argument = connpt_variant_ref(VT_VARIANT, storage);
    } else {
        *argument = connpt_variant_ref(V_VT(storage), &V_I8(storage));
    }
}

static int wrong_argument(const char *word, const struct described_param *param, unsigned number,
                          HRESULT hr)
{
    if (param != NULL)
        cli_error_hr(hr, NULL, "argument %u: \"%s\" is not a %s, which \"%s\" is", number, word,
                     param->type, param->name);
    else
        cli_error_hr(hr, NULL, "argument %u: \"%s\" cannot be passed", number, word);
    return CLI_USAGE;
}

static int add_argument(struct call *call, const struct described_param *param, const char *word)
{
    VARTYPE vt = param != NULL ? param->vt : VT_EMPTY;
    bool is_out = param != NULL && (param->flags & PARAMFLAG_FOUT) != 0;
    VARIANT *storage = &call->storage[call->n_args];
    VARIANT *argument = &call->args[call->n_args];

    if (word != NULL) {
        HRESULT hr = value_parse(word, vt, storage);

        if (FAILED(hr))
            return wrong_argument(word, param, call->n_args + 1, hr);
        if (is_out && vt == VT_VARIANT) {
            *argument = connpt_variant_ref(VT_VARIANT, storage);
        } else if (is_out) {
            *argument = connpt_variant_ref(V_VT(storage), &V_I8(storage));
        } else {
            *argument = *storage; /* borrowed: only the storage is cleared */
        }
    } else {
        V_VT(storage) = vt;
        refer(argument, storage);
    }
    call->n_args++;
    return CLI_OK;
}

/* How many words a described member takes: [out] ones take none. */
static int count_words(const struct described_member *member)
{
    int n = 0;

    for (unsigned i = 0; i < member->n_params; i++)
        n += (member->params[i].flags & (PARAMFLAG_FIN | PARAMFLAG_FOUT)) != PARAMFLAG_FOUT;
    return n;
}

static int add_described(struct call *call, int n_words, char **words)
{
    const struct described_member *member = call->member;
    int used = 0, status = CLI_OK;

    if (n_words > count_words(member)) {
        cli_error("%s takes %d argument%s, not %d", member->name, count_words(member),
                  count_words(member) == 1 ? "" : "s", n_words);
        return CLI_USAGE;
    }
    for (unsigned i = 0; i < member->n_params && status == CLI_OK; i++) {
        const struct described_param *param = &member->params[i];
        bool takes_word = (param->flags & (PARAMFLAG_FIN | PARAMFLAG_FOUT)) != PARAMFLAG_FOUT;

        if (!takes_word) {
            status = add_argument(call, param, NULL);
        } else if (used < n_words) {
            status = add_argument(call, param, words[used++]);
        } else if ((param->flags & PARAMFLAG_FOPT) != 0) {
            break;
        } else {
            cli_error("%s needs the argument \"%s\" (%s)", member->name, param->name, param->type);
            status = CLI_USAGE;
        }
    }
    return status;
}

static int add_guessed(struct call *call, int n_words, char **words)
{
    int status = CLI_OK;

    if (n_words > CONNPT_MAX_ARGS) {
        cli_error("at most %d arguments", CONNPT_MAX_ARGS);
        return CLI_USAGE;
    }
    for (int i = 0; i < n_words && status == CLI_OK; i++)
        status = add_argument(call, NULL, words[i]);
    return status;
}

/* ---- the call ---------------------------------------------------------------------------- */

static int tell_missing(const struct call *call, const struct target *target, HRESULT hr)
{
    struct text text = { 0 };
    const char *before = "it has ";

    if (hr == E_NOINTERFACE) {
        cli_error_hr(hr, "It does not answer IDispatch, so its methods have no names here.",
                     "%s cannot be called", target->text);
        return CLI_FAILURE;
    }
    for (unsigned i = 0; call->described != NULL && i < call->described->n_members; i++) {
        const char *name = call->described->members[i].name;

        if (i > 0 && strcmp(name, call->described->members[i - 1].name) == 0)
            continue; /* get and put of one property */
        text_printf(&text, "%s%s", before, name);
        before = ", ";
    }
    cli_error_hr(hr, text_cstr(&text), "%s has no method or property %s", target->text,
                 target->member);
    text_fini(&text);
    return hr == DISP_E_UNKNOWNNAME ? CLI_NO_SUCH : CLI_FAILURE;
}

int call_prepare(struct call *call, struct target *target, WORD flags, int n_words, char **words)
{
    DISPID dispid;
    HRESULT hr = dispatch_id(target->object, target->member, &dispid);

    memset(call, 0, sizeof(*call));
    call->flags = flags;
    call->described = describe_object(target);
    if (FAILED(hr))
        return tell_missing(call, target, hr);
    call->member = find_member(call->described, target->member, flags);
    if (call->member == NULL && flags == DISPATCH_METHOD &&
        find_member(call->described, target->member, DISPATCH_PROPERTYGET) != NULL) {
        cli_error("%s is a property; --get reads it, --put writes it", target->member);
        return CLI_USAGE;
    }
    return call->member != NULL ? add_described(call, n_words, words)
                                : add_guessed(call, n_words, words);
}

int call_run(struct call *call, struct target *target, VARIANT *ret_result)
{
    struct dispatch_failure failure;
    bool has_result = (call->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) == 0;
    HRESULT hr;

    connpt_VariantInit(ret_result);
    hr = dispatch_call(target->object, target->member, call->flags, call->args, call->n_args,
                       has_result ? ret_result : NULL, &call->held, &failure);
    if (FAILED(hr)) {
        if (failure.argument < call->n_args)
            cli_error_hr(failure.code, failure.description, "%s: argument %u is wrong",
                         target->member, failure.argument + 1);
        else
            cli_error_hr(failure.code, failure.description, "%s failed", target->member);
    }
    dispatch_failure_fini(&failure);
    return FAILED(hr) ? CLI_FAILURE : CLI_OK;
}

void call_let_go(struct call *call)
{
    dispatch_let_go(&call->held);
}

void call_fini(struct call *call)
{
    for (UINT i = 0; i < CONNPT_MAX_ARGS; i++)
        connpt_VariantClear(&call->storage[i]);
    describe_free(call->described);
    memset(call, 0, sizeof(*call));
}
