"""Results -> the parts of the report's page."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from assistant.evaluation.comparison import Difference
from assistant.evaluation.excerpts import evidence_html
from assistant.evaluation.failures import why
from assistant.evaluation.figures import LOWER_IS_BETTER, Figure
from assistant.evaluation.questions import ArticleText, QuestionSet
from assistant.evaluation.report_plots import report_plots
from assistant.evaluation.results import SLICED, Results
from assistant.evaluation.rows import OUTCOMES, Row
from assistant.markup import Html, join, table, tag

MAX_ROWS = 1000
"""Questions shown in the page, failures first; all of them are in results.json."""

EXPLAINED = {
    "outcome": "Questions answered rightly (short-answer F1 of 0.5 or more) or rightly refused.",
    "answers": "Short answers against the accepted ones, by the rules of SQuAD.",
    "support": "Cited sentences against those that the answer needs, question by question.",
    "citations": "All citations together. Intact: they reproduce the article to the letter.",
    "abstention": "Refusing what the article does not answer, and only that.",
    "confidence": "Whether confidence means what it says; lower is better.",
    "retrieval": "How early the needed sentences come among those found.",
}


def as_html(results: Results, questions: QuestionSet, in_library: Collection[str] = ()) -> str:
    """Returns the report as one HTML page without anything to load.

    Args:
        results: what to report.
        questions: the set, for the articles' text.
        in_library: ids of articles whose questions get a link that asks them in the chat; for a page of the chat.
    """
    template = Template(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))
    ordered = sorted(results.rows, key=lambda row: OUTCOMES.index(row.outcome))
    notes = list(results.notes)
    if len(ordered) > MAX_ROWS:
        notes.append(f"The page shows {MAX_ROWS} questions, failures first; all {len(ordered):,} are in results.json.")
    return template.substitute(
        title=join([f"{results.set_name}: evaluation"]),
        set=join([results.set_name]),
        system=join([results.system]),
        n=f"{len(results.rows):,}",
        digest=results.digest[:12],
        notes=join(tag("p", note, class_="note") for note in notes),
        tiles=join(_tile(name, label, results.figures[name]) for name, label in results.headlines()),
        comparison=_comparison(results.differences, results.against),
        plots=join(
            tag("figure", tag("h3", title), svg, tag("figcaption", words))
            for title, words, svg in report_plots(results)
        ),
        figures=_figure_tables(results.figures),
        kinds=join([_kinds(results.kinds), _tags(results.tags)]),
        outcomes=join(_outcome_button(outcome, ordered) for outcome in OUTCOMES),
        kind_options=join(tag("option", kind) for kind in sorted({row.kind for row in ordered if row.kind})),
        rows=join(
            _row(row, place, questions.articles[row.article_id], row.article_id in in_library)
            for place, row in enumerate(ordered[:MAX_ROWS])
        ),
    )


def percent(value: float) -> str:
    """Returns a share in per cent, a dash for NaN."""
    return "–" if math.isnan(value) else f"{value * 100:.1f}%"


def p_value(value: float) -> str:
    """Returns a p-value in three digits."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _tile(name: str, label: str, figure: Figure) -> Html:
    if math.isnan(figure.value):
        return tag("div", tag("div", label, class_="label"), tag("div", "–", class_="value none"), class_="tile")
    low, high = (100 * max(0.0, min(1.0, value)) for value in (figure.low, figure.high))
    bar = tag(
        "svg",
        tag("rect", class_="track", x=0, y=3, width=100, height=2),
        tag("rect", class_="band", x=round(low, 1), y=2, width=round(max(0.8, high - low), 1), height=4),
        tag("rect", class_="mark", x=round(figure.value * 100 - 0.6, 1), y=0, width=1.2, height=8),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    lower = ", lower is better" if name in LOWER_IS_BETTER else ""
    words = f"{percent(figure.low)} to {percent(figure.high)}, n\u00a0=\u00a0{figure.n:,}{lower}"
    value = tag("div", percent(figure.value), class_="value")
    return tag("div", tag("div", label, class_="label"), value, bar, tag("div", words, class_="range"), class_="tile")


def _figure_tables(figures: dict[str, Figure]) -> Html:
    groups: dict[str, list[list[str]]] = {}
    for name, figure in figures.items():
        group, _, rest = name.partition(".")
        between = "–" if math.isnan(figure.value) else f"{percent(figure.low)} – {percent(figure.high)}"
        groups.setdefault(group, []).append([rest.replace("_", " "), percent(figure.value), between, f"{figure.n:,}"])
    headings = ["figure", "value", "95 % interval", "n"]
    return join(
        tag(
            "section",
            tag("h3", group.capitalize()),
            tag("p", EXPLAINED[group], class_="note"),
            table(headings, groups[group], ["", "", "range"]),
        )
        for group in EXPLAINED
        if group in groups
    )


def _kinds(kinds: dict[str, Figure]) -> Html:
    if not kinds:
        return Html("")
    lines = [
        [kind, percent(f.value), tag("span", style=f"width:{f.value * 100:.1f}%"), f"{f.n:,}"]
        for kind, f in sorted(kinds.items(), key=lambda pair: pair[1].value)
    ]
    note = tag("p", "The weakest first.", class_="note")
    heads = table(["kind", "right", "", "n"], lines, ["", "", "meter"])
    return tag("section", tag("h3", "Right, by kind of question"), note, heads)


def _tags(tags: dict[str, dict[str, Figure]]) -> Html:
    if not tags:
        return Html("")
    lines = [
        [tag_, *(percent(figures[name].value) for name in SLICED), f"{figures[SLICED[0]].n:,}"]
        for tag_, figures in tags.items()
    ]
    return tag("section", tag("h3", "By tag"), table(["tag", *SLICED, "n"], lines, [""]))


def _comparison(differences: Sequence[Difference], against: str) -> Html:
    if not differences:
        return Html("")
    lines = [
        [
            d.name,
            percent(d.before),
            percent(d.after),
            f"{(d.after - d.before) * 100:+.1f}",
            f"{d.low * 100:+.1f} – {d.high * 100:+.1f}",
            p_value(d.p_value),
            tag("span", d.verdict, class_=f"verdict {_dashed(d.verdict)}"),
        ]
        for d in differences
    ]
    headings = ["figure", "before", "now", "points", "95 % interval", "p", ""]
    note = "Paired permutation test, corrected for the number of figures (Holm)."
    return join(
        [
            tag("h2", f"Compared with {against}"),
            tag("div", table(headings, lines, ["", "", "", "", "range"]), class_="scroll", tabindex=0),
            tag("p", note, class_="note"),
        ]
    )


def _dashed(words: str) -> str:
    return words.replace(" ", "-")


def _outcome_button(outcome: str, rows: Sequence[Row]) -> Html:
    n = tag("b", f"{sum(row.outcome == outcome for row in rows):,}")
    name = _dashed(outcome)
    return tag("button", f"{outcome} ", n, type="button", class_=f"chip {name}", data_outcome=name, aria_pressed="true")


def _row(row: Row, place: int, article: ArticleText, linked: bool) -> Html:
    summary = tag(
        "summary",
        tag("span", row.outcome, class_=f"badge {_dashed(row.outcome)}"),
        tag("span", row.question, class_="question"),
        tag("span", row.id, class_="id"),
    )
    turns = [tag("p", question, " → ", answer, class_="turn") for question, answer in row.history]
    evidence = tag(
        "div",
        evidence_html(row, article.text),
        class_="evidence",
        tabindex=0,
        role="region",
        aria_label=f"Evidence in {article.title or 'the article'}",
    )
    return tag(
        "details",
        summary,
        tag("div", *turns, _answers(row), evidence, *([_chat_link(row)] if linked else []), class_="body"),
        class_="row",
        data_outcome=_dashed(row.outcome),
        data_kind=row.kind,
        data_place=place,
        data_confidence=round(row.confidence, 4),
        data_f1=-1 if row.f1 is None else round(row.f1, 4),
        data_seconds=round(row.seconds, 5),
    )


def _chat_link(row: Row) -> Html:
    """Returns a link that asks the question in the chat; a follow-up is asked as it was understood."""
    address = "./?" + urlencode({"article": row.article_id, "ask": row.standalone_question or row.question})
    return tag("p", tag("a", "Ask it in the chat", href=address, target="_top"), class_="ask")


def _answers(row: Row) -> Html:
    """Returns what was expected and what was given, as a list of terms."""
    if not row.answerable:
        expected: str = tag("i", "a refusal")
    else:
        expected = " · ".join(row.answers) or tag("i", "the marked sentences")
    told = [f"{row.confidence:.2f}"] if row.confidence else []
    told += [] if row.f1 is None else [f"F1 {row.f1:.2f}"]
    told += [f"{row.seconds * 1000:.0f} ms"] if row.seconds else []
    pairs = [
        ("understood as", row.standalone_question if row.standalone_question != row.question else ""),
        ("expected", expected),
        ("given", row.short_answer or row.text),
        ("reason", row.reason),
        ("decided by", row.decided_by),
        ("why wrong", why(row)),
        ("confidence" if row.confidence else "measured", " · ".join(told)),
    ]
    return tag("dl", *(part for term, text in pairs if text for part in (tag("dt", term), tag("dd", text))))
