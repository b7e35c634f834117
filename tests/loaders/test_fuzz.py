"""Damaged files: whatever was done to a file, it is read, or refused in a sentence, and in time."""

from __future__ import annotations

import io
import random
import resource
import time
import zipfile
from collections.abc import Callable

import pytest
from conftest import ROOT
from PIL import Image, ImageDraw

from assistant.errors import ArticleError
from assistant.loaders.csv_table import load_csv
from assistant.loaders.docx import load_docx
from assistant.loaders.email_message import load_email
from assistant.loaders.epub import load_epub
from assistant.loaders.html_blocks import read_html
from assistant.loaders.loaded import Loaded, from_json, to_json
from assistant.loaders.markdown import load_markdown
from assistant.loaders.odt import load_odt
from assistant.loaders.pictures import load_picture
from assistant.loaders.plain_text import load_plain_text
from assistant.loaders.pptx import load_pptx
from assistant.loaders.rtf import load_rtf
from assistant.loaders.subtitles import load_subtitles

FILES = ROOT / "tests" / "loaders" / "files"
PIECES = (
    b"<", b">", b"</", b"<table>", b"<tr><td colspan=99 rowspan=99>", b"<li>", b"<!--", b"&", b"&#x1F;", b"[^1]:", b"[", b"](",
    b"```\n", b"> ", b"- ", b"---\n", b"+++\n", b"|", b'"', b",", b";", b"\t", b"\r", b"\n\n", b"\x00", b"\xff\xfe", b"\x80",
    b"{", b"}", b"\\", b"\\row ", b"\\intbl\\cell ", b"{\\footnote ", b"\\u-10179?", b"\\bin99999 ", b"\\uc9", b"{\\*\\x ",
    b"<a:p>", b"<text:list>", b"<table:table-row>", b"table:number-rows-repeated='999999'",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xcc\x81", b"w:p", b"</w:p>", b"<w:tbl><w:tr><w:tc>", b"w:val='99999999999'", b"%9", b"PK",
)  # fmt: skip

KILOBYTES = 1_000_000  # that the reading process may grow by
INSIDE = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html")


def damaged(data: bytes, drawn: random.Random) -> bytes:
    """Returns the bytes with one to eight changes: some cut out, said again, turned round, put in or overwritten."""
    changed = bytearray(data)
    for _ in range(drawn.randint(1, 8)):
        at = drawn.randrange(len(changed) + 1)
        n = min(drawn.choice((1, 1, 2, 8, 64, 512)), len(changed) - at)
        change = drawn.randrange(6)
        if change == 0:
            del changed[at : at + n]
        elif change == 1:
            changed[at:at] = changed[at : at + n] * drawn.randint(1, 30)
        elif change == 2:
            changed[at : at + n] = changed[at : at + n][::-1]
        elif change == 3:
            changed[at:at] = drawn.choice(PIECES) * drawn.choice((1, 1, 3, 200))
        elif change == 4:
            changed[at : at + n] = drawn.randbytes(n)
        else:
            changed = changed[: max(1, len(changed) - n)]
    return bytes(changed)


def damaged_inside(data: bytes, drawn: random.Random) -> bytes:
    """Returns a document that is an archive, one of whose parts is damaged; now and then the file itself."""
    if not drawn.randrange(8):
        return damaged(data, drawn)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as archive:
        chosen = drawn.choice([name for name in source.namelist() if name.endswith(INSIDE)])
        for name in source.namelist():
            part = source.read(name)
            archive.writestr(name, shuffled(part, drawn) if name == chosen else part)
    return packed.getvalue()


def shuffled(part: bytes, drawn: random.Random) -> bytes:
    """Returns XML with elements cut out, said again or renamed, most of it still well-formed; else damaged as any file."""
    if not drawn.randrange(3):
        return damaged(part, drawn)
    tags = [
        b"w:p",
        b"w:r",
        b"w:tbl",
        b"w:tc",
        b"w:tr",
        b"w:numPr",
        b"w:t",
        b"w:sdt",
        b"w:num",
        b"w:lvl",
        b"m:f",
        b"w:pict",
        b"a:p",
        b"a:tc",
        b"p:sp",
        b"p:grpSp",
        b"text:p",
        b"text:span",
        b"text:list",
        b"table:table",
        b"table:table-row",
    ]
    old, new = drawn.sample(tags, 2)
    for mark in (b" ", b">", b"/>"):
        part = part.replace(b"<" + old + mark, b"<" + new + mark)
    part = part.replace(b"</" + old + b">", b"</" + new + b">")
    return part.replace(b'w:val="1"', drawn.choice([b'w:val="-1"', b'w:val=""', b'w:val="x"', b'w:val="9999999"', b""]))


def read_page(data: bytes, _: str) -> Loaded:
    return read_html(data.decode("utf-8", "replace"))


KINDS: dict[str, tuple[str, Callable[[bytes, str], Loaded], Callable[[bytes, random.Random], bytes]]] = {
    "md": ("*.md", load_markdown, damaged),
    "csv": ("*.csv", load_csv, damaged),
    "txt": ("*.txt", load_plain_text, damaged),
    "html": ("html.md", read_page, damaged),
    "docx": ("*.docx", load_docx, damaged_inside),
    "pptx": ("*.pptx", load_pptx, damaged_inside),
    "odt": ("*.odt", load_odt, damaged_inside),
    "rtf": ("*.rtf", load_rtf, damaged),
    "picture": ("", load_picture, damaged),
    "epub": ("*.epub", load_epub, damaged_inside),
    "eml": ("*.eml", load_email, damaged),
    "srt": ("*.srt", load_subtitles, damaged),
    "vtt": ("*.vtt", load_subtitles, damaged),
}


def line_of_text(format: str, mode: str) -> bytes:
    """Returns a small picture with a line of text."""
    picture = Image.new("L", (300, 60), 255)
    ImageDraw.Draw(picture).text((10, 20), "The ferry sails at noon.", fill=0, font_size=20)
    packed = io.BytesIO()
    picture.convert(mode).save(packed, format, dpi=(150, 150))
    return packed.getvalue()


def contents_of(pattern: str) -> list[bytes]:
    """Returns the files that are damaged."""
    if pattern:
        return [path.read_bytes() for path in sorted(FILES.glob(pattern))]
    forms = [("PNG", "L"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("TIFF", "1"), ("TIFF", "RGB")]
    return [line_of_text(format, mode) for format, mode in forms]


SHORT = {"md": 115, "csv": 115, "txt": 115, "html": 115, "docx": 40, "pptx": 25, "odt": 25, "rtf": 40, "picture": 10, "epub": 100, "eml": 115, "srt": 60, "vtt": 60}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "n_files"),
    [
        *SHORT.items(),
        *(pytest.param(kind, 2000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)]) for kind in SHORT),
    ],
    ids=lambda value: str(value),
)
def test_a_damaged_file_is_read_or_refused_in_time(kind: str, n_files: int) -> None:
    if kind == "picture":
        pytest.importorskip("tesserocr", reason="needs the extra ocr")
    pattern, load, damage = KINDS[kind]
    drawn = random.Random(n_files)
    contents = contents_of(pattern)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusals: list[str] = []
    for n in range(n_files):
        data = damage(contents[n % len(contents)], drawn)
        started = time.process_time()
        try:
            loaded = load(data, f"a.{kind}")
        except ArticleError as error:
            refusals.append(str(error))
        except Exception as error:
            error.add_note(f"file {n} of seed {n_files}")
            raise
        else:
            assert from_json(to_json(loaded)) == loaded
        assert time.process_time() - started < 10  # others may have the processor meanwhile
    assert [refusal for refusal in refusals if not refusal.endswith(".")] == []
    assert len(refusals) < 0.9 * n_files
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < KILOBYTES
