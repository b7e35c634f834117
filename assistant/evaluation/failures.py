"""What failed and why, in words: for the terminal, for tables and for CI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation.questions import ArticleText
from assistant.evaluation.rows import Row

REFUSAL = "a refusal"


def failures(rows: Sequence[Row]) -> list[Row]:
    """Returns the rows that are not right, in their order."""
    return [row for row in rows if not row.right]


def why(row: Row) -> str:
    """Returns why a row is not right, "" where it is: refused, answered, wrong short answer, or support missed."""
    if row.right:
        return ""
    if not row.answerable:
        return "answered, though the article does not say"
    if row.abstained:
        return "refused, though the article says"
    n_missed, n_wrong = len(row.needs) - len(row.needs_met), row.n_wrong_citations
    missed = f"{n_missed} of {len(row.needs)} needed sentences not cited" if n_missed else ""
    if row.f1 is not None:
        return "; ".join(filter(None, [f"wrong short answer (F1 {row.f1:.2f})", missed]))
    extra = f"{n_wrong} cited that are not needed" if n_wrong else ""
    return "support missed: " + ", ".join(filter(None, [missed, extra]))


def expected(row: Row, articles: Mapping[str, ArticleText]) -> str:
    """Returns what was expected: the accepted answers, the needed sentences where none is labelled, or a refusal."""
    if not row.answerable:
        return REFUSAL
    if row.answers:
        return " | ".join(row.answers)
    text = articles[row.article_id].text if row.article_id in articles else ""
    return " … ".join(one_line(text[slice(*need[0])]) for need in row.needs)


def given(row: Row) -> str:
    """Returns what was answered: the short answer, or the whole text, or that it was a refusal."""
    return REFUSAL if row.abstained else row.short_answer or row.text


def one_line(text: str, most: int = 300) -> str:
    """Returns a text on one line without controls, which would move a terminal's cursor; cut off behind `most` characters.

    >>> one_line("a\\n\\x1b[2J  b"), one_line("abcdef", 3)
    ('a [2J b', 'abc…')
    """
    flat = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return flat if len(flat) <= most else f"{flat[:most].rstrip()}…"
