/* SPDX-License-Identifier: MIT */
/* tests/base/guid_test.c - GUIDs as text, and the known interfaces */
#include <connpt/guid.h>

#include <string.h>

#include "t.h"

static const GUID sample = {
    0x01234567, 0x89AB, 0xCDEF, { 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10 }
};
static const char sample_text[] = "{01234567-89AB-CDEF-FEDC-BA9876543210}";

static int is_refused(const char *text)
{
    GUID guid = sample;

    return connpt_guid_parse(text, &guid) == CO_E_CLASSSTRING && connpt_guid_equal(&guid, &sample);
}

static void format_writes_braces_and_upper_case(void)
{
    char text[CONNPT_GUID_TEXT_SIZE + 1];

    memset(text, 'x', sizeof text);
    connpt_guid_format(&sample, text);
    CHECK_STR(text, sample_text);
    CHECK_INT(text[CONNPT_GUID_TEXT_SIZE], 'x');
}

static void parse_reads_what_format_wrote(void)
{
    GUID guid = { 0 };

    CHECK_HR(connpt_guid_parse(sample_text, &guid), S_OK);
    CHECK(connpt_guid_equal(&guid, &sample));
}

static void parse_takes_no_braces_and_either_case(void)
{
    GUID guid = { 0 };

    CHECK_HR(connpt_guid_parse("01234567-89ab-cdef-FEDC-ba9876543210", &guid), S_OK);
    CHECK(connpt_guid_equal(&guid, &sample));
}

static void parse_refuses_anything_else(void)
{
    char text[sizeof sample_text];

    CHECK(is_refused(""));
    CHECK(is_refused("{}"));
    CHECK(is_refused("{01234567-89AB-CDEF-FEDC-BA9876543210"));
    CHECK(is_refused("01234567-89AB-CDEF-FEDC-BA9876543210}"));
    CHECK(is_refused(" {01234567-89AB-CDEF-FEDC-BA9876543210}"));
    CHECK(is_refused("{01234567-89AB-CDEF-FEDC-BA9876543210} "));
    CHECK(is_refused("{01234567-89AB-CDEF-FEDC-BA98765432100}"));
    CHECK(is_refused("0123456789ABCDEFFEDCBA9876543210"));
    CHECK(is_refused("{0123456789ABCDEFFEDCBA9876543210}"));
    /* Cut off after, and spoilt at, every character. */
    for (size_t i = 0; i < sizeof sample_text - 1; i++) {
        strcpy(text, sample_text);
        text[i] = 'g';
        CHECK(is_refused(text));
        text[i] = '\0';
        CHECK(is_refused(text));
    }
}

static void parse_checks_its_pointers(void)
{
    GUID guid;

    CHECK_HR(connpt_guid_parse(NULL, &guid), E_POINTER);
    CHECK_HR(connpt_guid_parse(sample_text, NULL), E_POINTER);
}

static void equal_looks_at_every_byte(void)
{
    CHECK_INT(connpt_guid_equal(&sample, &sample), 1);
    for (size_t i = 0; i < sizeof sample; i++) {
        GUID other = sample;

        ((unsigned char *)&other)[i] ^= 0x40;
        CHECK_INT(connpt_guid_equal(&sample, &other), 0);
    }
}

static void known_interfaces_have_names(void)
{
    CHECK_STR(connpt_iid_name(&IID_IUnknown), "IUnknown");
    CHECK_STR(connpt_iid_name(&IID_IDispatch), "IDispatch");
    CHECK_STR(connpt_iid_name(&IID_IConnectionPoint), "IConnectionPoint");
    CHECK_STR(connpt_iid_name(&IID_IConnectionPointContainer), "IConnectionPointContainer");
    CHECK_STR(connpt_iid_name(&IID_IEnumConnections), "IEnumConnections");
    CHECK_STR(connpt_iid_name(&IID_IPropertyNotifySink), "IPropertyNotifySink");
    CHECK_PTR(connpt_iid_name(&sample), NULL);
    CHECK_PTR(connpt_iid_name(&IID_NULL), NULL);
    CHECK_PTR(connpt_iid_name(NULL), NULL);
}

static void identifiers_have_the_published_values(void)
{
    static const struct {
        const IID *iid;
        const char *text;
    } published[] = {
        { &IID_IUnknown, "{00000000-0000-0000-C000-000000000046}" },
        { &IID_IClassFactory, "{00000001-0000-0000-C000-000000000046}" },
        { &IID_IDispatch, "{00020400-0000-0000-C000-000000000046}" },
        { &IID_ITypeInfo, "{00020401-0000-0000-C000-000000000046}" },
        { &IID_ITypeLib, "{00020402-0000-0000-C000-000000000046}" },
        { &IID_IProvideClassInfo, "{B196B283-BAB4-101A-B69C-00AA00341D07}" },
        { &IID_IConnectionPointContainer, "{B196B284-BAB4-101A-B69C-00AA00341D07}" },
        { &IID_IEnumConnectionPoints, "{B196B285-BAB4-101A-B69C-00AA00341D07}" },
        { &IID_IConnectionPoint, "{B196B286-BAB4-101A-B69C-00AA00341D07}" },
        { &IID_IEnumConnections, "{B196B287-BAB4-101A-B69C-00AA00341D07}" },
        { &IID_IProvideClassInfo2, "{A6BC3AC0-DBAA-11CE-9DE3-00AA004BB851}" },
        { &IID_IPropertyNotifySink, "{9BFBBC02-EFF1-101A-84ED-00AA00341D07}" },
        { &IID_NULL, "{00000000-0000-0000-0000-000000000000}" },
    };

    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        char text[CONNPT_GUID_TEXT_SIZE];

        connpt_guid_format(published[i].iid, text);
        CHECK_STR(text, published[i].text);
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(format_writes_braces_and_upper_case),
        T(parse_reads_what_format_wrote),
        T(parse_takes_no_braces_and_either_case),
        T(parse_refuses_anything_else),
        T(parse_checks_its_pointers),
        T(equal_looks_at_every_byte),
        T(known_interfaces_have_names),
        T(identifiers_have_the_published_values),
        T_END,
    };

    return t_run(argc, argv, tests);
}
