/* SPDX-License-Identifier: MIT */
/* tests/base/hresult_test.c - every code of connpt/abi/hresult.h has a name and a meaning */
#include "base/hresult.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/guid.h>

#include "t.h"

/* HRESULT_HEADER is the header's path: what it defines is read from its text. */
static void every_code_of_the_header_has_its_name(void)
{
    FILE *header = fopen(HRESULT_HEADER, "r");
    char line[256];
    int n_codes = 0;

    if (!CHECK(header != NULL))
        return;
    while (fgets(line, sizeof line, header) != NULL) {
        char name[64], code[32];

        if (sscanf(line, "#define %63[A-Z_0-9] CONNPT_HRESULT(%31[0-9a-fA-Fx])", name, code) != 2)
            continue;
        CHECK_STR(connpt_hresult_name((HRESULT)strtoul(code, NULL, 0)), name);
        n_codes++;
    }
    fclose(header);
    CHECK(n_codes >= 55);
}

static void every_named_code_has_a_meaning_of_one_sentence(void)
{
    /* FACILITY_NULL to FACILITY_WIN32: all that the table may name. */
    for (uint32_t facility = 0; facility <= 7; facility++) {
        for (uint32_t code = 0; code <= 0xFFFF; code++) {
            HRESULT hr = (HRESULT)(0x80000000u | facility << 16 | code);
            const char *meaning = connpt_hresult_meaning(hr);

            CHECK((meaning == NULL) == (connpt_hresult_name(hr) == NULL));
            if (meaning != NULL)
                CHECK(strlen(meaning) > 10 && meaning[strlen(meaning) - 1] == '.');
        }
    }
    CHECK(connpt_hresult_meaning(S_OK) != NULL);
    CHECK(connpt_hresult_meaning(S_FALSE) != NULL);
}

static void codes_of_connection_points_are_told_apart_from_event_subscribers(void)
{
    CHECK_STR(connpt_hresult_name((HRESULT)0x80040201), "CONNECT_E_ADVISELIMIT");
    CHECK(strstr(connpt_hresult_meaning((HRESULT)0x80040201), "connections") != NULL);
}

static void unknown_codes_have_neither(void)
{
    CHECK_PTR(connpt_hresult_name((HRESULT)0x8004FFFF), NULL);
    CHECK_PTR(connpt_hresult_meaning((HRESULT)0x8004FFFF), NULL);
    CHECK_PTR(connpt_hresult_name(2), NULL);
}

static void system_errors_become_the_code_that_says_the_same(void)
{
    CHECK_HR(connpt__hresult_from_errno(ENOMEM), E_OUTOFMEMORY);
    CHECK_HR(connpt__hresult_from_errno(EINVAL), E_INVALIDARG);
    CHECK_HR(connpt__hresult_from_errno(EACCES), E_ACCESSDENIED);
    CHECK_HR(connpt__hresult_from_errno(EPERM), E_ACCESSDENIED);
    CHECK_HR(connpt__hresult_from_errno(EBADF), E_HANDLE);
    CHECK_HR(connpt__hresult_from_errno(EFAULT), E_POINTER);
    CHECK_HR(connpt__hresult_from_errno(ENOENT), STG_E_FILENOTFOUND);
    CHECK_HR(connpt__hresult_from_errno(ENOSYS), E_NOTIMPL);
    CHECK_HR(connpt__hresult_from_errno(ECANCELED), E_ABORT);
    CHECK_HR(connpt__hresult_from_errno(ECONNREFUSED), CONNPT_E_SERVER_UNAVAILABLE);
    CHECK_HR(connpt__hresult_from_errno(EPIPE), RPC_E_DISCONNECTED);
}

static void an_error_that_nobody_set_is_still_a_failure(void)
{
    CHECK_HR(connpt__hresult_from_errno(0), E_FAIL);
    CHECK_HR(connpt__hresult_from_errno(-1), E_FAIL);
    CHECK_HR(connpt__hresult_from_errno(99999), E_FAIL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(every_code_of_the_header_has_its_name),
        T(every_named_code_has_a_meaning_of_one_sentence),
        T(codes_of_connection_points_are_told_apart_from_event_subscribers),
        T(unknown_codes_have_neither),
        T(system_errors_become_the_code_that_says_the_same),
        T(an_error_that_nobody_set_is_still_a_failure),
        T_END,
    };

    return t_run(argc, argv, tests);
}
