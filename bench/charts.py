# SPDX-License-Identifier: MIT
"""charts - the results as pictures (SVG), in one style, for light and dark pages

Colours, the text's too, are in the middle between black and white, so that either page does.
"""
import math

import results

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 44, 52
FONT = "font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\""

COLOURS = {
    "connpt": "#e8590c",
    "raw loop": "#868e96",
    "ATL pattern": "#0c8599",
    "Wine pattern": "#c2255c",
    "C++/WinRT pattern": "#4c6ef5",
    "GObject": "#1c7ed6",
    "Qt 6": "#2f9e44",
    "Boost.Signals2": "#9c36b5",
    "libsigc++ 3": "#b08800",
    "wl_signal": "#74912e",
}

STYLE = """<style>
.text { fill: #748090 } .faint { fill: #7d8794 } .grid { stroke: #868e96; stroke-opacity: .25 }
</style>"""


def text(x, y, content, anchor="start", size=12, kind="text", colour=None, bold=False):
    fill = f'fill="{colour}"' if colour else f'class="{kind}"'
    weight = ' font-weight="bold"' if bold else ""
    content = content.replace("&", "&amp;").replace("<", "&lt;")
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'{fill}{weight}>{content}</text>')


def picture(title, subtitle, body):
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT}>')
    return "\n".join([head, f"<title>{title}</title>", "<!-- drawn by bench/report -->", STYLE,
                      text(LEFT, 18, title, size=15, bold=True),
                      text(LEFT, 34, subtitle, kind="faint")] + body + ["</svg>", ""])


def grouped(number):
    for size, letter in ((1000000, "M"), (1000, "k")):
        if number >= size and number % size == 0:
            return f"{number // size}{letter}"
    return f"{number:,}"


def multiple(value):
    return f"{value:g} ×"


def duration(ns):
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if ns >= size:
            return f"{ns / size:g} {unit}"
    return f"{ns:g} ns"


class LogScale:
    """From a range of values to a range of pixels. A 0 stands where 1/2 would."""

    def __init__(self, low, high, start, end):
        self.low, self.start = math.log10(low or 0.5), start
        self.unit = (end - start) / (math.log10(high) - self.low)

    def __call__(self, value):
        return self.start + (math.log10(value or 0.5) - self.low) * self.unit


def spread(labels, least):
    """Labels as (y, ...) moved apart until none is nearer to the next than `least`."""
    labels = sorted(labels)
    for _ in range(200):
        moved = False
        for i in range(len(labels) - 1):
            gap = labels[i + 1][0] - labels[i][0]
            if gap < least - 0.01:
                shift = (least - gap) / 2
                labels[i] = (labels[i][0] - shift,) + labels[i][1:]
                labels[i + 1] = (labels[i + 1][0] + shift,) + labels[i + 1][1:]
                moved = True
        if not moved:
            break
    return labels


def ticks(low, high, steps):
    """Round values from low to high: in each power of ten those in `steps`."""
    power = 10 ** math.floor(math.log10(low))
    while power <= high:
        yield from (step * power for step in steps if low <= step * power <= high * 1.001)
        power *= 10


def floor_to(value, steps):
    """The largest round value that is not above, and the smallest that is not below."""
    power = 10 ** math.floor(math.log10(value) + 1e-9)
    return (max(step * power for step in steps if step * power <= value * 1.0001),
            min([step * power for step in steps if step * power >= value * 0.9999] + [10 * power]))


def curves(title, subtitle, x_label, series, shown, steps=(1,)):
    """Lines over logarithmic axes; series: {peer: [(x, y)]}; steps: where grid lines are."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    low, high = floor_to(min(ys), steps)[0], floor_to(max(ys), steps)[1]
    x_of = LogScale(min(xs), max(xs), LEFT, WIDTH - RIGHT)
    y_of = LogScale(low, high, HEIGHT - BOTTOM, TOP + 8)
    body, labels = [], []

    for step in ticks(low, high, steps):
        y = y_of(step)
        body.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" '
                    f'y2="{y:.1f}"/>')
        body.append(text(LEFT - 8, y + 4, shown(step), "end", kind="faint"))
    labelled = -math.inf
    for x in sorted(set(xs)):
        if x_of(x) - labelled > 36:
            labelled = x_of(x)
            body.append(text(labelled, HEIGHT - BOTTOM + 18, grouped(x), "middle", kind="faint"))
    body.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label, "middle", kind="faint"))

    for peer, points in series.items():
        colour = COLOURS.get(peer, "#868e96")
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
        width = 3.5 if peer == results.INLINE else 1.6
        dash = ' stroke-dasharray="5 4"' if peer == results.RAW else ""
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                    f'stroke-width="{width}"{dash}/>')
        labels.append((y_of(points[-1][1]), peer, colour, points[-1][1]))
    for y, peer, colour, value in spread(labels, 15):
        body.append(text(WIDTH - RIGHT + 8, y + 4, f"{peer}, {shown(float(f'{value:.2g}'))}",
                         colour=colour, bold=peer == results.INLINE))
    return picture(title, subtitle, body)


def bars(title, subtitle, groups, series, shown):
    """Two bars for each peer: series: {peer: (first, second)}; groups: what the two are."""
    left = 150
    most = max(value for values in series.values() for value in values if value is not None)
    height = (HEIGHT - TOP - 30) / len(series)
    body = []
    for i, (peer, values) in enumerate(series.items()):
        top = TOP + 10 + i * height
        colour = COLOURS.get(peer, "#868e96")
        body.append(text(left - 8, top + height / 2 + 3, peer, "end", colour=colour,
                         bold=peer == results.INLINE))
        for k, value in enumerate(values):
            bar = (height - 8) / 2
            y = top + 2 + k * (bar + 1)
            if value is None:
                continue
            length = (WIDTH - left - 150) * value / most
            body.append(f'<rect x="{left}" y="{y:.1f}" width="{max(length, 1):.1f}" '
                        f'height="{bar:.1f}" rx="2" fill="{colour}" '
                        f'fill-opacity="{1 if k == 0 else .55}"/>')
            body.append(text(left + length + 6, y + bar / 2 + 4, f"{shown(value)}: {groups[k]}",
                             size=11, kind="faint"))
    return picture(title, subtitle, body)


def shown_peers(r):
    """connpt is drawn last, over the others."""
    peers = [peer for peer in r.peers if peer != results.INLINE and not peer.startswith("connpt,")]
    return peers + [results.INLINE]


def over_sizes(r, kind, least):
    series = {}
    for peer in shown_peers(r):
        points = [(n, r.get(f"{kind} {n}", peer)) for n in r.sizes(kind) if n >= least]
        points = [(n, value) for n, value in points if value is not None]
        if points:
            series[peer] = points
    return series


def against_raw(series):
    raw = dict(series[results.RAW])
    return {peer: [(x, y / raw[x]) for x, y in points if x in raw]
            for peer, points in series.items()}


def pairs_of(r, scenarios, factor=1):
    series = {}
    for peer in reversed(shown_peers(r)):
        values = [r.get(scenario, peer) for scenario in scenarios]
        if values != [None] * len(values):
            series[peer] = [None if value is None else value * factor for value in values]
    return series


def draw(r):
    """Every picture, by file name."""
    return {
        "fire.svg": curves("One event", "time of a fire, as a multiple of the raw loop's", "sinks",
                           against_raw(over_sizes(r, "fire", 0)), multiple, (1, 2, 5)),
        "advise.svg": curves("One connection more",
                             "time of connecting over the number of connections that are there",
                             "connections", over_sizes(r, "connect", 1), duration),
        "threads.svg": bars("Two threads fire one source",
                            "events a second, against one thread that fires alone",
                            ("1 sink", "64 sinks"),
                            pairs_of(r, ["two threads 1", "two threads 64"]),
                            lambda value: f"{value:.2f} ×"),
        "churn.svg": bars("One thread fires, another connects and disconnects",
                          "million events a second",
                          ("1 sink", "64 sinks"),
                          pairs_of(r, ["churn fires 1", "churn fires 64"], 1e-6),
                          lambda value: f"{value:.2g}"),
        "memory.svg": bars("Memory", "heap bytes for each of 100,000 connections",
                           ("fresh", "after random changes"),
                           pairs_of(r, ["bytes fresh", "bytes aged"]),
                           lambda value: f"{value:.3g}"),
    }
