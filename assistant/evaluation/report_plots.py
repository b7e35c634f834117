"""The plots of a report: recall, risk against coverage, reliability, latency."""

from __future__ import annotations

import math

import numpy as np

from assistant.evaluation.confidence_measures import Bin, reliability, risk_coverage
from assistant.evaluation.plots import Plot, percent_ticks, ticks
from assistant.evaluation.ranking_measures import recall_at
from assistant.evaluation.results import Results
from assistant.evaluation.rows import Row
from assistant.markup import Html, join, tag

N_LATENCY_BARS = 24

Drawing = tuple[str, str, Html]
"""Title, how to read it, and the SVG."""


def report_plots(results: Results) -> list[Drawing]:
    """Returns title, how to read it, and SVG of each plot that the results have data for."""
    drawn = [recall_plot(results), risk_plot(results), reliability_plot(results), latency_plot(results)]
    return [plot for plot in drawn if plot is not None]


def recall_plot(results: Results) -> Drawing | None:
    """Returns the share of needed sentences among the first k found."""
    rows = [row for row in results.rows if row.needs]
    if not rows:
        return None
    deepest = max(1, min(10, max(len(row.found) for row in rows)))
    points = [
        (float(k), float(np.mean([recall_at([frozenset(f) for f in row.found], len(row.needs), k) for row in rows])))
        for k in range(1, deepest + 1)
    ]
    plot = Plot("Recall at k", "sentences found (k)", "needed sentences", (0.5, deepest + 0.5), (0, 1))
    plot.line(points)
    for k, value in points:
        plot.dot((k, value), f"recall@{k:g}: {value:.1%}", radius=5 if k == results.k else 3.5)
    svg = plot.svg([(k, f"{k:g}") for k, _ in points], percent_ticks())
    at_k = next((value for k, value in points if k == results.k), points[-1][1])
    return "Retrieval", f"{at_k:.0%} of the needed sentences are among the first {results.k} found.", svg


def risk_plot(results: Results) -> Drawing | None:
    """Returns the share of wrong answers when only the surest are given."""
    given = [row for row in results.rows if not row.abstained]
    if not given or math.isnan(results.figures["confidence.risk_area"].value):
        return None
    confidences, right = _arrays(given)
    coverage, risk = risk_coverage(confidences, right, np.ones(len(given)), len(results.rows))
    top = max(0.1, math.ceil(float(risk.max()) * 10 + 1e-9) / 10)
    plot = Plot("Risk against coverage", "questions answered, the surest first", "wrong answers", (0, 1), (0, top))
    thinned = range(0, len(coverage), max(1, len(coverage) // 300))
    points = [(float(coverage[i]), float(risk[i])) for i in [*thinned, len(coverage) - 1]]
    plot.line(points)
    plot.dot(points[-1], f"all answers given: {points[-1][0]:.0%} of the questions, {points[-1][1]:.0%} wrong")
    svg = plot.svg(percent_ticks(), percent_ticks(top))
    return (
        "Risk and coverage",
        f"Of all answers given, {points[-1][1]:.0%} are wrong. Further left, only the surest are given.",
        svg,
    )


def reliability_plot(results: Results) -> Drawing | None:
    """Returns the share of right answers against the confidence, for answers and refusals."""
    if all(math.isnan(results.figures[name].value) for name in ("confidence.ece", "confidence.ece_refusals")):
        return None
    plot = Plot("Reliability", "confidence", "right", (0, 1), (0, 1))
    plot.line([(0, 0), (1, 1)], "guide")
    drawn = False
    for style, rows in (
        ("second", [r for r in results.rows if r.abstained]),
        ("dot", [r for r in results.rows if not r.abstained]),
    ):
        if not rows:
            continue
        drawn = True
        bins = reliability(*_arrays(rows), np.ones(len(rows)))
        heaviest = max(b.weight for b in bins)
        for b in bins:
            plot.dot(
                (b.confidence, b.right),
                _words(b, "answers" if style == "dot" else "refusals"),
                _radius(b, heaviest),
                style,
            )
    if not drawn:
        return None
    error = results.figures["confidence.ece"].value
    words = "" if math.isnan(error) else f" Answers are off by {error * 100:.1f} points on average."
    key = join([tag("span", class_="key dot"), " answers ", tag("span", class_="key second"), " refusals."])
    return (
        "Calibration",
        join([f"On the diagonal, confidence means what it says.{words}", key]),
        plot.svg(percent_ticks(), percent_ticks()),
    )


def latency_plot(results: Results) -> Drawing | None:
    """Returns how long answers took, up to the 99th percentile."""
    taken = np.array([row.seconds for row in results.rows]) * 1000
    if not len(taken) or taken.max() <= 0:
        return None
    high = max(float(np.percentile(taken, 99)), float(taken.min()) + 1e-3)
    counts, edges = np.histogram(taken[taken <= high], bins=N_LATENCY_BARS, range=(0, high))
    top = float(max(1, counts.max()))
    plot = Plot("Latency", "milliseconds", "questions", (0, high), (0, top * 1.35))
    for count, start, end in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            plot.bar(float(start), float(end), float(count), f"{start:.0f} to {end:.0f} ms: {count}")
    times = results.times
    plot.guide(min(high, times.p50_seconds * 1000), f"half: {_ms(times.p50_seconds)}")
    plot.guide(min(high, times.p95_seconds * 1000), f"95 %: {_ms(times.p95_seconds)}", row=1)
    svg = plot.svg([(v, f"{v:g}") for v in ticks(0, high)], [(v, f"{v:g}") for v in ticks(0, top) if v == int(v)])
    beside = "" if times.workers == 1 else f" {times.workers} questions at a time, so each took longer than alone."
    return "Latency", f"{times.questions_per_second:.1f} questions a second.{beside}", svg


def _arrays(rows: list[Row]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row.confidence for row in rows]), np.array([float(row.right) for row in rows])


def _words(b: Bin, what: str) -> str:
    return f"{b.weight:.0f} {what} at confidence {b.confidence:.2f}: {b.right:.0%} right"


def _radius(b: Bin, heaviest: float) -> float:
    return 3 + 6 * math.sqrt(b.weight / heaviest)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
