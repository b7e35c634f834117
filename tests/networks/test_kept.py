"""What is kept: the last n values, each computed from its own input."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.networks.kept import Kept, digest_of


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(0, 5))
def test_a_value_is_always_that_of_its_own_input_and_at_most_n_are_kept(asked: list[int], n: int) -> None:
    kept: Kept[str] = Kept(n)
    for number in asked:
        assert kept.get(bytes([number]), lambda number=number: f"of {number}") == f"of {number}"  # type: ignore[misc]
        assert len(kept) <= n


def test_what_was_not_asked_for_longest_is_dropped() -> None:
    computed: list[str] = []

    def value_of(name: str) -> str:
        computed.append(name)
        return name

    kept: Kept[str] = Kept(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name.encode(), lambda name=name: value_of(name))  # type: ignore[misc]
    assert computed == ["a", "b", "c", "b"]


def test_what_fails_is_not_kept() -> None:
    kept: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get(b"x", lambda: 1 // 0)
    assert len(kept) == 0
    assert kept.get(b"x", lambda: 5) == 5


def test_threads_get_their_own_values() -> None:
    kept: Kept[int] = Kept(3)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: kept.get(bytes([n % 7]), lambda: n % 7), range(5000)))
    assert given == [n % 7 for n in range(5000)]
    assert len(kept) == 3


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_digests_differ_where_parts_or_their_bounds_do(one: list[bytes], other: list[bytes]) -> None:
    assert (digest_of(*one) == digest_of(*other)) == (one == other)
