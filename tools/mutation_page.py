# SPDX-License-Identifier: MIT
"""mutation_page - the tables of a mutation run, and docs/mutation.md

The page's survivors have an explanation each, written by people. It is found again by file,
function and change, so that the lines may move.
"""
import os
import re

import tree

PAGE = "docs/mutation.md"
TABLES = "<!-- the tables: written by tools/mutate -->"
SURVIVORS = "<!-- the survivors: written by tools/mutate, but for the last column -->"
END = "<!-- end -->"
STATES = ["killed", "survived", "same code", "does not compile"]


def one_line(text):
    return " ".join(text.split()) or "(nothing)"


def change(result):
    text, other = (one_line(result[key]).replace("mutant_", "") for key in ("text", "replacement"))
    shown = f"`{text}` → `{other}`" if other != "(nothing)" else f"`{text}` gone"
    if result["operator"] == "drop":
        shown = f"`{text}` gone"
    return shown.replace("|", "\\|")


def table(results, key, title):
    rows = {}
    for result in results:
        rows.setdefault(result[key], []).append(result)
    text = f"| {title} | mutants | killed | survived | same code | score |\n"
    text += "|---|---:|---:|---:|---:|---:|\n"
    for name in sorted(rows):
        text += row(f"`{name.removeprefix('src/core/')}`" if key == "file" else name, rows[name])
    return text + row("**all**", results)


def row(name, results):
    counts = {state: sum(r["status"] == state for r in results) for state in STATES}
    judged = counts["killed"] + counts["survived"]
    score = f"{100 * counts['killed'] / judged:.1f} %" if judged else "-"
    n_mutants = len(results) - counts["does not compile"]
    return (f"| {name} | {n_mutants} | {counts['killed']} | {counts['survived']} "
            f"| {counts['same code']} | {score} |\n")


def killers(results):
    stages = {}
    for result in results:
        if result["status"] == "killed":
            stages.setdefault(result["stage"], []).append(result)
    text = "| stage | killed | by a time limit | by a crash |\n|---|---:|---:|---:|\n"
    for stage, killed in stages.items():
        n = {how: sum(r["how"] == how for r in killed) for how in ("timeout", "crashed")}
        text += f"| {stage} | {len(killed)} | {n['timeout']} | {n['crashed']} |\n"
    return text


def tables(results, n_mutants):
    return (f"{len(results)} of {n_mutants} mutants were run.\n\n"
            + table(results, "file", "file") + "\n" + table(results, "operator", "change") + "\n"
            + killers(results))


def cell_key(path, function, what):
    return f"{path} {function} {what}"


def explanations(page):
    """By file, function and change; several of the same in their order."""
    found = {}
    path = ""
    for line in part(page, SURVIVORS).splitlines():
        if line.startswith("### "):
            path = line.strip("# `")
        cells = re.split(r" (?<!\\)\| ", line.strip().removeprefix("| ").removesuffix(" |"))
        if line.startswith("| ") and len(cells) == 4 and cells[0].isdigit():
            found.setdefault(cell_key(path, cells[1].strip("`"), cells[2]), []).append(cells[3])
    return found


def survivors(results, known):
    text, path, missing = "", "", 0
    order = sorted((r for r in results if r["status"] == "survived"),
                   key=lambda r: (r["file"], r["offset"], r["replacement"]))
    for result in order:
        if result["file"] != path:
            path = result["file"]
            text += f"\n### `{path}`\n\n| line | in | change | why it survives |\n"
            text += "|---:|---|---|---|\n"
        reasons = known.get(cell_key(path, result["function"], change(result)), [])
        reason = reasons.pop(0) if reasons else "?"
        missing += reason == "?"
        text += (f"| {result['line']} | `{result['function']}` | {change(result)} "
                 f"| {reason} |\n")
    return text, missing


def part(page, start):
    if start not in page:
        return ""
    return page.split(start, 1)[1].split(END, 1)[0]


def with_part(page, start, text):
    before, rest = page.split(start, 1)
    return f"{before}{start}\n{text.rstrip()}\n\n{END}{rest.split(END, 1)[1]}"


def report(results, n_mutants, write):
    full = os.path.join(tree.TOP, PAGE)
    page = tree.text(PAGE) if os.path.exists(full) else ""
    rows, missing = survivors(results, explanations(page))
    print(tables(results, n_mutants))
    if not write:
        print(rows)
        return
    page = with_part(page, TABLES, tables(results, n_mutants))
    page = with_part(page, SURVIVORS, rows)
    with open(full, "w", encoding="utf-8") as file:
        file.write(page)
    print(f"written to {PAGE}; {missing} survivors without a reason")
