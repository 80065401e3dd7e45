/* SPDX-License-Identifier: MIT */
/* base/guid.c - GUIDs as text, and the names of the interfaces that the library knows */
#include <connpt/guid.h>

#include <string.h>

/* The hexadecimal digits of the text form, each pair a byte of the GUID in this order: Data1 to
 * Data3 are written as numbers, Data4 as bytes. */
enum { GUID_BYTES = 16 };

/* A hyphen comes before these bytes. */
static int hyphen_before(int byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static void bytes_from_guid(const GUID *guid, unsigned char *bytes)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)((uint32_t)guid->Data1 >> (24 - 8 * i));
    bytes[4] = (unsigned char)(guid->Data2 >> 8);
    bytes[5] = (unsigned char)(guid->Data2 & 0xFF);
    bytes[6] = (unsigned char)(guid->Data3 >> 8);
    bytes[7] = (unsigned char)(guid->Data3 & 0xFF);
    memcpy(bytes + 8, guid->Data4, sizeof guid->Data4);
}

static void guid_from_bytes(const unsigned char *bytes, GUID *guid)
{
    guid->Data1 = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                  (uint32_t)bytes[3];
    guid->Data2 = (uint16_t)(bytes[4] << 8 | bytes[5]);
    guid->Data3 = (uint16_t)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->Data4, bytes + 8, sizeof guid->Data4);
}

/* Without the locale: isxdigit and strtoul would ask it. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

int connpt_guid_equal(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void connpt_guid_format(const GUID *guid, char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char bytes[GUID_BYTES];

    bytes_from_guid(guid, bytes);
    *text++ = '{';
    for (int i = 0; i < GUID_BYTES; i++) {
        if (hyphen_before(i))
            *text++ = '-';
        *text++ = digits[bytes[i] >> 4];
        *text++ = digits[bytes[i] & 0xF];
    }
    *text++ = '}';
    *text = '\0';
}

HRESULT connpt_guid_parse(const char *text, GUID *ret_guid)
{
    unsigned char bytes[GUID_BYTES];
    int braced;

    if (text == NULL || ret_guid == NULL)
        return E_POINTER;
    braced = *text == '{';
    text += braced;
    for (int i = 0; i < GUID_BYTES; i++) {
        int high, low;

        if (hyphen_before(i) && *text++ != '-')
            return CO_E_CLASSSTRING;
        high = hex_value(text[0]);
        low = high >= 0 ? hex_value(text[1]) : -1;
        if (low < 0)
            return CO_E_CLASSSTRING;
        bytes[i] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    if (braced && *text++ != '}')
        return CO_E_CLASSSTRING;
    if (*text != '\0')
        return CO_E_CLASSSTRING;
    guid_from_bytes(bytes, ret_guid);
    return S_OK;
}

#define NAMED(interface)                                                                           \
    {                                                                                              \
        &IID_##interface, #interface                                                               \
    }

const char *connpt_iid_name(const IID *iid)
{
    static const struct {
        const IID *iid;
        const char *name;
    } interfaces[] = {
        NAMED(IUnknown),           NAMED(IClassFactory),
        NAMED(IDispatch),          NAMED(ITypeInfo),
        NAMED(ITypeLib),           NAMED(IProvideClassInfo),
        NAMED(IProvideClassInfo2), NAMED(IConnectionPointContainer),
        NAMED(IConnectionPoint),   NAMED(IEnumConnectionPoints),
        NAMED(IEnumConnections),   NAMED(IPropertyNotifySink),
    };

    if (iid == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof interfaces / sizeof interfaces[0]; i++) {
        if (connpt_guid_equal(interfaces[i].iid, iid))
            return interfaces[i].name;
    }
    return NULL;
}
