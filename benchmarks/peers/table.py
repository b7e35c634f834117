"""What was measured, as one table: a line for each measure, a column for each contender, ratios to ours in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.measuring import Contender, Measured

OURS = "ours"
MEASURES = (
    ("start.opened", "process begin to library open", "s", False),
    ("start.answered", "process begin to first answer", "s", False),
    ("add.rate", "sentences added a second", "/s", True),
    ("add.memory", "most memory, adding", "MB", False),
    ("search.p50", "one question, median", "ms", False),
    ("search.p95", "one question, 95th percentile", "ms", False),
    ("search.memory", "most memory, searching", "MB", False),
)
OF_CLIENTS = (
    ("p50", "median", "ms", False),
    ("p95", "95th percentile", "ms", False),
    ("rate", "questions a second", "/s", True),
)
OF_SIZE = (
    ("rate", "ready-made vectors added a second", "/s", True),
    ("p50", "median", "ms", False),
    ("p95", "95th percentile", "ms", False),
    ("memory", "memory", "MB", False),
)
OF_QUALITY = (
    ("quality.recall", "recall@5 of supporting sentences", "", True),
    ("quality.p50", "a question of these, median", "ms", False),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A line of the table: its key, what it says, its unit, and whether more is better."""

    key: str
    label: str
    unit: str
    more_is_better: bool

    @property
    def step(self) -> str:
        """The key of the step that gives it, under which a failure is kept."""
        parts = self.key.split(".")
        return ".".join(parts[:2]) if parts[0] in ("clients", "size") else parts[0]


def measures(sizes: Sequence[int], clients: Sequence[int], quality: bool) -> list[Measure]:
    """Returns the lines, in order."""
    lines = [Measure(*line) for line in MEASURES]
    for n in clients:
        lines += [
            Measure(f"clients.{n}.{key}", f"{n} at once, {label}", unit, is_more)
            for key, label, unit, is_more in OF_CLIENTS
        ]
    for n in sizes:
        lines += [
            Measure(f"size.{n}.{key}", f"{n:,} sentences, {label}", unit, is_more)
            for key, label, unit, is_more in OF_SIZE
        ]
    return lines + ([Measure(*line) for line in OF_QUALITY] if quality else [])


def ratio(measure: Measure, ours: float, theirs: float) -> float:
    """Returns how many times better ours is; below 1 theirs is better."""
    better, worse = (ours, theirs) if measure.more_is_better else (theirs, ours)
    return better / worse if worse else float("inf")


def shown(measure: Measure, value: float) -> str:
    """Returns a value with its unit, in three digits at least."""
    if not measure.unit:
        return f"{value:.3f}"
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} {measure.unit}".replace(" /s", "/s")


def cell(measure: Measure, own: Measured, ours: Measured) -> str:
    """Returns a value and how many times better ours is, in bold where it is worse; or why there is none."""
    value, base = own.figures.get(measure.key), ours.figures.get(measure.key)
    if value is None:
        return own.failures.get(measure.step, "–")
    text = shown(measure, value)
    if measure.key == "quality.recall":
        text += f" ± {own.figures['quality.half']:.3f}"
    if own is ours or base is None:
        return text
    times = ratio(measure, base, value)
    mark = "**" if times < 1 else ""
    return f"{mark}{text} ({times:.2f}×){mark}"


def markdown(
    lines: Sequence[Measure], contenders: Sequence[Contender], measured: Mapping[str, Measured], heading: str
) -> str:
    """Returns the table, and below it what has to be known of single columns."""
    ours = measured[OURS]
    rows = [
        f"{heading}",
        "",
        "In brackets: how many times better ours is (its column “Article Assistant”). In bold: where another is better.",
        "",
        f"| | {' | '.join(c.title for c in contenders)} |",
        f"| --- |{' --- |' * len(contenders)}",
    ]
    for line in lines:
        cells = [_in_a_cell(cell(line, measured[c.name], ours)) for c in contenders]
        rows.append(f"| {line.label} | {' | '.join(cells)} |")
    notes = [f"- {c.title}: {note}." for c in contenders for note in (c.note, *measured[c.name].notes) if note]
    return "\n".join([*rows, "", *notes, ""])


def _in_a_cell(text: str) -> str:
    return text.replace("|", "\\|")


def as_json(
    lines: Sequence[Measure], contenders: Sequence[Contender], measured: Mapping[str, Measured]
) -> dict[str, object]:
    """Returns the same as JSON types: figures, ratios, failures and notes by the names of contenders."""
    ours = measured[OURS]
    return {
        "measures": {m.key: {"says": m.label, "unit": m.unit, "more_is_better": m.more_is_better} for m in lines},
        "contenders": {
            c.name: {
                "title": c.title,
                "figures": measured[c.name].figures,
                "ours_is_better_by": {
                    m.key: ratio(m, ours.figures[m.key], measured[c.name].figures[m.key])
                    for m in lines
                    if m.key in ours.figures and m.key in measured[c.name].figures
                },
                "failures": measured[c.name].failures,
                "notes": [note for note in (c.note, *measured[c.name].notes) if note],
            }
            for c in contenders
        },
    }
