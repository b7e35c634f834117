"""OpenDocument texts: what a word processor shows is read; what hurts, or is none, is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from conftest import ROOT

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.odt import load_odt

FILES = ROOT / "tests" / "loaders" / "files"
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "style", "table", "draw", "fo", "svg")
)


def odt(body: str, automatic: str = "", before: str = "", **parts: str) -> bytes:
    """Returns a text with this body and automatic styles, and other parts by name, "/" written as "__"."""
    content = f"{before}<office:document-content {NAMES}><office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        for name, text in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", text)
    return packed.getvalue()


def test_a_file_is_read_in_another_process_by_its_suffix() -> None:
    loaded = load_bytes((FILES / "odfpy.odt").read_bytes(), "Trade.ODT")
    assert (loaded.title, loaded.author, str(loaded.date), loaded.tags) == ("Salt", "Ann Lee", "2021-07-08", ("trade",))
    assert [mark.section for mark in loaded.marks] == ["Salt and its roads"]


def test_what_nobody_sees_is_left_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:section text:display="none"><text:p>hidden section</text:p></text:section>'
        '<text:p>Seen<office:annotation><text:p>comment</text:p></office:annotation>,<text:span text:style-name="T1"> not this</text:span>'
        "<text:hidden-text>nor this</text:hidden-text> and<text:soft-page-break/> more.</text:p>"
    )
    style = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    assert load_odt(odt(body, style), "a.odt").text == "Seen, and more."


def test_headings_are_numbered_as_the_outline_says_and_lists_go_on() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="2"/></text:outline-style>'
    )
    styles = f'<office:document-styles {NAMES}><office:styles>{outline}<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="a" style:num-suffix=")"/></text:list-style></office:styles></office:document-styles>'
    items = "<text:list-item><text:p>{}</text:p></text:list-item>"
    body = (
        '<text:h text:outline-level="1">One</text:h><text:h text:outline-level="2">Inner</text:h><text:h text:outline-level="1">Two</text:h>'
        f'<text:list text:style-name="L">{items.format("x")}{items.format("y")}</text:list><text:p>Between.</text:p>'
        f'<text:list text:style-name="L" text:continue-numbering="true">{items.format("z")}</text:list>'
        f'<text:list text:style-name="L"><text:list-header><text:p>Head.</text:p></text:list-header>{items.format("new")}</text:list>'
    )
    loaded = load_odt(odt(body, styles=styles), "a.odt")
    assert loaded.text.split("\n\n") == [
        "1 One",
        "1.1. Inner",
        "2 Two",
        "a) x\nb) y",
        "Between.",
        "c) z",
        "Head.",
        "a) new",
    ]


def test_rows_that_repeat_are_repeated_within_limits_and_boxes_follow() -> None:
    empty = "<table:table-cell/>"
    body = (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
        "<table:table-cell><text:p>Sum</text:p></table:table-cell><table:table-cell><text:p>Note</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>1990</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2"><text:p>7</text:p></table:table-cell></table:table-row>'
        f'<table:table-row table:number-rows-repeated="999999">{empty}</table:table-row></table:table>'
        "<text:p>Before.<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p><draw:frame><draw:image/><svg:desc>A bridge</svg:desc></draw:frame></text:p>"
    )
    row = "Year: 1990 (Sum: 7; Note: 7)."
    assert load_odt(odt(body), "a.odt").text.split("\n\n") == [f"{row}\n{row}", "Before.", "In a box.", "A bridge"]
    bomb = '<table:table-row table:number-rows-repeated="999999"><table:table-cell table:number-columns-repeated="400"><text:p>x</text:p></table:table-cell></table:table-row>'
    assert len(load_odt(odt(f"<table:table>{bomb}</table:table>"), "a.odt").blocks) == 12


NESTED = "<text:section>" * 100 + "<text:p>deep</text:p>" + "</text:section>" * 100
SPANS = "<text:p>" + "<text:span>" * 20_000 + "deep" + "</text:span>" * 20_000 + "shown</text:p>"


def test_spans_that_are_nested_without_end_are_cut_off() -> None:
    assert load_odt(odt(SPANS), "a.odt").text == "shown"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is damaged, or no OpenDocument text"),
        ((FILES / "odfpy.odt").read_bytes()[:-90], "is damaged, or no OpenDocument text"),
        ((FILES / "notes.docx").read_bytes(), "is damaged, or no OpenDocument text"),
        (odt("<text:p>"), "is damaged, or no OpenDocument text"),
        (odt("<text:p/>"), "is empty"),
        (odt(NESTED), "its parts are nested more than 60 deep"),
        (odt("<text:list><text:list-item>" * 100 + "</text:list-item></text:list>" * 100), "its lists are nested more than 60 deep"),
        (odt("<text:p>&b;</text:p>", before="<!DOCTYPE x [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>"), "its XML defines entities"),
        (odt("<text:p>a</text:p>", **{"META-INF__manifest": "<m><encryption-data/></m>"}), "is protected by a password"),
        (odt(f"<text:p>{'a' * 30_000_000}</text:p>"), "is refused: unpacked it would have 30 MB"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_document_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        load_odt(data, "a.odt")
