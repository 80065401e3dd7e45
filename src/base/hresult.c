/* SPDX-License-Identifier: MIT */
/*
 * base/hresult.c - names and meanings of the result codes in connpt/abi/hresult.h
 *
 * The codes of FACILITY_ITF (0x8004....) mean what the interface that returned them says. These
 * texts speak for connection points: 0x80040201, for one, is CONNECT_E_ADVISELIMIT here, though
 * Windows' own message table explains it with event subscribers.
 */
#include "base/hresult.h"

#include <errno.h>

#include <connpt/guid.h>

struct result_code {
    HRESULT hr;
    const char *name;
    const char *meaning;
};

#define CODE(name, meaning)                                                                        \
    {                                                                                              \
        name, #name, meaning                                                                       \
    }

static const struct result_code codes[] = {
    CODE(S_OK, "It worked."),
    CODE(S_FALSE, "It worked, but there was less to do or to deliver than was asked for."),

    CODE(E_UNEXPECTED, "The object is in a state in which this call makes no sense."),
    CODE(E_NOTIMPL, "The object does not offer this operation."),
    CODE(E_NOINTERFACE, "The object does not have the interface that was asked for."),
    CODE(E_POINTER, "A pointer that must not be NULL is NULL."),
    CODE(E_ABORT, "The operation was stopped before it was done."),
    CODE(E_FAIL, "It failed, and nothing more is known about the cause."),
    CODE(E_ACCESSDENIED, "Permission is missing: check the owner and mode of what was opened."),
    CODE(E_HANDLE, "The handle or descriptor is not open."),
    CODE(E_OUTOFMEMORY, "There is not enough memory; nothing was changed."),
    CODE(E_INVALIDARG, "An argument has a value that this call does not accept."),
    CODE(E_BOUNDS, "An index lies outside the range of what it indexes."),

    CODE(CONNECT_E_NOCONNECTION,
         "There is no such connection (unknown or used-up cookie), or no point for that IID."),
    CODE(CONNECT_E_ADVISELIMIT,
         "The connection point has as many connections as it allows: end one first."),
    CODE(CONNECT_E_CANNOTCONNECT,
         "The point refuses the sink: it lacks the point's interface, or the source is closed."),
    CODE(CONNECT_E_OVERRIDDEN, "The connection was taken over by another one."),
    CODE(OLE_E_NOCONNECTION, "There is no advisory connection with that number."),

    CODE(CLASS_E_NOAGGREGATION,
         "The class cannot be part of another object: pass NULL as the outer object, or ask for "
         "IUnknown."),
    CODE(CLASS_E_CLASSNOTAVAILABLE, "The module does not make objects of this class."),
    CODE(REGDB_E_CLASSNOTREG, "No module is known for this class: install one, or name its file."),
    CODE(CO_E_NOTINITIALIZED, "This thread has not initialised COM."),
    CODE(CO_E_CLASSSTRING, "The text is not a GUID: write {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}."),
    CODE(CO_E_DLLNOTFOUND, "The module's file cannot be found or loaded."),
    CODE(CO_E_ERRORINDLL, "The file was loaded but is not a module: DllGetClassObject is missing."),
    CODE(CO_E_OBJNOTCONNECTED, "The object is no longer connected to its process or server."),

    CODE(DISP_E_UNKNOWNINTERFACE, "The reserved IID argument of IDispatch must be IID_NULL."),
    CODE(DISP_E_MEMBERNOTFOUND, "The object has no member with this DISPID that can be used so."),
    CODE(DISP_E_PARAMNOTFOUND, "There is no parameter with this number or id, or it was omitted."),
    CODE(DISP_E_TYPEMISMATCH, "A value cannot be converted to the type that is needed."),
    CODE(DISP_E_UNKNOWNNAME, "The object has no member or parameter of this name."),
    CODE(DISP_E_NONAMEDARGS, "The object does not accept named arguments."),
    CODE(DISP_E_BADVARTYPE, "A VARIANT has a type that is not valid here."),
    CODE(DISP_E_EXCEPTION, "The member itself failed; EXCEPINFO tells more."),
    CODE(DISP_E_OVERFLOW, "A value is out of range for the type that is needed."),
    CODE(DISP_E_BADINDEX, "An index lies outside the bounds."),
    CODE(DISP_E_ARRAYISLOCKED, "The array is locked: unlock it as often as it was locked first."),
    CODE(DISP_E_BADPARAMCOUNT, "The call has too many or too few arguments."),
    CODE(DISP_E_PARAMNOTOPTIONAL, "An argument that must be given is missing."),
    CODE(DISP_E_BADCALLEE, "The member cannot be called in this way."),
    CODE(DISP_E_NOTACOLLECTION, "The object cannot be enumerated."),
    CODE(DISP_E_DIVBYZERO, "A number was divided by zero."),

    CODE(TYPE_E_BUFFERTOOSMALL, "The buffer for the type description is too small."),
    CODE(TYPE_E_INVDATAREAD, "The type library is damaged."),
    CODE(TYPE_E_UNSUPFORMAT, "The type library has a format that is not supported."),
    CODE(TYPE_E_LIBNOTREGISTERED, "No type library is known for this identifier."),
    CODE(TYPE_E_UNDEFINEDTYPE, "The description refers to a type that is not described."),
    CODE(TYPE_E_ELEMENTNOTFOUND, "The type library has no such element."),
    CODE(TYPE_E_AMBIGUOUSNAME, "More than one element has this name."),
    CODE(TYPE_E_IOERROR, "The type library could not be read."),
    CODE(TYPE_E_CANTLOADLIBRARY, "The file cannot be opened, or is not a type library."),

    CODE(RPC_E_SERVER_DIED,
         "The object's process or thread has ended; the call may have been made."),
    CODE(RPC_E_SERVER_DIED_DNE, "The object's process or thread has ended; the call was not made."),
    CODE(RPC_E_DISCONNECTED, "The object was disconnected from its clients."),
    CODE(RPC_E_CHANGED_MODE, "The thread was initialised for another threading model."),
    CODE(RPC_E_WRONG_THREAD, "The object was called on a thread that it does not belong to."),
    CODE(CONNPT_E_UNKNOWN_IF, "The object's process does not serve this interface, or no more."),
    CODE(CONNPT_E_SERVER_UNAVAILABLE, "The process that holds the object cannot be reached."),

    CODE(STG_E_FILENOTFOUND, "The file does not exist."),
    CODE(STG_E_ACCESSDENIED, "The file may not be opened: check its owner and mode."),
};

static const struct result_code *find_code(HRESULT hr)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].hr == hr)
            return &codes[i];
    }
    return NULL;
}

const char *connpt_hresult_name(HRESULT hr)
{
    const struct result_code *code = find_code(hr);

    return code != NULL ? code->name : NULL;
}

const char *connpt_hresult_meaning(HRESULT hr)
{
    const struct result_code *code = find_code(hr);

    return code != NULL ? code->meaning : NULL;
}

HRESULT connpt__hresult_from_errno(int error)
{
    switch (error) {
    case ENOMEM:
        return E_OUTOFMEMORY;
    case EINVAL:
    case ENAMETOOLONG:
        return E_INVALIDARG;
    case EACCES:
    case EPERM:
        return E_ACCESSDENIED;
    case EBADF:
        return E_HANDLE;
    case EFAULT:
        return E_POINTER;
    case ENOENT:
    case ENOTDIR:
        return STG_E_FILENOTFOUND;
    case ENOSYS:
    case ENOTSUP:
        return E_NOTIMPL;
    case ECANCELED:
        return E_ABORT;
    case ECONNREFUSED:
        return CONNPT_E_SERVER_UNAVAILABLE;
    case EPIPE:
    case ECONNRESET:
    case ENOTCONN:
        return RPC_E_DISCONNECTED;
    default:
        return E_FAIL;
    }
}
