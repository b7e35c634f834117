"""Texts are kept up to a limit, those used last before others."""

from __future__ import annotations

import sys

from assistant.library.kept_texts import KeptTexts

TEXT = "x" * 1000


def test_the_texts_used_last_are_kept() -> None:
    kept = KeptTexts(3 * sys.getsizeof(TEXT))
    for key in "abc":
        kept.keep(key, TEXT)
    assert kept.get("a") == TEXT
    kept.keep("d", TEXT)
    assert [kept.get(key) for key in "abcd"] == [TEXT, None, TEXT, TEXT]
    kept.keep("d", "y")
    assert (len(kept), kept.get("d")) == (3, "y")
    kept.keep("e", "z")
    assert len(kept) == 4, "a shorter text made room"


def test_one_text_is_kept_however_long() -> None:
    kept = KeptTexts(10)
    kept.keep("a", TEXT)
    kept.keep("b", TEXT)
    assert (kept.get("a"), kept.get("b")) == (None, TEXT)
