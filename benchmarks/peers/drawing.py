"""Plots of what was measured, on one page that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.evaluation.plots import Plot, percent_ticks
from assistant.markup import Html, join, tag
from benchmarks.peers.measuring import Contender, Measured

COLOURS = ("#0072b2", "#56b4e9", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#7f7f7f")
"""Told apart also by those who see no red or green (Okabe and Ito)."""
STYLE = """
:root { color-scheme: light dark; } body { font: 15px system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { display: inline-block; width: 27rem; max-width: 100%; margin: 0 1rem 1.5rem 0; vertical-align: top; }
svg { width: 100%; } h2 { font-size: 1rem; margin: 0 0 .3rem; } p { margin: .2rem 0 1rem; }
.grid { stroke: #8884; } .base { stroke: #888; } .tick, .axis { fill: #888; font-size: 11.5px; } svg path { fill: none; stroke-width: 2; }
i { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin: 0 .3em 0 1em; }
"""

Series = Mapping[str, Sequence[tuple[float, float]]]
"""The points of each contender, by its name."""


def page(
    contenders: Sequence[Contender],
    measured: Mapping[str, Measured],
    sizes: Sequence[int],
    clients: Sequence[int],
    heading: str,
) -> Html:
    """Returns the page: growth over sizes and clients, and quality beside time, as far as they were measured."""
    plots = [
        curves("Median of a question", "sentences", "ms", contenders, _over(measured, "size", sizes, "p50")),
        curves("Memory", "sentences", "MB", contenders, _over(measured, "size", sizes, "memory")),
        curves(
            "Questions a second", "clients at once", "a second", contenders, _over(measured, "clients", clients, "rate")
        ),
        curves("95th percentile", "clients at once", "ms", contenders, _over(measured, "clients", clients, "p95")),
        quality(contenders, measured),
    ]
    classes = "\n".join(f".c{n} {{ fill: {c}; stroke: {c}; }}" for n, c in enumerate(COLOURS))
    key = join(
        join((tag("i", style=f"background:{COLOURS[n % len(COLOURS)]}"), c.title)) for n, c in enumerate(contenders)
    )
    head = tag("head", tag("meta", charset="utf-8"), tag("title", "Peers"), tag("style", Html(STYLE + classes)))
    body = tag("body", tag("h1", "Beside others"), tag("p", heading), tag("p", key), *(p for p in plots if p))
    return Html(f"<!doctype html>{tag('html', head, body, lang='en')}")


def _over(measured: Mapping[str, Measured], step: str, counts: Sequence[int], key: str) -> Series:
    return {
        name: [(float(n), own.figures[f"{step}.{n}.{key}"]) for n in counts if f"{step}.{n}.{key}" in own.figures]
        for name, own in measured.items()
    }


def curves(title: str, x_label: str, unit: str, contenders: Sequence[Contender], series: Series) -> Html | None:
    """Returns a line for each contender, both axes in powers of ten; None where there is nothing to draw."""
    points = [point for own in series.values() for point in own]
    if not points:
        return None
    ranges = [_powers([point[axis] for point in points]) for axis in (0, 1)]
    (x_low, x_high), (y_low, y_high) = ranges
    plot = Plot(title, x_label, unit, (x_low, x_high), (y_low, y_high))
    for number, contender in enumerate(contenders):
        own = [(math.log10(x), math.log10(max(y, 1e-9))) for x, y in series[contender.name]]
        style = f"c{number % len(COLOURS)}"
        plot.line(own, style)
        for (x, y), place in zip(series[contender.name], own, strict=True):
            plot.dot(place, f"{contender.title}, {x:,.0f} {x_label}: {y:,.4g} {unit}", 3.5, style)
    return tag("section", tag("h2", title), plot.svg(_power_ticks(x_low, x_high), _power_ticks(y_low, y_high)))


def quality(contenders: Sequence[Contender], measured: Mapping[str, Measured]) -> Html | None:
    """Returns recall beside the time that it takes; None where it was not measured."""
    points = {
        name: (math.log10(own.figures["quality.p50"]), own.figures["quality.recall"])
        for name, own in measured.items()
        if "quality.recall" in own.figures
    }
    if not points:
        return None
    low, high = _powers([10**x for x, _ in points.values()])
    plot = Plot("Quality beside time", "median of a question, ms", "recall@5", (low, high), (0, 1))
    for number, contender in enumerate(contenders):
        if contender.name in points:
            x, y = points[contender.name]
            plot.dot((x, y), f"{contender.title}: {y:.3f} in {10**x:.1f} ms", 5, f"c{number % len(COLOURS)}")
    return tag("section", tag("h2", "Quality beside time"), plot.svg(_power_ticks(low, high), percent_ticks()))


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """Returns the powers of ten around the values."""
    low, high = math.floor(math.log10(max(min(values), 1e-9))), math.ceil(math.log10(max(*values, 1e-9)))
    return low, max(high, low + 1)


def _power_ticks(low: int, high: int) -> list[tuple[float, str]]:
    return [(float(power), f"{10.0**power:,.10g}") for power in range(low, high + 1)]
