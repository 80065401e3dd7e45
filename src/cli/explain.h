/* SPDX-License-Identifier: MIT */
/* cli/explain.h - `connpt check --explain`: the page of a rule */
#ifndef CONNPT_CLI_EXPLAIN_H
#define CONNPT_CLI_EXPLAIN_H

/* Prints it. Returns: CLI_OK; CLI_USAGE: there is no such rule; CLI_FAILURE: the pages are not
 * installed, or cannot be read, or stdout not be written to. The last three are told. */
int explain_rule(const char *id);

#endif
