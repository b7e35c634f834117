"""How many characters of scanned pages are read wrong, where the extra `ocr` is installed: `python -m benchmarks.scans`.

The pages are those of tests/loaders/pdf/, drawn as pictures of 150 to 300 dpi, with noise, a little askew and saved as
JPEG, so that nothing but the picture is left. What is right is the text that the same pages give as they are. Printed are
the share of characters that would have to be changed, added or left out, and of sentences that are right to the character.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.articles.sentences import split_sentences
from assistant.loaders.pdf import load_pdf, open_pdf
from assistant.loaders.pictures import load_picture

FOLDER = Path(__file__).parents[1] / "tests" / "loaders" / "pdf"


@dataclass(frozen=True)
class Scan:
    """A page of a document, and how it is drawn: dots an inch, noise as a standard deviation of 255 greys, degrees askew."""

    document: str
    dpi: int
    noise: float = 0.0
    degrees: float = 0.0


SCANS = (
    Scan("latex", 300),
    Scan("latex-columns", 300, 8, 0.3),
    Scan("libreoffice", 200, 12),
    Scan("chromium", 150),
    Scan("groff", 250, 10, -0.4),
    Scan("typst", 200, 6),
    Scan("fpdf", 150, 5),
)


def scanned(scan: Scan) -> bytes:
    """Returns the first page of a document as a JPEG; the same for the same scan."""
    from PIL import Image

    document = open_pdf((FOLDER / f"{scan.document}.pdf").read_bytes(), scan.document)
    picture = document[0].render(scale=scan.dpi / 72, grayscale=True).to_pil()
    document.close()
    if scan.degrees:
        picture = picture.rotate(scan.degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(picture, dtype=np.float64)
    grey = grey + np.random.default_rng(0).normal(0, scan.noise, grey.shape)
    packed = io.BytesIO()
    dots = (scan.dpi, scan.dpi)
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=80, dpi=dots)
    return packed.getvalue()


def first_page(document: str) -> str:
    """Returns the text of the first page of a document, with blanks for line breaks."""
    loaded = load_pdf((FOLDER / f"{document}.pdf").read_bytes(), document)
    end = next((mark.start for mark in loaded.marks if mark.page != 1), len(loaded.text))
    return " ".join(loaded.text[:end].split())


def distance(one: str, other: str) -> int:
    """Returns how many characters must be changed, added or left out to make one text of the other.

    >>> distance("kitten", "sitting")
    3
    """
    letters = np.array([ord(c) for c in other], dtype=np.int64)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for n, letter in enumerate(one, start=1):
        above = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        made = np.concatenate(([n], above))
        # What is left is to add characters, from the left: the least of all before, plus the way.
        row = np.minimum.accumulate(made - steps) + steps
    return int(row[-1])


def measured() -> Iterator[tuple[Scan, int, int, int, int, float]]:
    """Yields each scan with its wrong and all characters, right and all sentences, and the seconds that it took."""
    for scan in SCANS:
        expected = first_page(scan.document)
        started = time.perf_counter()
        found = " ".join(load_picture(scanned(scan), "scan.jpg").text.split())
        seconds = time.perf_counter() - started
        sentences = [sentence.text for sentence in split_sentences(expected)]
        n_right = sum(sentence in found for sentence in sentences)
        yield scan, distance(expected, found), len(expected), n_right, len(sentences), seconds


def main() -> None:
    """Prints the table."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    rows = list(measured())
    print(
        f"{'':16} {'dpi':>4} {'noise':>6} {'askew':>6} {'characters':>11} {'wrong':>7} {'sentences':>10} {'seconds':>8}"
    )
    for scan, n_wrong, n, n_right, n_sentences, seconds in rows:
        print(
            f"{scan.document:16} {scan.dpi:>4} {scan.noise:>6g} {scan.degrees:>6g} {n:>11} {n_wrong / n:>7.2%} "
            f"{n_right:>4}/{n_sentences:<5} {seconds:>8.1f}"
        )
    wrong, n = sum(row[1] for row in rows), sum(row[2] for row in rows)
    right, n_sentences = sum(row[3] for row in rows), sum(row[4] for row in rows)
    print(f"{'all':35} {n:>11} {wrong / n:>7.2%} {right:>4}/{n_sentences:<5}")


if __name__ == "__main__":
    main()
