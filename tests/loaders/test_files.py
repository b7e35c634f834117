"""Files of several producers: each block's kind and text, to the character, is what stands beside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from assistant.articles.blocks import split_blocks
from assistant.loaders import load_bytes
from assistant.loaders.loaded import Loaded

EXPECTED = sorted((ROOT / "tests" / "loaders" / "files").glob("*.expected"))


def described(loaded: Loaded) -> str:
    """Returns what is compared: a line for each property, then one for each block: its kind, a tab, its text."""
    lines = [
        f"title: {loaded.title}", f"author: {loaded.author}", f"date: {loaded.date or ''}", f"tags: {', '.join(loaded.tags)}",
    ]  # fmt: skip
    for block in loaded.blocks or split_blocks(loaded.text):
        kind = f"h{block.level}" if block.level else block.kind + str(block.depth) * (block.kind == "item")
        lines.append(f"{kind}\t" + loaded.text[block.start : block.end].replace("\n", "⏎"))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name)
def test_a_file_is_read_to_the_character(expected: Path) -> None:
    path = expected.with_suffix("")
    assert described(load_bytes(path.read_bytes(), path.name)) == expected.read_text(encoding="utf-8")


def test_there_are_several_of_each_format() -> None:
    suffixes = [path.with_suffix("").suffix for path in EXPECTED]
    assert {suffix: suffixes.count(suffix) for suffix in suffixes} == {
        ".docx": 6, ".md": 6, ".csv": 6, ".txt": 6, ".epub": 3, ".eml": 3, ".srt": 3, ".vtt": 3,
        ".pptx": 3, ".odt": 3, ".rtf": 3,
    }  # fmt: skip
