/* SPDX-License-Identifier: MIT */
/*
 * connpt/connpt.h - COM connection points for C
 *
 * Make a connectable object: <connpt/object.h>. Fire its events: <connpt/fire.h>,
 * <connpt/automation.h>. Connect to one: <connpt/client.h>. Load one: <connpt/module.h>.
 * Learn what its events are called: <connpt/typelib.h>.
 */
#ifndef CONNPT_CONNPT_H
#define CONNPT_CONNPT_H

#include <connpt/automation.h>
#include <connpt/client.h>
#include <connpt/com.h>
#include <connpt/fire.h>
#include <connpt/guid.h>
#include <connpt/memory.h>
#include <connpt/module.h>
#include <connpt/object.h>
#include <connpt/point.h>
#include <connpt/server.h>
#include <connpt/typelib.h>

#endif
