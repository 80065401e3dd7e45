/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/adopt.h - which types another COM header of this translation unit already gave us
 *
 * DirectX-Headers and vkd3d define GUID, HRESULT and their kin without guards, so whoever comes
 * second has to adapt: that is us. Their headers go first; the other order stops here or there
 * with an #error.
 */
#ifndef CONNPT_ABI_ADOPT_H
#define CONNPT_ABI_ADOPT_H

#endif
