"""Word's files: what Word shows is read, numbers and tables too; what hurts, or is none, is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from conftest import ROOT

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.docx import load_docx
from assistant.loaders.docx_numbers import Level, Numbers

FILES = ROOT / "tests" / "loaders" / "files"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, **parts: str) -> bytes:
    """Returns a file of Word with this body, and other parts by name, "/" written as "__"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {WORD}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return packed.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def test_a_file_is_read_in_another_process_by_its_suffix() -> None:
    loaded = load_bytes((FILES / "numbers.docx").read_bytes(), "Rules.DOCX")
    assert (loaded.title, loaded.author, str(loaded.date), loaded.tags) == (
        "Rules for bread", "Ann Lee", "2023-02-03", ("bread", "salt"),
    )  # fmt: skip
    assert "\n3. Let it cool\n" in loaded.text
    assert [mark.section for mark in loaded.marks] == [
        "The rules", "1 Method", "2 Results", "2.1 First part", "2.2 Late part",
    ]  # fmt: skip


def test_numbers_are_counted_as_word_does() -> None:
    levels = {
        0: Level("upperRoman", "%1."),
        1: Level("decimalZero", "%1-%2)", 9),
        2: Level("none", ""),
        3: Level("bullet"),
    }
    numbers = Numbers({"1": levels, "2": levels}, {"1": "a", "2": "a"}, {("2", 0): 9})
    asked = [
        ("1", 0),
        ("1", 1),
        ("1", 1),
        ("1", 0),
        ("1", 1),
        ("1", 3),
        ("2", 0),
        ("1", 0),
        ("1", 2),
        ("3", 0),
        ("1", 9),
    ]
    assert [numbers.label(*each) for each in asked] == [
        "I.", "I-09)", "I-10)", "II.", "II-09)", "", "IX.", "X.", None, None, None,
    ]  # fmt: skip


def test_an_empty_paragraph_of_a_list_counts() -> None:
    item = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    numbering = (
        f"<w:numbering {WORD}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/>"
        "<w:lvlText w:val='%1.'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    body = paragraph("one", item) + f"<w:p><w:pPr>{item}</w:pPr></w:p>" + paragraph("three", item)
    assert load_docx(word(body, word__numbering=numbering), "a.docx").text == "1. one\n3. three"


def test_deep_tables_and_private_characters_do_not_hurt() -> None:
    table = paragraph("deep")
    for _ in range(40):
        table = f"<w:tbl><w:tr><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"
    assert load_docx(word(table), "a.docx").text == "deep"
    assert load_docx(word(paragraph("\ue0001\ue001x\ue002 a")), "a.docx").text == "�1�x� a"


def test_no_file_that_a_document_names_is_read() -> None:
    secret = ROOT / "LICENSE"
    picture = (
        "<w:p><w:r><w:t>words</w:t><w:drawing><wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'>"
        "<a:graphic xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><a:graphicData><pic:pic xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture'>"
        "<pic:blipFill><a:blip xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' r:link='rId1'/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    links = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' TargetMode='External' "
        f"Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/image' Target='file://{secret}'/></Relationships>"
    )
    packed = io.BytesIO(word(picture))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("word/_rels/document.xml.rels", links)
    assert load_docx(packed.getvalue(), "a.docx").text == "words"


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            r"is an old Word document \(\.doc\), or protected by a password",
        ),
        (b"", "is damaged, or no Word document"),
        (b"PK\x03\x04 nothing", "is damaged, or no Word document"),
        ((FILES / "numbers.docx").read_bytes()[:-200], "is damaged, or no Word document"),
        (word(paragraph("a"))[:60] + b"x" * 40 + word(paragraph("a"))[100:], "is damaged"),
        (word("<w:p>"), "is damaged, or no Word document"),
        (word(paragraph("")), "is empty"),
        (word("", docProps__core=f"{ENTITIES}<x>&b;</x>"), "defines entities"),
        (word(paragraph("a" * 30_000_000)), "is refused: unpacked it would have 30 MB"),
    ],
    ids=range(9),
)
def test_what_is_no_document_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        load_docx(data, "a.docx")


def test_a_zip_without_a_document_and_one_of_many_parts_are_refused() -> None:
    for n, told in ((1, "no Word document"), (10_001, "far more than a document has")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in range(n):
                archive.writestr(f"{part}.xml", "<a/>")
        with pytest.raises(ArticleError, match=told):
            load_docx(packed.getvalue(), "a.docx")


def test_sizes_that_the_archive_lies_about_are_found_out() -> None:
    data = word(paragraph("a" * 2_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    with pytest.raises(ArticleError, match="damaged"):
        load_docx(data.replace(size, (100).to_bytes(4, "little")), "a.docx")


def test_a_large_document_is_read() -> None:
    body = "".join(paragraph(f"Sentence {n} of this large document is as long as most are.") for n in range(5000))
    loaded = load_docx(word(body), "a.docx")
    assert len(loaded.blocks) == 5000
    assert normalise(loaded.text) == loaded.text
