"""RTF: characters of every code page, blocks as they are shown; what hurts, or is none, is refused in a sentence."""

from __future__ import annotations

import time

import pytest
from conftest import ROOT

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.rtf import MAX_GROUPS, load_rtf

FILES = ROOT / "tests" / "loaders" / "files"


def read(body: str) -> str:
    return load_rtf(rf"{{\rtf1\ansi {body}}}".encode("latin-1"), "a.rtf").text


def test_a_file_is_read_in_another_process_by_its_suffix() -> None:
    loaded = load_bytes((FILES / "word.rtf").read_bytes(), "Menu.RTF")
    assert (loaded.title, loaded.author, str(loaded.date), loaded.tags) == (
        "Café on the quay", "Rosa Lind", "2022-03-04", ("coffee", "quay"),
    )  # fmt: skip
    assert [mark.section for mark in loaded.marks] == ["The café", "Prices"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9 \u8364? \u-10179?\u-8704?", "café € 😀"),
        (r"\uc2\u322\'b3\'b3 \uc0\u322 x", "ł łx"),
        (r"\uc1\u8217\'92s {\uc0 \u8211 a}\u8211-b", "’s –a–b"),
        (
            r"{\fonttbl{\f1\fcharset204 A;}{\f2\fcharset128 B;}{\f3\fcharset2 Symbol;}}\f1\'cf\'f0{\f2\'82\'a0}\'e8\f3\'b7a",
            "Прあи•α",
        ),
        (r"\ansicpg1250 \'9e\'b3", "žł"),
        (r"\u55357?x", "x"),
        (r"{\*\unknown gone}{\*\generator Word;}a\{b\}\\\~c\_d e\-f", "a{b}\\ c‑d ef"),
        (r"a{\pict\bin9 }}{\par\x}b", "ab"),
        (r"{\upr{old}{\*\ud{new}}} {\field{\*\fldinst{HYPERLINK x}}{\fldrslt{link}}}", "new link"),
        (r"one\par two\line three\tab four", "one\n\ntwo\nthree four"),
        (r"a{\footnote \chftn First.}b\chftn{\footnote\chftn Second.}", "a[1]b[2]\n\n[1] First.\n[2] Second."),
        (r"kept} lost? \par after", "kept lost?\n\nafter"),
    ],
    ids=range(12),
)
def test_characters_and_groups_are_read_as_a_word_processor_does(body: str, text: str) -> None:
    assert read(body) == text


def test_cells_that_are_merged_stand_in_their_rows() -> None:
    table = (
        r"\trowd\trhdr\cellx1\cellx2\cellx3\pard\intbl A\cell B\cell C\cell\row"
        r"\trowd\clmgf\cellx1\clmrg\cellx2\cellx3\pard\intbl both\cell\cell x\cell\row"
        r"\trowd\clvmgf\cellx1\cellx2\cellx3\pard\intbl down\cell y\cell z\cell\row"
        r"\trowd\clvmrg\cellx1\cellx2\cellx3\pard\intbl\cell q\cell w\cell\row\pard After."
    )
    assert read(table).split("\n") == [
        "A / B: both (C: x).",
        "A: down (B: y; C: z).",
        "A: down (B: q; C: w).",
        "",
        "After.",
    ]


def test_a_large_file_takes_time_in_proportion_and_braces_alone_no_memory() -> None:
    started = time.process_time()
    assert len(read(r"word \'e9\u8364? {\b bold} \par " * 20_000)) == 14 * 20_000 - 2
    assert time.process_time() - started < 20
    with pytest.raises(ArticleError, match="its groups are nested more than 5,000 deep"):
        read("{" * (MAX_GROUPS + 1))
    with pytest.raises(ArticleError, match="is empty"):
        read(r"{\pict " + "0a" * 500_000 + "}")


@pytest.mark.parametrize("data", [b"", b"words", b"{\\urtf1 words}", b"\xd0\xcf\x11\xe0"], ids=range(4))
def test_what_is_no_rtf_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"a\.rtf is no RTF file\. Open it in a word processor"):
        load_rtf(data, "a.rtf")
