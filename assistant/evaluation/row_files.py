"""Results -> a table with a row a question, and JUnit's XML with a test case a question, for CI."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from assistant.errors import QuestionSetError
from assistant.evaluation.failures import expected, given, why
from assistant.evaluation.questions import ArticleText
from assistant.evaluation.results import Results
from assistant.evaluation.rows import Row

COLUMNS = (
    "id", "kind", "tags", "question", "outcome", "right", "why", "expected", "answered", "confidence", "exact_match", "f1",
    "needed", "cited_of_needed", "cited_wrong", "decided_by", "seconds", "article",
)  # fmt: skip

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 may hold, escaped or not. Source: https://www.w3.org/TR/xml/#charsets"""

_FORMULA = re.compile(r"[=+\-@\t\r](?![\d.,]+\Z)")


def write_csv(results: Results, articles: Mapping[str, ArticleText], path: Path) -> None:
    """Writes a table of all questions to `path`.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    _write(as_csv(results, articles), path)


def write_junit(results: Results, articles: Mapping[str, ArticleText], path: Path) -> None:
    """Writes all questions as test cases to `path`, those that are not right as failures.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    _write(as_junit(results, articles), path)


def as_csv(results: Results, articles: Mapping[str, ArticleText]) -> str:
    """Returns a table with a heading and a row a question, in the order of the set.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in results.rows:
        table.writerow([_harmless(value) if isinstance(value, str) else value for value in _values(row, articles)])
    return file.getvalue()


def _values(row: Row, articles: Mapping[str, ArticleText]) -> list[object]:
    article = articles.get(row.article_id)
    return [
        row.id,
        row.kind,
        ", ".join(row.tags),
        row.question,
        row.outcome,
        int(row.right),
        why(row),
        expected(row, articles),
        given(row),
        round(row.confidence, 4),
        row.exact_match,
        None if row.f1 is None else round(row.f1, 4),
        len(row.needs),
        len(row.needs_met),
        row.n_wrong_citations,
        row.decided_by,
        round(row.seconds, 4),
        (article.title if article else "") or row.article_id,
    ]


def _harmless(text: str) -> str:
    """Returns a text that no spreadsheet runs. Source: OWASP, "CSV Injection"."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_junit(results: Results, articles: Mapping[str, ArticleText]) -> str:
    """Returns JUnit's XML: one suite, a test case a question, what failed with its reason; figures as properties."""
    n_failed = sum(not row.right for row in results.rows)
    counts = {
        "name": results.set_name,
        "tests": str(len(results.rows)),
        "failures": str(n_failed),
        "errors": "0",
        "time": f"{sum(row.seconds for row in results.rows):.3f}",
    }
    whole = ElementTree.Element("testsuites", _clean(counts))
    suite = ElementTree.SubElement(whole, "testsuite", _clean(counts))
    properties = ElementTree.SubElement(suite, "properties")
    figures = {name: f"{f.value:.4f}" for name, f in results.figures.items() if not math.isnan(f.value)}
    for name, value in {"system": results.system, **figures}.items():
        ElementTree.SubElement(properties, "property", _clean({"name": name, "value": value}))
    for row in results.rows:
        _add_case(suite, row, results.set_name, articles)
    ElementTree.indent(whole)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(whole, encoding="unicode")}\n'


def _add_case(suite: ElementTree.Element, row: Row, set_name: str, articles: Mapping[str, ArticleText]) -> None:
    group = f"{set_name}.{row.kind}" if row.kind else set_name
    told = {"classname": group, "name": f"{row.id}: {row.question}", "time": f"{row.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", _clean(told))
    if not row.right:
        failure = ElementTree.SubElement(case, "failure", _clean({"type": row.outcome, "message": why(row)}))
        failure.text = _NOT_XML.sub("\ufffd", f"expected: {expected(row, articles)}\nanswered: {given(row)}")


def _clean(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: _NOT_XML.sub("\ufffd", value) for name, value in attributes.items()}


def _write(text: str, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be written ({error}); choose another file") from error
