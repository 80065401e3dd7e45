/* SPDX-License-Identifier: MIT */
/* cli/known.c - outgoing interfaces that nothing but a header describes */
#include "known.h"

#include <connpt/guid.h>

/* {DCB000xx-570F-4A9B-8D69-199FDBA5723B}: netlistmgr.h */
#define NETWORK(number, name)                                                                      \
    {                                                                                              \
        { 0xDCB00000 + (number),                                                                   \
          0x570F,                                                                                  \
          0x4A9B,                                                                                  \
          { 0x8D, 0x69, 0x19, 0x9F, 0xDB, 0xA5, 0x72, 0x3B } },                                    \
            name, TKIND_INTERFACE                                                                  \
    }

const struct known_interface known_interfaces[] = {
    NETWORK(0x1, "INetworkListManagerEvents"),
    NETWORK(0x4, "INetworkEvents"),
    NETWORK(0x7, "INetworkConnectionEvents"),
    NETWORK(0x9, "INetworkCostManagerEvents"),
    /* oledb.h */
    { { 0x0997A571, 0x126E, 0x11D0, { 0x9F, 0x8A, 0x00, 0xA0, 0xC9, 0xA0, 0x63, 0x1E } },
      "IRowPositionChange",
      TKIND_INTERFACE },
    /* sapi.h */
    { { 0xA372ACD1, 0x3BEF, 0x4BBD, { 0x8F, 0xFB, 0xCB, 0x3E, 0x2B, 0x41, 0x6A, 0xF8 } },
      "_ISpeechVoiceEvents",
      TKIND_DISPATCH },
    { { 0, 0, 0, { 0 } }, NULL, TKIND_MAX },
};

const struct known_interface *known_find(const IID *iid)
{
    for (const struct known_interface *known = known_interfaces; known->name != NULL; known++) {
        if (connpt_guid_equal(&known->iid, iid))
            return known;
    }
    return NULL;
}
