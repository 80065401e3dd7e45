# SPDX-License-Identifier: MIT
"""results - the lines that `peers` and `instructions` print, and the limits they are held to"""

import statistics

RAW = "raw loop"
INLINE = "connpt"
ASKED = "connpt, has_sinks asked first"
CALLED = "connpt, begin and end called"

THREADS, ORDER, REMOVAL, STALE = 0x2, 0x4, 0x8, 0x10  # as in peers/peer.h
FULL = THREADS | ORDER | REMOVAL | STALE


def is_rate(scenario):
    """Of threads, for which more is better and the median of runs counts. Of times the least does:
    what else the machine does can only add to them."""
    return scenario.startswith(("two threads", "churn"))


class Results:
    """A figure for each scenario and peer. Fires, connecting and disconnecting are nanoseconds.

    What was measured in several runs has a value of each, and `runs` are the results of each run
    alone."""

    def __init__(self, lines):
        self.values = {}
        self.peers = []
        for line in lines:
            scenario, peer, values = line.rstrip("\n").rsplit(";", 2)
            self.values.setdefault((scenario, peer), []).extend(map(float, values.split()))
            if scenario == "promises" and peer not in self.peers:
                self.peers.append(peer)
        self.figures = {key: statistics.median(values) if is_rate(key[0]) else min(values)
                        for key, values in self.values.items()}
        n_runs = max(map(len, self.values.values()), default=1)
        self.runs = [self.run(number) for number in range(n_runs)] if n_runs > 1 else []

    def run(self, number):
        return Results([f"{scenario};{peer};{values[0 if scenario == 'promises' else number]}"
                        for (scenario, peer), values in self.values.items()
                        if number < len(values) or scenario == "promises"])

    def get(self, scenario, peer):
        return self.figures.get((scenario, peer))

    def lines(self):
        return [f"{scenario};{peer};{' '.join(f'{value:g}' for value in values)}"
                for (scenario, peer), values in self.values.items()]

    def ratio(self, scenario, peer, to_scenario=None, to_peer=RAW):
        """None when either was not measured."""
        value = self.get(scenario, peer)
        base = self.get(to_scenario or scenario, to_peer)
        return None if value is None or base is None else value / base

    def sizes(self, kind):
        """The numbers behind `kind` in the names of scenarios, ascending."""
        found = {int(scenario[len(kind) + 1:]) for scenario, _ in self.figures
                 if scenario.startswith(kind + " ") and scenario[len(kind) + 1:].isdigit()}
        return sorted(found)

    def promises(self, peer):
        return int(self.get("promises", peer) or 0)

    def others(self):
        return [peer for peer in self.peers if peer != RAW and not peer.startswith("connpt")]

    def each_further(self, peer):
        """Instructions of a sink beyond the first."""
        one, many = (self.get(f"instructions fire {n}", peer) for n in (1, 101))
        return None if one is None or many is None else (many - one) / 100

    def pair_us(self, peer, kind=""):
        """Microseconds of a connect and a disconnect while another thread fires."""
        rate = self.get(f"churn {kind}pairs 1", peer)
        return None if not rate else 1e6 / rate


class Line:
    """One line of the limits: what, the figure, and the most (or, `at_least`, the least).

    `by_run`: of the figures of several runs the median counts, because what is compared was only
    measured in turns within a run. `spread`: the least and the greatest of them."""

    def __init__(self, what, figure, limit, unit="", at_least=False, note="", by_run=False):
        self.what, self.figure, self.limit, self.unit = what, figure, limit, unit
        self.at_least, self.note, self.by_run = at_least, note, by_run
        self.spread = None

    def compare_runs(self, lines):
        figures = [line.figure for line in lines if line.figure is not None]
        if not figures:
            return
        if self.by_run:
            self.figure = statistics.median(figures)
        if min(figures) != max(figures):
            self.spread = min(figures), max(figures)

    def verdict(self):
        if self.figure is None:
            return "not measured"
        # What would be printed as the limit is not beyond it.
        figure = float(f"{self.figure:.3g}")
        passes = figure >= self.limit if self.at_least else figure <= self.limit
        return "pass" if passes else "short"


def most(values):
    values = [value for value in values if value is not None]
    return max(values) if values else None


def best_other(results, scenario):
    """The peer with the highest figure: name and figure."""
    rated = [(results.get(scenario, peer), peer) for peer in results.others()]
    rated = [(value, peer) for value, peer in rated if value is not None]
    return max(rated) if rated else (None, None)


def sinks(n):
    return "1 sink" if n == 1 else f"{n} sinks"


def fire_ways(r):
    """What a C or C++ program gets that is built with the installed headers, and what one gets that
    calls the functions of the shared library, as an FFI does."""
    for way, peer in (("compiled in", INLINE), ("begin and end called", CALLED)):
        for n, limit in ((0, 2.5), (1, 3.0), (8, 1.5)):
            yield Line(f"fire, {sinks(n)}, {way}", r.ratio(f"fire {n}", peer), limit, "× raw")
        yield Line(f"fire, 64 to 65,536 sinks, {way}",
                   most(r.ratio(f"fire {n}", peer) for n in r.sizes("fire") if n >= 64), 1.1,
                   "× raw")
        yield Line(f"instructions, fire with 1 sink, {way}", r.get("instructions fire 1", peer),
                   135)
        yield Line(f"instructions, each further sink, {way}", r.each_further(peer), 19)


def fire_limits(r):
    yield from fire_ways(r)
    yield Line("fire, 1 sink, fast path", r.ratio("fire 1", INLINE), 2.0, "× raw")
    yield Line("fire, 1,024 sinks, half removed and refilled",
               r.ratio("refilled 1024", INLINE, "fire 1024"), 2.0, "× raw")
    yield Line("fire, 10 left of 1,000,000", r.get("shrunk 1000000 10", INLINE), 2.0,
               "× a fresh list of 10")
    yield Line("fire, 8 left of 16,384", r.get("shrunk 16384 8", INLINE), 2.0,
               "× a fresh list of 8")


def change_limits(r):
    at_1k = "disconnect recent 1000"
    yield Line("Advise at 1,000,000", r.ratio("connect 1000000", INLINE, "connect 1000", INLINE),
               1.2, "× at 1,000")
    yield Line("Unadvise at 1,000,000, the most recent",
               r.ratio("disconnect recent 1000000", INLINE, at_1k, INLINE), 1.3, "× at 1,000")
    yield Line("Unadvise at 1,000,000, any",
               r.ratio("disconnect random 1000000", INLINE, at_1k, INLINE), 15, "× at 1,000")
    yield Line("instructions, Advise and Unadvise", r.get("instructions pair", INLINE), 450)


def memory_limits(r):
    point, ten = r.get("bytes point", INLINE), r.get("bytes ten connections", INLINE)
    yield Line("heap for each of 100,000 connections", r.get("bytes fresh", INLINE), 16, "bytes")
    yield Line("the same after random changes", r.get("bytes aged", INLINE), 48, "bytes")
    yield Line("a point, with room for ten connections",
               None if point is None or ten is None else point + ten, 344, "bytes")
    yield Line("a point that nobody ever connected to, of 1,000 in an object",
               r.get("bytes idle point", INLINE), 64, "bytes")
    yield Line("allocations of a fire", r.get("allocations of a fire", INLINE), 0)
    yield Line("allocations of Unadvise", r.get("allocations of Unadvise", INLINE), 0)


def rate_limits(r):
    for n in (1, 64):
        yield Line(f"two threads fire one source, {sinks(n)}", r.get(f"two threads {n}", INLINE),
                   1.7, "× one thread", at_least=True)
    for n in (1, 64):
        each = f"two threads each {n}"
        yield Line(f"two threads fire a source each, {sinks(n)}", r.ratio(each, INLINE), 0.95,
                   "× raw's gain", at_least=True)
    for n in (1, 64):
        scenario = f"churn fires {n}"
        _, best = best_other(r, scenario)
        yield Line(f"fires while another thread connects, {sinks(n)}",
                   r.ratio(scenario, INLINE, to_peer=best), 1.0, f"× the best peer ({best})",
                   at_least=True)
        yield Line(f"the same, {sinks(n)}", r.ratio(scenario, INLINE, to_peer="Qt 6"), 5.0, "× Qt",
                   at_least=True)
    qt = r.pair_us("Qt 6")
    for what, kind, limit, limit_qt in (("Unadvise", "", 1.0, 2.5),
                                        ("synchronous Unadvise", "sync ", 1.5, 3.7)):
        pair = r.pair_us(INLINE, kind)
        yield Line(f"Advise and {what} beside a firing thread", pair, limit, "µs")
        yield Line("the same", None if pair is None or qt is None else pair / qt, limit_qt, "× Qt")


def thread_limits(r):
    for line in rate_limits(r):
        line.by_run = True
        yield line


def other_limits(r):
    parts = [r.get("enumerate create", INLINE), r.get("enumerate next", INLINE)]
    copy = r.get("enumerate copy", RAW)
    yield Line("EnumConnections over 1,000,000 and Next(1024)",
               None if None in parts or copy is None else sum(parts) / copy, 4.0,
               "× copy and AddRef")
    yield Line("allocations of EnumConnections", r.get("allocations of EnumConnections", INLINE), 1)
    yield Line("event with 2 arguments, 64 sinks", r.ratio("event 64", INLINE), 1.3,
               "× raw Invoke calls")


def beyond(r):
    aged = r.get("aged 16384", INLINE)
    yield Line("fire, no sinks, compiled in", r.ratio("fire 0", INLINE), 1.0, "× raw")
    yield Line("the same, by an owner that asks connpt_point_has_sinks first",
               r.ratio("fire 0", ASKED), 1.0, "× raw")
    yield Line("fire, 1 sink, compiled in", r.ratio("fire 1", INLINE), 1.5, "× raw")
    yield Line("32,768 cold sources with one sink", r.ratio("cold", INLINE), 1.2, "× raw")
    yield Line("the same, in an order of chance", r.ratio("cold any", INLINE), 1.2, "× raw")
    yield Line("fire, 16,384 sinks after random changes", None if aged is None else aged / 16384,
               2.2, "ns a sink")


# Cells in which less is better, and those in which more is.
LESS = (["fire 0", "fire 1", "fire 8", "fire 64", "fire 1024", "fire 65536", "aged 64", "aged 1024",
         "aged 16384", "refilled 1024", "cold", "cold any", "pair", "bytes fresh", "bytes aged",
         "bytes source", "bytes source with 10",
         "instructions fire 0", "instructions fire 1", "instructions pair"]
        + [f"{kind} {n}" for n in (1, 1000, 1000000) for kind in ("connect", "disconnect recent")]
        + ["disconnect random 1000", "disconnect random 1000000"])
MORE = (["two threads 1", "two threads 64", "two threads each 1", "two threads each 64"]
        + [f"churn {kind} {n}" for n in (1, 64) for kind in ("fires", "pairs")])


def cells_lost(r):
    """Cells where a peer that promises as much as connpt is faster by more than a tie."""
    lost = []
    for scenario in LESS + MORE:
        for peer in r.others():
            ratio = r.ratio(scenario, INLINE, to_peer=peer)
            if ratio is None or r.promises(peer) & FULL != FULL:
                continue
            if (ratio if scenario in LESS else 1 / ratio) > 1.05:
                lost.append(f"{scenario}: {peer} {r.get(scenario, peer):.3g}, "
                            f"connpt {r.get(scenario, INLINE):.3g}")
    return lost


def limits_of(r):
    lost = cells_lost(r)
    return [
        ("Limits", [*fire_limits(r), *change_limits(r), *memory_limits(r), *thread_limits(r),
                    *other_limits(r)]),
        ("Beyond that", [*beyond(r)]),
        ("Against peers that promise the same", [
            Line("cells in which one of them is ahead by more than 5 %", len(lost), 0,
                 note="; ".join(lost))]),
    ]


def limits(r):
    """Every line of the limits, by heading."""
    found = limits_of(r)
    runs = [limits_of(run) for run in r.runs]
    for i, (_, lines) in enumerate(found[:-1]):  # the last one counts cells: a run has not all
        for k, line in enumerate(lines):
            line.compare_runs([run[i][1][k] for run in runs])
    return found
