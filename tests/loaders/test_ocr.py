"""Scans and pictures: what is recognised stands where it stands on the page, and is said to be recognised."""

from __future__ import annotations

import io
import struct
import subprocess
import sys

import pytest
from conftest import ROOT
from PIL import Image

from assistant.adding import article_of, with_sentences
from assistant.articles.sentences import Sentence
from assistant.errors import ArticleError
from assistant.loaders import Loaded, load_bytes
from assistant.loaders.pdf_pages import page_sizes, render_page
from assistant.loaders.pictures import load_picture
from assistant.loaders.png import png
from benchmarks.scans import Scan, distance, scanned

pytest.importorskip("tesserocr", reason="needs the extra ocr")
SCAN = Scan("fpdf", 150, 5)


def sentences(loaded: Loaded) -> list[Sentence]:
    return list(with_sentences(article_of(loaded), loaded.marks, words=loaded.words).sentences)


@pytest.fixture(scope="module")
def picture() -> bytes:
    return scanned(SCAN)


@pytest.fixture(scope="module")
def loaded(picture: bytes) -> Loaded:
    return load_bytes(picture, "page.JPG")


def test_a_picture_is_read_and_its_boxes_lie_over_its_words(loaded: Loaded) -> None:
    pdf = load_bytes((ROOT / "tests" / "loaders" / "pdf" / "fpdf.pdf").read_bytes(), "a.pdf")
    drawn = {s.text: s for s in sentences(pdf) if {box.page for box in s.boxes} == {1}}
    found = {s.text: s for s in sentences(loaded)}
    both = [(drawn[text], found[text]) for text in drawn if text in found]
    assert len(both) >= 0.9 * len(drawn)
    assert len(drawn) > 8
    for one, other in both:
        assert (other.page, other.place) == (1, "read by OCR")
        assert len(one.boxes) == len(other.boxes)
        for a, b in zip(one.boxes, other.boxes, strict=True):
            assert (
                max(abs(a.left - b.left), abs(a.top - b.top), abs(a.right - b.right), abs(a.bottom - b.bottom)) < 0.015
            )
    assert loaded.notes == ("Page 1 was read by OCR: letters may be wrong.",)


def test_a_scanned_page_of_a_pdf_is_read_among_others(picture: bytes, loaded: Loaded) -> None:
    packed = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(packed, "PDF", resolution=150)
    read = load_bytes(packed.getvalue(), "scan.pdf")
    assert {(mark.page, mark.place) for mark in read.marks} == {(1, "read by OCR")}
    assert distance(" ".join(loaded.text.split()), " ".join(read.text.split())) < 0.02 * len(read.text)


def test_the_page_of_a_picture_is_shown_as_it_is(picture: bytes) -> None:
    ((width, height),) = page_sizes(picture)
    with Image.open(io.BytesIO(picture)) as given, Image.open(io.BytesIO(render_page(picture, 1, 900))) as shown:
        assert (round(width), round(height)) == (round(given.width * 72 / 150), round(given.height * 72 / 150))
        assert shown.size == (900, round(given.height * 900 / given.width))
    with pytest.raises(ArticleError, match="There is no page 2"):
        render_page(picture, 2, 900)


def test_each_page_of_a_tiff_has_its_number() -> None:
    with Image.open(io.BytesIO(scanned(SCAN))) as page:
        upper = page.crop((0, 0, page.width, page.height // 3))
        packed = io.BytesIO()
        upper.save(packed, "TIFF", save_all=True, append_images=[upper.copy()], dpi=(150, 150))
    read = load_picture(packed.getvalue(), "a.tiff")
    assert {box.page for s in sentences(read) for box in s.boxes} == {1, 2}


def bomb(side: int) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return png(1, 1, 3, bytes(3)).replace(struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), header)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is no PNG, JPEG or TIFF that can be read"),
        (b"GIF89a" + bytes(50), "is no PNG, JPEG or TIFF that can be read"),
        (bomb(200_000), "is no PNG, JPEG or TIFF that can be read"),
        (png(60, 60, 180, b"\xff" * 10_800)[:-40], "is no PNG, JPEG or TIFF that can be read"),
        (png(60, 60, 180, b"\xff" * 10_800), r"No text was found in a\.png"),
    ],
    ids=range(5),
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        load_picture(data, "a.png")


WITHOUT = """
import sys
sys.modules["tesserocr"] = None
from assistant.errors import ArticleError
from assistant.loaders.pdf import load_pdf
from assistant.loaders.pictures import load_picture
for load, name in ((load_pdf, "a.pdf"), (load_picture, "a.png")):
    try:
        load(sys.stdin.buffer.read() if name == "a.pdf" else b"", name)
    except ArticleError as error:
        print(error)
"""


def test_without_the_extra_a_scan_says_so_and_names_what_to_install() -> None:
    packed = io.BytesIO()
    Image.new("L", (200, 200), 128).save(packed, "PDF")
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT], input=packed.getvalue(), capture_output=True, check=True, cwd=ROOT
    )
    assert run.stdout.decode().splitlines() == [
        "a.pdf has no text on its only page: it is a scan, or made of pictures. "
        "To have its text recognised (OCR), install it: pip install 'article-assistant[ocr]'",
        "a.png is a picture. To have its text recognised (OCR), install it: pip install 'article-assistant[ocr]'",
    ]


def test_distance_counts_what_must_be_changed() -> None:
    assert [distance(a, b) for a, b in (("", "abc"), ("abc", ""), ("kitten", "sitting"), ("same", "same"))] == [
        3,
        3,
        3,
        0,
    ]
