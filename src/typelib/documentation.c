/* SPDX-License-Identifier: MIT */
/* typelib/documentation.c - name, help text, help context and help file of anything */
#include "typelib/library.h"

#include <connpt/automation.h>

#include "typelib/text.h"

void connpt__documentation_clear(BSTR *name, BSTR *docstring, DWORD *help_context, BSTR *help_file)
{
    if (name != NULL)
        *name = NULL;
    if (docstring != NULL)
        *docstring = NULL;
    if (help_context != NULL)
        *help_context = 0;
    if (help_file != NULL)
        *help_file = NULL;
}

/* Nothing to do when the caller does not want it. */
static HRESULT give_text(HRESULT read, struct bytes text, BSTR *out)
{
    if (SUCCEEDED(read) && out != NULL)
        read = connpt__text_bstr(text, out);
    return read;
}

HRESULT connpt__documentation(const struct msft *msft, const struct documentation *of, BSTR *name,
                              BSTR *docstring, DWORD *help_context, BSTR *help_file)
{
    struct bytes text = { NULL, 0 };
    HRESULT hr;

    connpt__documentation_clear(name, docstring, help_context, help_file);
    hr = connpt__msft_name(msft, of->name, &text);
    hr = give_text(hr, text, name);
    if (FAILED(hr))
        return hr;
    hr = connpt__msft_string(msft, of->docstring, &text);
    hr = give_text(hr, text, docstring);
    if (FAILED(hr))
        goto free_name;
    hr = connpt__msft_string(msft, msft->help_file, &text);
    hr = give_text(hr, text, help_file);
    if (FAILED(hr))
        goto free_docstring;
    if (help_context != NULL)
        *help_context = of->help_context;
    return S_OK;

free_docstring:
    if (docstring != NULL)
        connpt_SysFreeString(*docstring);
free_name:
    if (name != NULL)
        connpt_SysFreeString(*name);
    connpt__documentation_clear(name, docstring, help_context, help_file);
    return hr;
}
