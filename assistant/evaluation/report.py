"""Results -> a folder: one HTML file that opens anywhere, a Markdown summary for a pull request, all as JSON."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import QuestionSetError
from assistant.evaluation.failures import one_line
from assistant.evaluation.questions import QuestionSet
from assistant.evaluation.report_html import as_html, p_value, percent
from assistant.evaluation.results import SLICED, Results, write_json


def write_report(results: Results, questions: QuestionSet, folder: Path) -> None:
    """Writes `report.html`, `results.json` and `summary.md` to `folder`, which is made if it is not there.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    write_json(results.to_dict(), folder / "results.json")
    try:
        (folder / "report.html").write_text(as_html(results, questions), encoding="utf-8")
        (folder / "summary.md").write_text(as_markdown(results), encoding="utf-8")
    except OSError as error:
        raise QuestionSetError(f"{folder} cannot be written ({error}); choose another folder with --report") from error


def as_markdown(results: Results) -> str:
    """Returns the headline figures as Markdown."""
    lines = [
        f"### {results.set_name}: {results.system}",
        "",
        "| figure | value | 95 % interval | n |",
        "| --- | --- | --- | --- |",
    ]
    for name, label in results.headlines():
        figure = results.figures[name]
        between = f"{percent(figure.low)} – {percent(figure.high)}"
        lines.append(f"| {label} | {percent(figure.value)} | {between} | {figure.n:,} |")
    times = results.times
    lines += [
        "",
        f"{len(results.rows):,} questions, {times.questions_per_second:.1f} a second, "
        f"p50 {times.p50_seconds * 1000:.0f} ms, p95 {times.p95_seconds * 1000:.0f} ms."
        if times.p95_seconds
        else f"{len(results.rows):,} questions.",
    ]
    if results.tags:
        lines += ["", "| tag | " + " | ".join(SLICED) + " | n |", "| --- |" + " --- |" * (len(SLICED) + 1)]
        lines += [
            f"| {in_table(tag)} | "
            + " | ".join(percent(figures[name].value) for name in SLICED)
            + f" | {figures[SLICED[0]].n:,} |"
            for tag, figures in results.tags.items()
        ]
    if results.differences:
        lines += ["", f"Compared with {results.against}:", ""]
        lines += ["| figure | before | now | p | |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {d.name} | {percent(d.before)} | {percent(d.after)} | {p_value(d.p_value)} | {d.verdict} |"
            for d in results.differences
        ]
    for note in results.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def in_table(text: str) -> str:
    """Returns a text as it may stand in a cell of a Markdown table."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
