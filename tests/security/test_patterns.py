"""Every regular expression of the package takes time in proportion to the text, whatever the text."""

from __future__ import annotations

import re
from collections import deque

import pytest

from security.growth import superlinear
from security.hostile import hostile
from security.patterns import Used, every_pattern

SIZES = (24, 200, 800, 3200)
USED = every_pattern()


def run_all(pattern: re.Pattern[str], method: str, text: str) -> None:
    """Runs one method of a pattern over a whole text."""
    found = getattr(pattern, method)(text)
    if method == "finditer":
        deque(found, maxlen=0)


@pytest.mark.parametrize("used", USED, ids=lambda used: used.place)
def test_a_pattern_takes_time_in_proportion_to_the_text(used: Used) -> None:
    slow = []
    for texts in zip(*(hostile(used.pattern, size) for size in SIZES), strict=True):
        by_size = dict(zip(SIZES, texts, strict=True))
        for method in sorted(used.methods):
            wrong = superlinear(lambda size: run_all(used.pattern, method, by_size[size]), SIZES, 0.05, 0.05)  # noqa: B023
            if wrong:
                slow.append(f"{method} of {texts[0][:40]!r}: {wrong}")
    assert not slow, "\n".join([used.pattern.pattern[:200], *slow[:5]])
