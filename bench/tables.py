# SPDX-License-Identifier: MIT
"""tables - one row for each peer, one line for each limit; as text and as Markdown"""
import results

LETTERS = [(results.THREADS, "T"), (results.ORDER, "O"), (results.REMOVAL, "R"),
           (results.STALE, "S")]


def short(value, digits=3):
    """A figure as it is read: three digits, no exponent."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{round(float(f'{value:.{digits}g}')):,}"
    return f"{float(f'{value:.{digits}g}'):g}"


def promises(r, peer):
    bits = r.promises(peer)
    letters = "".join(letter for bit, letter in LETTERS if bits & bit)
    return letters + ("W" if peer.startswith("connpt") else "") or "–"


def times_raw(scenario):
    return lambda r, peer: short(r.ratio(scenario, peer))


def plain(scenario, divisor=1):
    def cell(r, peer):
        value = r.get(scenario, peer)
        return short(None if value is None else value / divisor)
    return cell


def two(scenario, other, between=" / ", divisor=1):
    def cell(r, peer):
        values = [r.get(name, peer) for name in (scenario, other)]
        if values == [None, None]:
            return "–"
        return between.join(short(None if v is None else v / divisor) for v in values)
    return cell


def further(r, peer):
    return short(r.each_further(peer))


# What a column is called, and its cell.
COLUMNS = [
    ("promises", promises),
    ("N=0", times_raw("fire 0")),
    ("1", times_raw("fire 1")),
    ("8", times_raw("fire 8")),
    ("64", times_raw("fire 64")),
    ("1024", times_raw("fire 1024")),
    ("65536", times_raw("fire 65536")),
    ("aged 1024", plain("aged 1024", 1024)),
    ("aged 16k", plain("aged 16384", 16384)),
    ("16k→8 / 1M→10", two("shrunk 16384 8", "shrunk 1000000 10")),
    ("cold / any order", lambda r, peer: "–" if r.ratio("cold", peer) is None else
        f"{short(r.ratio('cold', peer))} / {short(r.ratio('cold any', peer))}"),
    ("Advise 1k → 1M", two("connect 1000", "connect 1000000", " → ")),
    ("Unadvise 1k / 1M / 1M any", lambda r, peer: " / ".join(
        short(r.get(f"disconnect {which}", peer))
        for which in ("recent 1000", "recent 1000000", "random 1000000"))),
    ("bytes (aged)", lambda r, peer: "–" if r.get("bytes fresh", peer) is None else
        f"{short(r.get('bytes fresh', peer))} ({short(r.get('bytes aged', peer))})"),
    ("source (with 10)", lambda r, peer: "–" if r.get("bytes source", peer) is None else
        f"{short(r.get('bytes source', peer))} ({short(r.get('bytes source with 10', peer))})"),
    ("2 thr 1 / 64", two("two threads 1", "two threads 64")),
    ("each 1 / 64", two("two threads each 1", "two threads each 64")),
    ("churn fires 1 / 64", two("churn fires 1", "churn fires 64", divisor=1e6)),
    ("churn pairs 1 / 64", two("churn pairs 1", "churn pairs 64", divisor=1e6)),
    ("instr 0 / 1", two("instructions fire 0", "instructions fire 1")),
    ("/sink", further),
    ("/pair", plain("instructions pair")),
]


def rows(r):
    yield [""] + [name for name, _ in COLUMNS]
    for peer in r.peers:
        yield [peer] + [cell(r, peer) for _, cell in COLUMNS]
    if r.get("churn sync fires 1", results.INLINE) is not None:
        yield ["connpt, synchronous Unadvise"] + [
            two(f"churn sync {name.split()[1]} 1", f"churn sync {name.split()[1]} 64",
                divisor=1e6)(r, results.INLINE) if name.startswith("churn") else "" for name, _ in
            COLUMNS]


def peers_text(r):
    table = list(rows(r))
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
                     for row in table) + "\n"


def peers_markdown(r):
    table = list(rows(r))
    lines = ["| " + " | ".join(row) + " |" for row in table]
    lines.insert(1, "|---|---|" + "--:|" * (len(COLUMNS) - 1))
    return "\n".join(lines) + "\n"


def limit_of(line):
    return f"{'≥' if line.at_least else '≤'} {short(line.limit)}"


def spread_of(line):
    return "" if line.spread is None else " – ".join(map(short, line.spread))


def limits_text(r):
    text, n_short = [], 0
    for heading, lines in results.limits(r):
        text.append(f"{heading}:")
        for line in lines:
            verdict = line.verdict()
            n_short += verdict == "short"
            text.append(f"  {line.what:58} {short(line.figure):>8}   {limit_of(line):>7} "
                        f"{line.unit:34} {verdict:12} {spread_of(line)}".rstrip())
            text += [f"      {note}" for note in line.note.split("; ") if note]
        text.append("")
    text.append(f"{n_short} lines are short" if n_short else "no line is short")
    return "\n".join(text), n_short


def limits_markdown(r):
    text = []
    for heading, lines in results.limits(r):
        text += [f"| {heading} | measured | in single runs | limit | | |",
                 "|---|--:|--:|--:|---|---|"]
        for line in lines:
            verdict = line.verdict()
            verdict = f"**{verdict}**" if verdict != "pass" else verdict
            text.append(f"| {line.what} | {short(line.figure)} | {spread_of(line)} | "
                        f"{limit_of(line)} | {line.unit} | "
                        f"{verdict} |")
        text += [""] + [f"- {note}" for line in lines for note in line.note.split("; ") if note]
        if text[-1]:
            text.append("")
    return "\n".join(text)
