/* SPDX-License-Identifier: MIT */
/*
 * loader/registration.h - one server below one Software\Classes of the registry (Windows only)
 *
 * server_win32.c knows the module and the places, registration_win32.c what is written there.
 */
#ifndef CONNPT_LOADER_REGISTRATION_H
#define CONNPT_LOADER_REGISTRATION_H

#include <connpt/server.h>

struct connpt__registration {
    const struct connpt_server *server;
    WCHAR *file;            /* of the module, in full; connpt__free it */
    ITypeLib *library;      /* in the module; NULL: there is none */
    TLIBATTR *attr;         /* of library */
    const WCHAR *threading; /* ThreadingModel */
    HKEY classes;           /* Software\Classes */
    int for_user;           /* of the user, not of the machine */
};

/* Classes and type library. A failure leaves some of it. */
HRESULT connpt__registration_add(const struct connpt__registration *registration);

/* The rest goes even when one part cannot. Returns the first failure; else S_FALSE when something
 * belongs to another file; else S_OK. */
HRESULT connpt__registration_remove(const struct connpt__registration *registration);

/* Is a class of the server registered, by whatever file? */
int connpt__registration_is_there(const struct connpt__registration *registration);

/* ---- registration_typelib_win32.c: the same for the type library alone ----------------------- */

HRESULT connpt__registration_add_typelib(const struct connpt__registration *registration);
HRESULT connpt__registration_remove_typelib(const struct connpt__registration *registration);

/* ---- registration_win32.c, for both ---------------------------------------------------------- */

/* Whether @file, which a key names, is the module; or nobody's, because it is gone. */
int connpt__registration_is_ours(const struct connpt__registration *registration,
                                 const WCHAR *file);

#endif
