"""Tables of comma-separated values: what parts them, their encoding, and each row as a line with its names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.csv_table import delimiter_of

STEPS = "Step: Database (Before: 2 h 50 min; After: 40 min).\nStep: Web (After: 1,5 min)."


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'Step,Before,After\nDatabase,2 h 50 min,40 min\nWeb,,"1,5 min"\n', "steps.csv"),
        (b"\xef\xbb\xbfStep;Before;After\r\nDatabase;2 h 50 min;40 min\r\n\r\nWeb;;1,5 min\r\n", "steps.csv"),
        ("Step\tBefore\tAfter\nDatabase\t2 h 50 min\t40 min\nWeb\t\t1,5 min".encode("utf-16"), "steps.tsv"),
        (b"Step|Before|After\nDatabase|2 h 50 min|40 min\nWeb||1,5 min", "steps.CSV"),
        (b"sep=;\nStep;Before;After\nDatabase;2 h 50 min;40 min\nWeb;;1,5 min", "steps.csv"),
        (b"Step ;Before; After\n Database; 2 h\xa050 min ;40 min\nWeb;;1,5 min", "steps.csv"),
    ],
)
def test_a_row_is_a_line_with_the_names_of_its_columns(data: bytes, name: str) -> None:
    loaded = load_bytes(data, name)
    assert loaded.text == STEPS
    assert loaded.title == "steps"
    assert [(c.column, loaded.text[c.start : c.end]) for c in loaded.blocks[1].cells] == [
        ("Step", "Web"),
        ("After", "1,5 min"),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1,2\n3,4", ["1; 2.", "3; 4."]),
        ("Ann,Ann\nBo,Cy", ["Ann; Ann.", "Bo; Cy."]),
        ("Ann,\nBo,Cy", ["Ann.", "Bo; Cy."]),
        ("Name,Note\nAnn,\nBo,", ["Name; Note.", "Name: Ann.", "Name: Bo."]),
        ("Report 2024,,\n\nName,Born,City\nAnn,1970,Oslo\nSource: the bank", ["Report 2024", "Name: Ann (Born: 1970; City: Oslo).", "Source: the bank"]),
        ("Name,Born\nAnn,1970,extra\nBo,1980", ["Name: Ann (Born: 1970; extra).", "Name: Bo (Born: 1980)."]),
        ('Name,Says\nAnn,"one\ntwo"\nBo,"a ""b"" c"', ["Name: Ann (Says: one two).", 'Name: Bo (Says: a "b" c).']),
        ('Name,Size\nAnn,5" wide\nBo,"open', ['Name: Ann (Size: 5" wide).', 'Name: Bo (Size: "open).']),
        ("Members\nAnn\nBo", ["Members: Ann.", "Members: Bo."]),
        ("Preis;Ort\n1,50;Köln\n2,75;Bonn", ["Preis: 1,50 (Ort: Köln).", "Preis: 2,75 (Ort: Bonn)."]),
    ],
)  # fmt: skip
def test_names_are_told_from_values(text: str, lines: list[str]) -> None:
    loaded = load_bytes(text.encode("cp1252"), "a.csv")
    assert [loaded.text[b.start : b.end] for b in loaded.blocks] == lines


def test_what_parts_cells_is_what_gives_all_rows_as_many() -> None:
    assert delimiter_of("a;b\n1,5;2\n1,7;3") == ";"
    assert delimiter_of("a\tb,c\n1\t2\n3\t4") == "\t"
    assert delimiter_of("only words\nin lines") == ","
    assert delimiter_of("a,b\n1,2", "\t") == ","


def test_a_large_table_is_read_in_time() -> None:
    started = time.monotonic()
    data = "Name,Born,City,Note\n" + "".join(f"Ann {n},19{n % 90},Oslo,“{n}”\n" for n in range(100_000))
    loaded = load_bytes(data.encode(), "large.csv")
    assert len(loaded.blocks) == 100_000
    assert loaded.text.endswith("Name: Ann 99999 (Born: 199; City: Oslo; Note: “99999”).")
    assert time.monotonic() - started < 8


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"a\.csv is empty"):
        load_bytes(b" \n", "a.csv")
    with pytest.raises(ArticleError, match="cannot be read as a table"):
        load_bytes(b'"' + b"a" * 200_000, "a.csv")


@given(st.text(alphabet='ab1,;"\t\n| \u00a0é.', max_size=120))
def test_nothing_is_lost_and_the_text_is_normal(text: str) -> None:
    loaded = load_bytes(f"xx,yy\nstart,1\n{text}".encode(), "a.csv")
    assert normalise(loaded.text) == loaded.text
    assert all(loaded.text.count(letter) >= text.count(letter) for letter in "ab")
    assert "".join("".join(loaded.text[b.start : b.end].split()) for b in loaded.blocks) == "".join(loaded.text.split())
