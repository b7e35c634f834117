"""PDFs by many programs: their text to the character, in the order in which it is read, each word at its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from assistant.adding import with_sentences
from assistant.articles.article import make_article, normalise
from assistant.errors import ArticleError
from assistant.loaders import Loaded, load_bytes
from assistant.loaders.pdf import load_pdf
from benchmarks.pdf_text import Judged, by_pdfium, judge

FOLDER = Path(__file__).parent / "pdf"
DOCUMENTS = sorted(path.stem for path in FOLDER.glob("*.txt"))

LATEX = len("Ada Moss 1 2 ")  # an author, and the marks of two notes
OTHERS = dict.fromkeys(("latex-columns", "latex-old-fonts", "xelatex", "rotated"), LATEX)
OTHERS |= dict.fromkeys(("latex", "cropped"), LATEX + len("• • • ")) | {"weasyprint": len("1. 2. ")}


def loaded(name: str) -> Loaded:
    return load_pdf((FOLDER / f"{name}.pdf").read_bytes(), f"{name}.pdf")


def blocks(of: Loaded) -> list[str]:
    return [of.text[block.start : block.end] for block in of.blocks]


def test_there_are_many_documents_and_none_is_large() -> None:
    sizes = [(FOLDER / f"{name}.pdf").stat().st_size for name in DOCUMENTS]
    assert len(DOCUMENTS) >= 15
    assert max(sizes) <= 40_960
    assert sum(sizes) <= 600_000


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_sentence_is_right_to_the_character_and_in_its_place(name: str) -> None:
    judged = judge(loaded(name).text, (FOLDER / f"{name}.txt").read_text("utf-8"))
    assert judged.wrong == ()
    assert judged.n_in_order == judged.n_pairs
    assert judged == Judged(judged.n_sentences, (), judged.n_pairs, judged.n_pairs, judged.n_other)
    # Running heads, page numbers and names of columns are not in the text.
    assert judged.n_other == OTHERS.get(name, 0)


def test_what_is_counted_tells_right_from_wrong() -> None:
    expected = "One.\nTwo.\n\nThree.\n---\nNote.\n"
    assert judge("One. Two.\n\nNote.\n\nThree.¹", expected) == Judged(4, (), 2, 2, 0)
    assert judge("One. Three. Two, not. Note.", expected) == Judged(4, ("Two.",), 2, 0, 5)
    by_itself = judge(
        by_pdfium((FOLDER / "latex-columns.pdf").read_bytes()), (FOLDER / "latex-columns.txt").read_text("utf-8")
    )
    assert len(by_itself.wrong) > 3


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_word_is_what_pdfium_finds_in_its_box(name: str) -> None:
    found = loaded(name)
    data = (FOLDER / f"{name}.pdf").read_bytes()
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    document = pypdfium2.PdfDocument(data)
    wrong = 0
    for number, page in enumerate(document, start=1):
        view = Points(page)
        text_page = page.get_textpage()
        for word in (word for word in found.words if word.box.page == number):
            inside = re.sub(r"[\s\x02\ufffe-]", "", text_page.get_text_bounded(*view.corners(word.box)))
            text = found.text[word.start : word.end].translate(plain).replace("-", "")
            wrong += text not in inside
            assert 0 <= word.box.left < word.box.right <= 1
            assert 0 <= word.box.top < word.box.bottom <= 1
    assert wrong == 0


class Points:
    """Turns shares of a page as it is shown into the page's own points."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._box, self._turn = page.get_bbox(), page.get_rotation()

    def corners(self, box: object, slack: float = 0.7) -> tuple[float, float, float, float]:
        left, bottom, right, top = self._box
        shares = [(box.left, box.top), (box.right, box.bottom)]  # type: ignore[attr-defined]
        turned = {0: lambda x, y: (x, 1 - y), 90: lambda x, y: (y, x), 180: lambda x, y: (1 - x, y)}
        points = [turned.get(self._turn, lambda x, y: (1 - y, 1 - x))(x, y) for x, y in shares]
        xs = sorted(left + x * (right - left) for x, _ in points)
        ys = sorted(bottom + y * (top - bottom) for _, y in points)
        return xs[0] - slack, ys[0] - slack, xs[1] + slack, ys[1] + slack


@pytest.mark.parametrize("name", DOCUMENTS)
def test_words_blocks_and_marks_fit_the_text(name: str) -> None:
    found = loaded(name)
    assert found.text == normalise(found.text)
    ends = 0
    for word in found.words:
        assert word.start >= ends
        assert found.text[word.start : word.end].strip() == found.text[word.start : word.end] != ""
        ends = word.end
    covered = {at for word in found.words for at in range(word.start, word.end)}
    added = {at for at, character in enumerate(found.text) if not character.isspace()} - covered
    in_rows = {at for block in found.blocks if block.kind == "row" for at in range(block.start, block.end)}
    assert added <= in_rows
    assert [found.text[a.end : b.start].strip() for a, b in zip(found.blocks, found.blocks[1:], strict=False)] == [
        ""
    ] * (len(found.blocks) - 1)
    assert not any("\n" in found.text[block.start : block.end] for block in found.blocks)
    # Two words of one line never are of two lines: a box covers one line.
    for one, other in zip(found.words, found.words[1:], strict=False):
        if one.line == other.line and one.box.page == other.box.page:
            assert one.box.top < other.box.bottom
            assert other.box.top < one.box.bottom
    starts = [mark.start for mark in found.marks]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    of = {word.start: found.marks[bisect_right(starts, word.start) - 1].page for word in found.words}
    assert all(of[word.start] == word.box.page for word in found.words)


def test_a_sentence_over_two_pages_has_a_box_a_line_and_the_page_that_it_begins_on() -> None:
    found = loaded("latex-columns")
    sentences = with_sentences(make_article(found.text), found.marks, words=found.words).sentences
    broken = next(s for s in sentences if s.text.startswith("Seabirds have meanwhile"))
    assert broken.page == 2
    assert [box.page for box in broken.boxes] == [2, 2, 3]
    assert [round(box.left, 2) for box in broken.boxes] == [0.4, 0.36, 0.12]


def test_headings_have_levels_and_give_sections() -> None:
    found = loaded("libreoffice")
    headings = [(b.level, found.text[b.start : b.end]) for b in found.blocks if b.level]
    assert headings == [
        (1, "The Lighthouse at Skarvik"),
        (2, "A difficult beginning"),
        (2, "The light"),
        (2, "Automation and afterwards"),
    ]


def test_footnotes_stand_after_the_paragraph_that_a_page_cuts_and_captions_too() -> None:
    texts = blocks(loaded("latex-columns"))
    note = texts.index("1 Such fires were common along the whole coast before 1800.")
    assert texts[note - 1].endswith("roughly twice the original estimate.") or texts[note - 1].endswith(
        "eighteen months."
    )
    assert any(text.startswith("Figure 1. The tower") and text.endswith("was finished.") for text in texts)


def test_items_and_rows_are_told_apart_and_a_row_says_its_columns() -> None:
    items = [b for b in loaded("latex").blocks if b.kind == "item"]
    assert len(items) == 3
    found = loaded("reportlab-table")
    rows = [b for b in found.blocks if b.kind == "row"]
    assert [found.text[b.start : b.end] for b in rows] == [
        "Year: 2019; Visitors: 1,204; Income in crowns: 96,320.",
        "Year: 2020; Visitors: 310; Income in crowns: 24,800.",
        "Year: 2021; Visitors: 987; Income in crowns: 78,960.",
    ]
    assert [(c.column, found.text[c.start : c.end]) for c in rows[1].cells] == [
        ("Year", "2020"),
        ("Visitors", "310"),
        ("Income in crowns", "24,800"),
    ]


def test_hidden_words_are_left_out_and_said_to_be() -> None:
    found = loaded("hidden")
    assert found.text == "The ferry sails at noon.\n\nWhite letters on black are read.\n\nIt comes back in the evening."
    assert found.notes == ("Page 1 has hidden text, which was left out.",)


def test_what_a_program_puts_in_for_a_title_is_none() -> None:
    assert loaded("reportlab-columns").title == "The Lighthouse at Skarvik"  # "untitled" in the file
    assert loaded("fpdf").title == "The Lighthouse at Skarvik"  # "fpdf", as its name is
    assert loaded("reportlab-columns").author == ""  # "anonymous"
    assert loaded("reportlab-columns").date == date(2026, 11, 27)  # the day on which the documents were made


def test_a_file_of_this_format_is_read_in_a_process_of_its_own() -> None:
    data = (FOLDER / "typst.pdf").read_bytes()
    assert load_bytes(data, "Typst.PDF") == load_pdf(data, "Typst.PDF")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4\nnothing", "a.pdf is no PDF that can be read: it is damaged or cut off."),
        (b"Not a PDF at all, but some text.", "a.pdf is no PDF that can be read"),
        (b"", "a.pdf is no PDF that can be read"),
    ],
)
def test_what_is_no_pdf_is_refused_in_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=re.escape(message)):
        load_pdf(data, "a.pdf")
