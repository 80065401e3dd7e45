/* SPDX-License-Identifier: MIT */
/* dump_text.c - values as text on standard output, the same on every system */
#include "dump.h"

#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

#include <connpt/guid.h>

void dump_init(void)
{
    static char buffer[1 << 16];

#ifdef _WIN32
    (void)_setmode(_fileno(stdout), _O_BINARY);
#endif
    (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

void dump_guid(const GUID *guid)
{
    char text[CONNPT_GUID_TEXT_SIZE];

    connpt_guid_format(guid, text);
    printf("%s", text);
}

static void dump_counted(const OLECHAR *text, UINT length)
{
    putchar('"');
    for (UINT i = 0; i < length; i++) {
        if (text[i] >= 0x20 && text[i] < 0x7f && text[i] != '"' && text[i] != '\\')
            putchar(text[i]);
        else
            printf("\\u%04X", text[i]);
    }
    putchar('"');
}

void dump_units(const OLECHAR *text)
{
    UINT length = 0;

    while (text != NULL && text[length] != 0)
        length++;
    if (text != NULL)
        dump_counted(text, length);
    else
        putchar('-');
}

void dump_bstr(BSTR bstr)
{
    if (bstr != NULL)
        dump_counted(bstr, connpt_SysStringLen(bstr));
    else
        putchar('-');
    connpt_SysFreeString(bstr);
}

void dump_variant(const VARIANT *variant)
{
    unsigned long long bits = 0;

    printf("<%d ", V_VT(variant));
    switch (V_VT(variant)) {
    case VT_EMPTY:
    case VT_NULL:
        break;
    case VT_BSTR:
        if (V_BSTR(variant) != NULL)
            dump_counted(V_BSTR(variant), connpt_SysStringLen(V_BSTR(variant)));
        else
            putchar('-');
        break;
    case VT_I1:
    case VT_UI1:
        printf("0x%X", V_UI1(variant));
        break;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        printf("0x%X", V_UI2(variant));
        break;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
        memcpy(&bits, &V_UI8(variant), sizeof bits);
        printf("0x%llX", bits);
        break;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        printf("%s", V_UNKNOWN(variant) != NULL ? "object" : "nothing");
        break;
    default:
        printf("0x%X", (unsigned)V_UI4(variant));
        break;
    }
    printf(">");
}
