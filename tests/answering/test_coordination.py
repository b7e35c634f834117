"""A short answer is given with all that it is named together with, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.coordination import whole_coordination


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (
            "It changed its officer, its caterer and its colours.",
            "its officer",
            "its officer, its caterer and its colours",
        ),
        ("Present: Ann Lee, Bo Ray, Cy Dee", "Bo Ray", "Ann Lee, Bo Ray, Cy Dee"),
        ("You need a rope; a whistle; a map.", "a rope", "a rope; a whistle; a map"),
        ("You need a rope, a whistle and a map for the trip.", "a rope", "a rope, a whistle and a map"),
        ("Ann Lee and Bo Ray won the race.", "Ann Lee", "Ann Lee and Bo Ray"),
        ("The jury praised Ann Lee, Bo Ray and Cy Dee.", "Bo Ray", "Ann Lee, Bo Ray and Cy Dee"),
        ("In May, Lee left Rome and Paris.", "Rome", "Rome and Paris"),
    ],
)
def test_what_is_named_together_is_given_together(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    assert text[slice(*whole_coordination(text, start, start + len(part)))] == whole


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Marie married Pierre, a physicist, and moved to Paris.", "Pierre"),
        ("Tickets cost £9 for adults and £4 for children.", "£9"),
        ("He was born on 3 May 1990 in Lyon, France.", "3 May 1990"),
        ("The river rose, and the town flooded.", "the town"),
        ("They bought bread, milk and eggs.", "milk"),  # where the list begins cannot be told
        ("Lyon, France, is old.", "Lyon"),
        ("It rained.", "It rained"),
        ("Ann Lee, who won, and Bo Ray left.", "Ann Lee"),
    ],
)
def test_what_is_no_list_is_left_as_it_is(text: str, part: str) -> None:
    start = text.index(part)
    assert whole_coordination(text, start, start + len(part)) == (start, start + len(part))


@given(st.text(alphabet="ab ,;:.AB&", min_size=1, max_size=60), st.data())
def test_the_span_itself_is_always_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole_coordination(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)
