"""How much of the text of PDFs is right, beside what pdfium gives by itself: `python -m benchmarks.pdf_text`.

The documents are those of tests/loaders/pdf/, each with the text of its source, a sentence a line. A sentence is right if
it is so to the character; two neighbours are in order if nothing that was expected elsewhere comes between them.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.loaders.pdf import load_pdf

FOLDER = Path(__file__).parents[1] / "tests" / "loaders" / "pdf"

ANYWHERE = "---"
"""After this line of an expected text comes what stands apart, as footnotes do: its order is not judged."""

_MARKS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")


@dataclass(frozen=True)
class Judged:
    """Sentences that are wrong, neighbours that follow one another, and characters that nobody expected."""

    n_sentences: int
    wrong: tuple[str, ...]
    n_pairs: int
    n_in_order: int
    n_other: int


def judge(text: str, expected: str) -> Judged:
    """Returns what of a text is as expected: a sentence a line, white space and raised marks aside."""
    text = " ".join(_MARKS.sub("", text).split()) + " "
    lines = [line for line in expected.splitlines() if line.strip()]
    n_in_order = lines.index(ANYWHERE) if ANYWHERE in lines else len(lines)
    sentences = [line for line in lines if line != ANYWHERE]
    places: list[int] = []
    last = 0
    for sentence in sentences:
        place = text.find(sentence + " ", last)
        places.append(place if place >= 0 else text.find(sentence + " "))
        last = max(places[-1], 0)
    wrong = tuple(s for s, place in zip(sentences, places, strict=True) if place < 0)
    body = places[:n_in_order]
    starts = sorted(place for place in body if place >= 0)
    following = dict(itertools.pairwise(starts))
    pairs = [(a, b) for a, b in itertools.pairwise(body)]
    good = sum(a >= 0 and following.get(a) == b for a, b in pairs)
    return Judged(len(sentences), wrong, len(pairs), good, len(text) - sum(len(s) + 1 for s in sentences))


def by_pdfium(data: bytes) -> str:
    """Returns the text that pdfium gives for each page, line ends as blanks, its marks for hyphens left out."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return re.sub("[\ufffe\x02]\\s*", "", text)


def by_loader(data: bytes) -> str:
    """Returns the text that the loader gives."""
    return load_pdf(data, "a.pdf").text


def main() -> None:
    """Prints both, document by document and in all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of NAME.pdf and NAME.txt")
    folder: Path = parser.parse_args().folder
    readers: dict[str, Callable[[bytes], str]] = {"loader": by_loader, "pdfium": by_pdfium}
    totals = dict.fromkeys(readers, (0, 0, 0, 0, 0.0))
    print(f"{'':24} {'reader':8} {'sentences':>12} {'in order':>10} {'else':>6}")
    for expected in sorted(folder.glob("*.txt")):
        for name, read in readers.items():
            started = time.perf_counter()
            text = read(expected.with_suffix(".pdf").read_bytes())
            seconds = time.perf_counter() - started
            found = judge(text, expected.read_text("utf-8"))
            n_right = found.n_sentences - len(found.wrong)
            print(
                f"{expected.stem:24} {name:8} {n_right:>6}/{found.n_sentences:<5} {found.n_in_order:>5}/{found.n_pairs:<4} {found.n_other:>6}"
            )
            counts = (n_right, found.n_sentences, found.n_in_order, found.n_pairs, seconds)
            totals[name] = tuple(a + b for a, b in zip(totals[name], counts, strict=True))  # type: ignore[assignment]
    for name, (right, sentences, in_order, pairs, seconds) in totals.items():
        print(f"{'all':24} {name:8} {right / sentences:>12.1%} {in_order / pairs:>10.1%}   {seconds:.1f} s")


if __name__ == "__main__":
    main()
