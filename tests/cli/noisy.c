/* SPDX-License-Identifier: MIT */
/*
 * cli/noisy.c - a class that says things on stdout and stderr that would drive a terminal, and
 * does what NOISY in the environment says: "crash", "exit" or "hang" while it is made, "talk" for
 * long and then crash, "fail" to be made; with anything else it is an object with one event source
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/connpt.h>

static const CLSID CLSID_Noisy = {
    0x7d2c1b90, 0x51a4, 0x4f0e, { 0x8e, 0x21, 0x3c, 0x90, 0xaa, 0x10, 0x5e, 0x01 }
};
static const IID IID_NoisyEvents = {
    0x7d2c1b90, 0x51a4, 0x4f0e, { 0x8e, 0x21, 0x3c, 0x90, 0xaa, 0x10, 0x5e, 0x02 }
};

static struct connpt_server server;

static const struct connpt_source sources[] = {
    { &IID_NoisyEvents, CONNPT_SOURCE_DEFAULT, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class noisy_class = {
    .size = sizeof(struct connpt_object),
    .sources = sources,
    .server = &server,
};

/* An escape sequence, a C1 control, bytes that are not UTF-8, characters that XML does not have,
 * what would end its elements, and a line without an end. */
static void make_noise(FILE *stream)
{
    (void)fputs("noise \x1b[2J\x1b]0;title\x07 \xc2\x9b"
                "2J \xff\xc0\x80 \xef\xbf\xbf "
                "]]></failure> \"&amp; \r rubbish",
                stream);
    (void)fflush(stream);
}

/* More than anybody keeps. */
static void talk(void)
{
    (void)fputs("\nfirst words\n", stderr);
    for (int i = 0; i < 20000; i++)
        (void)fprintf(stderr, "line %d of many\n", i);
    (void)fputs("last words\n", stderr);
}

static HRESULT create(IUnknown *outer, struct connpt_object **ret_object)
{
    const char *deed = getenv("NOISY");

    make_noise(stdout);
    make_noise(stderr);
    if (deed != NULL && strcmp(deed, "talk") == 0)
        talk();
    if (deed != NULL && (strcmp(deed, "crash") == 0 || strcmp(deed, "talk") == 0))
        abort();
    if (deed != NULL && strcmp(deed, "exit") == 0)
        _Exit(3);
    if (deed != NULL && strcmp(deed, "fail") == 0)
        return E_ACCESSDENIED;
    while (deed != NULL && strcmp(deed, "hang") == 0)
        continue;
    return connpt_object_create(&noisy_class, outer, ret_object);
}

static const struct connpt_server_class classes[] = { { &CLSID_Noisy, create }, { NULL, NULL } };
static struct connpt_server server = { classes, 0 };

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    return connpt_server_get_class_object(&server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&server);
}
