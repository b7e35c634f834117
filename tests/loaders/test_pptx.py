"""PowerPoint: slides in their order, each sentence with its slide; what hurts, or is none, is refused in a sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.pptx import load_pptx

FILES = ROOT / "tests" / "loaders" / "files"
NAMES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def links(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="{name}" Type="{KIND}/{target.split()[0]}" Target="{target.split()[1]}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def slides(*bodies: str, attributes: str = "", **parts: str) -> bytes:
    """Returns a presentation of slides with these shapes, and other parts by name, "/" written as "__"."""
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="s{n}"/>' for n in range(len(bodies)))
    targets = {f"s{n}": f"slide slides/slide{n}.xml" for n in range(len(bodies))}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "ppt/presentation.xml", f"<p:presentation {NAMES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
        )
        archive.writestr("ppt/_rels/presentation.xml.rels", links(**targets))
        for n, body in enumerate(bodies):
            tree = f"<p:cSld><p:spTree>{body}</p:spTree></p:cSld>"
            archive.writestr(
                f"ppt/slides/slide{n}.xml", f"<p:sld {NAMES} {attributes if n == 1 else ''}>{tree}</p:sld>"
            )
        for name, text in parts.items():
            archive.writestr(f"ppt/{name.replace('__', '/')}.xml".replace("_rels.xml", ".xml.rels"), text)
    return packed.getvalue()


def shape(*paragraphs: str, kind: str = "") -> str:
    holder = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else "<p:nvPr/>"
    inner = "".join(p if p.startswith("<a:p>") else f"<a:p><a:r><a:t>{p}</a:t></a:r></a:p>" for p in paragraphs)
    return f"<p:sp><p:nvSpPr>{holder}</p:nvSpPr><p:txBody>{inner}</p:txBody></p:sp>"


def numbered(text: str, form: str = "arabicPeriod", level: int = 0, start: str = "") -> str:
    bullet = f'<a:pPr lvl="{level}"><a:buAutoNum type="{form}"{start}/></a:pPr>'
    return f"<a:p>{bullet}<a:r><a:t>{text}</a:t></a:r></a:p>"


def test_the_slide_is_the_place_and_notes_stand_apart() -> None:
    loaded = load_bytes((FILES / "python-pptx.pptx").read_bytes(), "deck.PPTX")
    assert [(loaded.text[mark.start :].split("\n")[0], mark.place, mark.section) for mark in loaded.marks] == [
        ("The harbour of Norwick", "slide 1", "The harbour of Norwick"),
        ("What was built", "slide 2", "What was built"),
        ("Ships a year", "slide 3", "Ships a year"),
        ("A slide without a title: the quay sank by 4 cm.", "slide 4", "The harbour of Norwick"),
        ("Say that the granite came from Skarvik.", "slide 2, notes", "Speaker notes"),
    ]


def test_the_title_comes_first_and_what_stands_on_every_slide_is_left_out() -> None:
    body = (
        shape("Body words.") + shape("Page 3", kind="sldNum") + shape("Footer", kind="ftr") + shape("Top", kind="title")
    )
    loaded = load_pptx(slides(body), "a.pptx")
    assert loaded.text == "Top\n\nBody words."
    assert [(block.level, block.kind) for block in loaded.blocks] == [(2, "text"), (0, "text")]


def test_numbers_are_counted_as_powerpoint_does() -> None:
    body = shape(
        numbered("a"), numbered("b"), numbered("c", "alphaLcParenR", 1), numbered("d", "alphaLcParenR", 1), numbered("e"),
        "plain", numbered("f", "romanUcParenBoth", 0, ' startAt="4"'), numbered("g", "romanUcParenBoth"), numbered("h", "arabicPlain", 2),
    )  # fmt: skip
    assert load_pptx(slides(body), "a.pptx").text.split("\n") == [
        "1. a", "2. b", "a) c", "b) d", "3. e", "", "plain", "", "(IV) f", "(V) g", "1 h",
    ]  # fmt: skip


def test_bullets_come_from_the_master_unless_something_nearer_says_otherwise() -> None:
    styles = "<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char='•'/></a:lvl1pPr></p:bodyStyle></p:txStyles>"
    plain = "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>plain</a:t></a:r></a:p>"
    data = slides(
        shape("one", plain, kind="body") + shape("loose"),
        slides___rels__slide0_rels=links(l="slideLayout ../slideLayouts/l.xml"),
        slideLayouts__l=f"<p:sldLayout {NAMES}><p:cSld/></p:sldLayout>",
        slideLayouts___rels__l_rels=links(m="slideMaster ../slideMasters/m.xml"),
        slideMasters__m=f"<p:sldMaster {NAMES}><p:cSld/>{styles}</p:sldMaster>",
    )
    assert load_pptx(data, "a.pptx").text == "- one\n\nplain\n\nloose"


def test_merged_cells_formulas_and_diagrams_are_read() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    down, under = 'rowSpan="2"', 'vMerge="1"'
    rows = (
        f"<a:tr>{cell('Team')}{cell('Member')}{cell('Age')}</a:tr>"
        f"<a:tr>{cell('Red', down)}{cell('Ann')}{cell('31')}</a:tr>"
        f"<a:tr>{cell('', under)}{cell('Bo')}{cell('28')}</a:tr>"
    )
    table = f'<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>'
    maths = "<mc:AlternateContent><mc:Choice><p:sp><p:txBody><a:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></a:p></p:txBody></p:sp></mc:Choice><mc:Fallback><p:sp><p:txBody/></p:sp></mc:Fallback></mc:AlternateContent>"
    diagram = (
        '<p:graphicFrame><a:graphic><a:graphicData><dgm:relIds r:dm="d"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    points = "".join(
        f"<dgm:pt {kind}><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for kind, text in (("", "Plan"), ('type="sibTrans"', "arrow"), ("", "Build"))
    )
    data = slides(
        table + maths + diagram,
        slides___rels__slide0_rels=links(d="diagramData ../diagrams/data1.xml"),
        diagrams__data1=f"<dgm:dataModel {NAMES}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>",
    )
    assert load_pptx(data, "a.pptx").text == (
        "Team: Red (Member: Ann; Age: 31).\nTeam: Red (Member: Bo; Age: 28).\n\na/b\n\n- Plan\n- Build"
    )


def test_a_hidden_slide_is_read_and_said_to_be_one_and_a_missing_one_keeps_its_number() -> None:
    loaded = load_pptx(slides(shape("one."), shape("two."), attributes='show="0"'), "a.pptx")
    assert loaded.notes == ("Slide 2 is hidden when the slides are shown; it was read all the same.",)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(slides(shape("a."), shape("b."), shape("c.")))) as old,
        zipfile.ZipFile(packed, "w") as new,
    ):
        for name in old.namelist():
            if name != "ppt/slides/slide1.xml":
                new.writestr(name, old.read(name))
    loaded = load_pptx(packed.getvalue(), "a.pptx")
    assert [(loaded.text[mark.start], mark.place) for mark in loaded.marks] == [("a", "slide 1"), ("c", "slide 3")]


def test_groups_that_are_nested_without_end_are_cut_off() -> None:
    deep = "<p:grpSp>" * 40_000 + shape("deep") + "</p:grpSp>" * 40_000
    assert load_pptx(slides(shape("kept") + deep), "a.pptx").text == "kept"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), r"is an old PowerPoint file \(\.ppt\), or protected by a password"),
        (b"", "is damaged, or no PowerPoint file"),
        (slides(shape(""))[:-90], "is damaged, or no PowerPoint file"),
        ((FILES / "notes.docx").read_bytes(), "is damaged, or no PowerPoint file"),
        (slides("<p:sp>"), "is damaged, or no PowerPoint file"),
        (slides(shape("")), "has no text: its slides are empty, or pictures"),
        (slides(shape("a" * 30_000_000)), "is refused: unpacked it would have 30 MB"),
    ],
    ids=range(7),
)
def test_what_is_no_presentation_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        load_pptx(data, "a.pptx")


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ppt/presentation.xml", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>")
    with pytest.raises(ArticleError, match="its XML defines entities, as no PowerPoint file does"):
        load_pptx(path.read_bytes(), "a.pptx")
