"""Damaged and hostile PDFs: each gives a text or a sentence of refusal, in time, and hurts nobody who asks."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from conftest import ROOT

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.pdf import MAX_PAGES, load_pdf
from assistant.loaders.pdf_pages import draw

FOLDER = Path(__file__).parent / "pdf"
MAX_SECONDS = 10.0
N_MUTATED = 30
N_MUTATED_IN_SOAK = 2000
_MUTATING = """
import random, sys, time
from pathlib import Path
from assistant.errors import ArticleError
from assistant.loaders.pdf import load_pdf
from test_pdf_hostile import mutated
first, n = int(sys.argv[1]), int(sys.argv[2])
slowest = 0.0
for seed in range(first, first + n):
    started = time.perf_counter()
    print(seed, flush=True)
    try:
        load_pdf(mutated(seed), "a.pdf")
    except ArticleError as error:
        assert str(error).endswith("."), error
    slowest = max(slowest, time.perf_counter() - started)
print("slowest", slowest)
"""


def document(objects: list[str], trailer: str = "") -> bytes:
    """Returns a PDF of these objects, the first of which is the catalogue; pdfium finds them without a table."""
    body = "".join(f"{n} 0 obj\n{content}\nendobj\n" for n, content in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer\n<< /Root 1 0 R {trailer} >>\n%%EOF\n".encode("latin-1")


def page(content: str, box: str = "0 0 300 300", more: str = "") -> list[str]:
    """Returns the objects of a document of one page with this content."""
    return [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R {more}"
        " /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /XObject /Subtype /Form /BBox [0 0 300 300] /Length 5"
        " /Resources << /XObject << /X 6 0 R >> >> >>\nstream\n/X Do\nendstream",
    ]


WORDS = "BT /F 12 Tf 20 200 Td (The ferry sails at noon.) Tj ET"
BOMB = zlib.compress(b"q " * 60_000_000)
HOSTILE = {
    "a tree of pages that is its own child": ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"],
    "a page count of two thousand million": ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 2000000000 >>"],
    "a negative page count": ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count -5 >>"],
    "a catalogue that is itself": ["<< /Type /Catalog /Pages 1 0 R >>"],
    "a form that draws itself": page("/X Do"),
    "a page without a box": page(WORDS, ""),
    "arrays in arrays": page("[" * 100_000 + "]" * 100_000),
    "states in states": page("q " * 200_000 + WORDS),
    "a million glyphs": page("BT /F 1 Tf 1 200 Td (" + "x" * 1_000_000 + ") Tj ET"),
    "many pages that are one": ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{'3 0 R ' * 3000}] /Count 3000 >>", *page(WORDS)[2:]],
}  # fmt: skip


def in_time(data: bytes) -> str:
    """Returns the text of a PDF, or why it was refused, once it was read as any file is, within the time."""
    started = time.perf_counter()
    try:
        told = load_bytes(data, "a.pdf").text
    except ArticleError as error:
        told = str(error)
    assert time.perf_counter() - started < MAX_SECONDS
    return told


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_time(name: str) -> None:
    told = in_time(document(HOSTILE[name]))
    assert told.endswith(".") or "ferry" in told or "x" in told


def test_words_on_a_page_of_any_size_are_read_and_a_giant_one_is_drawn_small() -> None:
    for box in ("0 0 300 300", "0 0 2000000 2000000", "-100 -100 400 400", "300 300 0 0"):
        assert in_time(document(page(WORDS, box))) == "The ferry sails at noon."
    assert len(draw(document(page(WORDS, "0 0 2000000 2000000")), "1 900")) < 1_000_000
    assert len(draw(document(page(WORDS, "0 0 1 14400")), "1 2000")) < 1_000_000


def test_a_stream_that_grows_without_end_is_refused() -> None:
    content = BOMB.decode("latin-1")
    objects = page("")
    objects[3] = f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n{content}\nendstream"
    assert in_time(document(objects)).endswith(".")


def test_more_pages_than_the_limit_are_refused() -> None:
    n = MAX_PAGES + 1
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * n}] /Count {n} >>",
        *page(WORDS)[2:],
    ]
    with pytest.raises(ArticleError, match=r"^a\.pdf has 5,001 pages, the limit is 5,000\. Split it\.$"):
        load_pdf(document(objects), "a.pdf")


def test_a_scan_is_said_to_be_one_and_what_is_empty_too() -> None:
    with pytest.raises(ArticleError, match="has no text on its only page: it is a scan, or made of pictures"):
        load_pdf(document(page("0 0 100 100 re f")), "a.pdf")
    with pytest.raises(ArticleError, match="is empty: there is nothing on its pages"):
        load_pdf(document(page("")), "a.pdf")


def test_a_page_without_text_among_others_is_noted() -> None:
    one = page(WORDS)
    objects = [one[0], "<< /Type /Pages /Kids [3 0 R 7 0 R 8 0 R] /Count 3 >>", *one[2:]]
    objects += [
        one[2].replace("4 0 R", "9 0 R"),
        one[2].replace("/Contents 4 0 R", ""),
        "<< /Length 16 >>\nstream\n0 0 100 100 re f\nendstream",
    ]
    assert load_pdf(document(objects), "a.pdf").notes == ("Page 2 has no text; it may be a scan.",)


def test_a_locked_file_says_what_to_do() -> None:
    locked = (FOLDER / "locked.pdf").read_bytes()
    with pytest.raises(
        ArticleError, match=r"^a\.pdf is locked by a password\. Save a copy without one, and add that\.$"
    ):
        load_pdf(locked, "a.pdf")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_read_or_refused(share: float) -> None:
    data = (FOLDER / "typst.pdf").read_bytes()
    try:
        text = load_pdf(data[: int(len(data) * share)], "a.pdf").text
    except ArticleError as error:
        text = str(error)
    assert text.endswith(".")


def mutated(seed: int) -> bytes:
    """Returns one of the documents with some of its bytes changed, moved, repeated or left out."""
    chance = random.Random(seed)
    small = [path for path in sorted(FOLDER.glob("*.pdf")) if path.stat().st_size < 34_000]
    data = bytearray(chance.choice(small).read_bytes())
    for _ in range(chance.choice((1, 3, 10, 40, 200))):
        at = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            data[at : at + chance.randrange(1, 40)] = b""
        elif kind == 2:
            data[at:at] = data[at : at + chance.randrange(1, 200)]
        else:
            digits = bytes(str(chance.choice((0, 1, 7, 2**31 - 1, -1, 99999999))), "ascii")
            data[at : at + len(digits)] = digits
    return bytes(data)


def mutate(first: int, n: int) -> None:
    """Reads many mutated files in one process, which must live to its end; one that does not says which it read."""
    command = [sys.executable, "-c", _MUTATING, str(first), str(n)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}:{ROOT / 'tests'}"}
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=MAX_SECONDS * n, check=False
    )
    lines = ended.stdout.splitlines()
    assert ended.returncode == 0, f"seed {lines[-1:]}: {ended.returncode} {ended.stderr[-800:]}"
    assert float(lines[-1].split()[1]) < MAX_SECONDS


def test_mutated_files_are_read_or_refused() -> None:
    mutate(0, N_MUTATED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_thousand_mutated_files_are_read_or_refused() -> None:
    for first in range(0, N_MUTATED_IN_SOAK, 100):
        mutate(1000 + first, 100)
