"""Tags and days: one form, whatever is given, and what is none is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.articles.tags import MAX_TAGS, day_of, tags_of, united
from assistant.errors import ArticleError


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ((), ()),
        ("", ()),
        (" Honey,  bees ,, BEES", ("bees", "honey")),
        (["Of  bees", "a\x00b\n"], ("a b", "of bees")),
        (["Russia, Armenia"], ("russia armenia",)),
        ({"é" * 50}, ("é" * 50,)),
    ],
)
def test_tags_have_one_form(given: object, tags: tuple[str, ...]) -> None:
    assert tags_of(given) == tags  # type: ignore[arg-type]
    assert tags_of(tags) == tags


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (7, "expected some texts"),
        (b"bees", "expected some texts"),
        ([7], "A tag is 7, expected a text"),
        ("a" * 51, "longer than 50 characters"),
        ([str(n) for n in range(31)], "There are 31 tags, the limit is 30"),
    ],
)
def test_what_is_no_tag_is_refused(given: object, why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        tags_of(given)  # type: ignore[arg-type]


def test_what_a_file_states_comes_to_what_is_given_as_far_as_there_is_room() -> None:
    assert united("Bees", ["HONEY", "bees", "", "x" * 51]) == ("bees", "honey")
    tags = united([f"g{n:02}" for n in range(29)], ["first", "second"])
    assert len(tags) == MAX_TAGS
    assert "first" in tags
    assert "second" not in tags


def test_a_day_is_given_as_such_or_in_iso_8601() -> None:
    day = date(2024, 2, 29)
    assert [day_of(d) for d in (day, "2024-02-29", " 2024-02-29 ", datetime(2024, 2, 29, 23, tzinfo=UTC))] == [day] * 4
    assert [day_of(None), day_of("")] == [None, None]
    for wrong in ("2023-02-29", "yesterday", "2024", 7):
        with pytest.raises(ArticleError, match=r"The day since is .*expected a day as 2024-02-29"):
            day_of(wrong, "day since")  # type: ignore[arg-type]
