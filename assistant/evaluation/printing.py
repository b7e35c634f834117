"""Results -> the terminal: figures, tags, times, what failed; or JSON for a program."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.comparison import Comparison
from assistant.evaluation.failures import expected, failures, given, one_line, why
from assistant.evaluation.figures import Figure
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.results import SLICED, Results
from assistant.evaluation.retrieval_run import RetrievalResults
from assistant.evaluation.rows import Row

if TYPE_CHECKING:
    from rich.console import Console


def print_results(
    results: Results | RetrievalResults, questions: QuestionSet | RetrievalSet, n_failures: int, report: Path | None
) -> None:
    """Prints figures, differences, the first `n_failures` questions that failed, and where the report is."""
    from rich.console import Console

    console = Console(soft_wrap=False, highlight=False)
    _print_figures(console, f"{results.set_name}: {results.system}", results.figures)
    print(_times(results))
    if isinstance(results, Results):
        _print_tags(console, results.tags)
        for note in results.notes:
            print(one_line(note, 2000))
        for difference in results.differences:
            print(
                f"{difference.name}: {difference.before:.4f} → {difference.after:.4f} "
                f"({difference.low:+.4f} to {difference.high:+.4f}, p {difference.p_value:.3f}): {difference.verdict}"
            )
        if isinstance(questions, QuestionSet):
            _print_failures(results, questions, n_failures)
    if report is not None:
        print(f"Report: {report / ('report.html' if isinstance(results, Results) else 'results.json')}")


def print_json(results: Results | RetrievalResults, questions: QuestionSet | RetrievalSet, n_failures: int = 0) -> None:
    """Prints the results as JSON, of their rows only the first that failed."""
    values = results.to_dict()
    del values["rows"]
    if isinstance(results, Results) and isinstance(questions, QuestionSet):
        values["failures"] = [_failure(row, questions) for row in failures(results.rows)[:n_failures]]
    print(json.dumps(values, indent=2))


def print_comparison(comparison: Comparison) -> None:
    """Prints a table: a line a figure, a column a run, each against the first."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    names = [f"{chr(ord('A') + n)}" if n < 26 else str(n + 1) for n in range(len(comparison.systems))]
    for name, system in zip(names, comparison.systems, strict=True):
        print(f"{name}: {one_line(system)}")
    table = Table(title=escape(f"{comparison.set_name}, {comparison.n_questions:,} questions"), title_justify="left")
    for name in ("figure", *names):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for figure, first, others in comparison.lines():
        cells = [
            f"{d.after:.4f}\n{d.after - d.before:+.4f} ({d.low:+.4f} to {d.high:+.4f})\n{d.verdict}" if d else "–"
            for d in others
        ]
        table.add_row(figure, f"{first:.4f}", *cells)
    Console(highlight=False).print(table)
    print(
        f"Differences are those to {names[0]}, question by question, with 95 % intervals; p corrected over all (Holm)."
    )


def _print_figures(console: Console, title: str, figures: Mapping[str, Figure]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(one_line(title)), title_justify="left")
    for name, side in (("figure", "left"), ("value", "right"), ("95 % interval", "right"), ("n", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for name, figure in figures.items():
        if not math.isnan(figure.value):
            table.add_row(name, f"{figure.value:.4f}", f"{figure.low:.4f} – {figure.high:.4f}", f"{figure.n:,}")
    console.print(table)


def _print_tags(console: Console, tags: Mapping[str, Mapping[str, Figure]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not tags:
        return
    table = Table(title="By tag", title_justify="left")
    table.add_column("tag")
    for name in ("n", *SLICED):
        table.add_column(name, justify="right")
    for tag, figures in tags.items():
        values = [figures[name].value for name in SLICED]
        shown = ["–" if math.isnan(value) else f"{value:.4f}" for value in values]
        table.add_row(escape(one_line(tag)), f"{figures[SLICED[0]].n:,}", *shown)
    console.print(table)


def _times(results: Results | RetrievalResults) -> str:
    n, times = f"{len(results.rows):,} questions", results.times
    if not times.p95_seconds:
        return f"{n}; no times were measured."
    return (
        f"{n}, {times.questions_per_second:.1f} a second; p50 {times.p50_seconds * 1000:.0f} ms, "
        f"p95 {times.p95_seconds * 1000:.0f} ms, {times.workers} at a time."
    )


def _print_failures(results: Results, questions: QuestionSet, n_failures: int) -> None:
    failed = failures(results.rows)
    if not n_failures or not failed:
        return
    shown = failed[:n_failures]
    print(f"\n{len(failed):,} of {len(results.rows):,} questions failed" + (":" if len(shown) == len(failed) else
          f"; the first {len(shown)} (more with --failures N):"))  # fmt: skip
    for row in shown:
        print("\n".join(["", *_told(row, questions)]))
    sys.stdout.flush()


def _told(row: Row, questions: QuestionSet) -> Sequence[str]:
    """Returns the lines that tell a failure."""
    understood = row.standalone_question if row.standalone_question != row.question else ""
    lines = [("", f"{row.id}: {row.question}"), ("  understood as", understood)]
    lines += [("  expected", expected(row, questions.articles)), ("  answered", given(row)), ("  why wrong", why(row))]
    return [f"{name}{': ' if name else ''}{one_line(text)}" for name, text in lines if text]


def _failure(row: Row, questions: QuestionSet) -> dict[str, Any]:
    return {
        "id": row.id,
        "question": row.question,
        "outcome": row.outcome,
        "expected": expected(row, questions.articles),
        "answered": given(row),
        "why": why(row),
    }
