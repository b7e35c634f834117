"""Filters: each part alone, all parts together, and what is said where nothing is left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from assistant.errors import ArticleError
from assistant.library.filter import Filter
from assistant.library.store import Entry

BEES = Entry(
    "b", "On honey bees", "bees.pdf", datetime(2026, 5, 1, 22, tzinfo=UTC), 3, 90, 12,
    author="Ann Lee", date=date(2024, 2, 29), tags=("bees", "honey"), url="https://example.org/Bees",
)  # fmt: skip
WASPS = Entry("w", "Wasps", "wasps.txt", datetime(2025, 1, 1, tzinfo=UTC), 3, 90, 12, tags=("wasps",))


@pytest.mark.parametrize(
    ("only", "chosen"),
    [
        ({}, "bw"),
        ({"tags": "HONEY"}, "b"),
        ({"tags": ["honey", "bees"]}, "b"),
        ({"tags": ["honey", "wasps"]}, ""),
        ({"tags": "hon"}, ""),
        ({"since": "2024-02-29"}, "bw"),
        ({"since": date(2024, 3, 1)}, "w"),
        ({"since": "2025-01-02"}, ""),
        ({"until": "2024-02-29"}, "b"),
        ({"until": "2024-02-28"}, ""),
        ({"since": "2024-01-01", "until": "2024-12-31"}, "b"),
        ({"author": "lee"}, "b"),
        ({"author": "Bo"}, ""),
        ({"source": "BEES.pdf"}, "b"),
        ({"source": "example.org"}, "b"),
        ({"source": "wasps"}, "w"),
        ({"title": "bees HONEY"}, "b"),
        ({"title": "bees wasps"}, ""),
        ({"tags": "bees", "author": "Ann", "until": "2024-12-31", "source": "pdf", "title": "on"}, "b"),
        ({"tags": "bees", "author": "Ann", "until": "2024-12-31", "source": "txt"}, ""),
    ],
)
def test_what_a_filter_chooses(only: dict[str, Any], chosen: str) -> None:
    assert "".join(entry.id for entry in (BEES, WASPS) if Filter.of(**only).fits(entry)) == chosen


def test_what_is_said_where_nothing_is_left() -> None:
    only = Filter.of(tags="b,a", since="2024-01-01", until="2024-12-31", author="Ann", source="x.txt", title="Tea")
    assert only.nothing() == (
        "No article is tagged “a”, “b” and dated 2024-01-01 or later and dated 2024-12-31 or earlier and by “Ann” and "
        "from “x.txt” and titled “Tea”."
    )
    assert Filter.of(tags="bees").nothing() == "No article is tagged “bees”."


@pytest.mark.parametrize("only", [{"author": 7}, {"source": None}, {"title": b"x"}, {"since": "soon"}, {"tags": [7]}])
def test_what_is_no_filter_is_refused(only: dict[str, Any]) -> None:
    with pytest.raises(ArticleError, match="expected"):
        Filter.of(**only)


def test_what_is_no_text_is_not_told_again() -> None:
    assert Filter.of(source="a\ud800\x00b", title="\udfff").nothing() == "No article is from “a? b” and titled “?”."
