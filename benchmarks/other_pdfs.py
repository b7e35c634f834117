"""How much of PDFs that other programs have made is right to the character: `python -m benchmarks.other_pdfs --root DIR`.

Some packages of Debian bring a document twice, as PDF and as HTML. What stands in a paragraph of the HTML, links and notes
apart, which the two write differently, must stand in the text of the PDF: each sentence of five words and more, and
neighbours next to one another. Marks of quotation, capitals and the length of dashes are no part of it, as programs choose them; a
sentence that the PDF words otherwise, or has not, is left out: four of five of its triples of words must be somewhere in
what pdfium tells of it.
`apt-get download PACKAGE`, and `dpkg -x FILE DIR`, for each of the packages that are named below.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.articles.sentences import split_sentences
from benchmarks.pdf_text import by_loader, by_pdfium

_QUOTES = re.compile("[\"'`´‘’‚“”„«»‹›]|&quot;")
_DASHES = re.compile("\\s*(?:-{2,3}|[‐‑‒–—−])\\s*|-")
_DOTS = re.compile(r"…|\. ?\. ?\.")
_ENDS = re.compile(r"[.!?]\)?$")
_MIN_WORDS = 5
_SHARE = 0.8
_WORD = re.compile(r"[^\W_]+")
_BLOCKS = "p ul ol dl table pre div blockquote".split()


@dataclass(frozen=True)
class OtherPdf:
    """A document that a package has twice.

    Attributes:
        package: of Debian.
        pdf, pages: of its files, below the root; pages may hold `*`.
        made_by: what has written the PDF.
        was_seen: whether its errors were looked at when the loader was mended.
    """

    package: str
    pdf: str
    pages: str
    made_by: str
    was_seen: bool = False


_DOC = "usr/share/doc"
PDFS = (
    OtherPdf("shared-mime-info", f"{_DOC}/shared-mime-info/shared-mime-info-spec.pdf", f"{_DOC}/shared-mime-info/shared-mime-info-spec.html/*.html", "dblatex, pdfTeX", True),
    OtherPdf("maint-guide", f"{_DOC}/maint-guide/maint-guide.en.pdf", f"{_DOC}/maint-guide/html/*.en.html", "dblatex, xdvipdfmx", True),
    OtherPdf("r-doc-pdf", "usr/share/R/doc/manual/R-intro.pdf", "usr/share/R/doc/manual/R-intro.html", "Texinfo, pdfTeX", True),
    OtherPdf("bash-doc", f"{_DOC}/bash/bashref.pdf", f"{_DOC}/bash/bashref.html", "Texinfo, pdfTeX", True),
    OtherPdf("developers-reference", f"{_DOC}/developers-reference/docs/developers-reference.pdf", "usr/share/developers-reference/*.html", "Sphinx, pdfTeX", True),
    OtherPdf("debian-policy", f"{_DOC}/debian-policy/fhs/fhs-3.0.pdf", f"{_DOC}/debian-policy/fhs/fhs-3.0.html", "Apache FOP 1.1", True),
    OtherPdf("gnuplot-doc", f"{_DOC}/gnuplot/gnuplot.pdf", f"{_DOC}/gnuplot/htmldocs/*.html", "pdfTeX", True),
    OtherPdf("xfig-doc", f"{_DOC}/xfig/xfig_ref_en.pdf", f"{_DOC}/xfig/html/*.html", "htmldoc", True),
    OtherPdf("debian-reference-en", "usr/share/debian-reference/debian-reference.en.pdf", "usr/share/debian-reference/*.en.html", "dblatex, xdvipdfmx"),
    OtherPdf("valgrind", f"{_DOC}/valgrind/valgrind_manual.pdf", f"{_DOC}/valgrind/html/*.html", "Apache FOP 2.6"),
    OtherPdf("r-doc-pdf", "usr/share/R/doc/manual/R-data.pdf", "usr/share/R/doc/manual/R-data.html", "Texinfo, pdfTeX"),
    OtherPdf("r-doc-pdf", "usr/share/R/doc/manual/R-FAQ.pdf", "usr/share/R/doc/manual/R-FAQ.html", "Texinfo, pdfTeX"),
    OtherPdf("bash-doc", f"{_DOC}/bash/bash.pdf", f"{_DOC}/bash/bash.html", "groff, Ghostscript"),
    OtherPdf("debian-policy", f"{_DOC}/debian-policy/policy.pdf", f"{_DOC}/debian-policy/policy.html/*.html", "Sphinx, xdvipdfmx"),
    OtherPdf("debian-faq", f"{_DOC}/debian/FAQ/debian-faq.en.pdf", f"{_DOC}/debian/FAQ/*.en.html", "dblatex, xdvipdfmx"),
    OtherPdf("libmpfr-doc", f"{_DOC}/libmpfr-doc/mpfr.pdf", f"{_DOC}/libmpfr-doc/mpfr.html/*.html", "Texinfo, pdfTeX"),
    OtherPdf("installation-guide-amd64", f"{_DOC}/installation-guide-amd64/en/install.en.pdf", f"{_DOC}/installation-guide-amd64/en/*.html", "dblatex, xdvipdfmx"),
    OtherPdf("bacula-doc", f"{_DOC}/bacula-doc/pdf/problems.pdf", f"{_DOC}/bacula-doc/html/problems/*.html", "pdfTeX"),
    OtherPdf("freefem-doc", f"{_DOC}/freefem-doc/freefem.pdf", f"{_DOC}/freefem-doc/freefem/*.html", "pdfTeX"),
)  # fmt: skip


def same_marks(text: str) -> str:
    """Returns a text in one line, with one kind of dash, no quotation marks, and no capitals, which are small ones in some PDFs.

    >>> same_marks("“So” --\\n it goes…")
    'so - it goes...'
    """
    text = _DASHES.sub(lambda dash: "-" if dash[0] in "-‐‑" else " - ", _DOTS.sub("...", text))
    return " ".join(_QUOTES.sub("", text).split()).casefold()


def paragraphs_of(source: str) -> Iterator[list[str]]:
    """Yields the sentences of each paragraph of a page of HTML that can be compared."""
    from assistant.loaders.html_tree import parse_html

    for element in parse_html(source).iter("p", "dd", "li"):
        if element.xpath(
            "ancestor::table | ancestor::pre | ancestor::*[@class='navheader' or @class='toc' or @role='navigation']"
        ):
            continue
        if (
            element.find(".//a[@href]") is not None
            or element.find(".//sup") is not None
            or element.find(".//img") is not None
        ):
            continue
        if any(element.find(f".//{tag}") is not None for tag in (*_BLOCKS, "br", "math")):
            continue
        text = " ".join("".join(element.itertext()).split())
        if _ENDS.search(text):
            yield [
                same_marks(sentence.text)
                for sentence in split_sentences(text)
                if len(sentence.text.split()) >= _MIN_WORDS and f" {sentence.text} " in f" {text} "
            ]


def triples_of(text: str) -> set[tuple[str, ...]]:
    """Returns the words of a text that follow one another, three by three, in lower case."""
    words = _WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def is_worded_so(sentence: str, triples: set[tuple[str, ...]]) -> bool:
    """Returns whether a document with these triples of words has a sentence, in whatever order and form."""
    own = triples_of(sentence)
    return len(own & triples) >= _SHARE * len(own)


def compared(text: str, paragraphs: list[list[str]]) -> tuple[list[str], int, int, int]:
    """Returns the sentences that are not in a text; how many there are; neighbours in one paragraph; those next to one another.

    A sentence that is there twice, as head lines and indexes are, is looked for once.
    """
    text = f" {same_marks(text)} "
    wrong: list[str] = []
    seen: set[str] = set()
    n_pairs = n_next = 0
    for paragraph in paragraphs:
        found = [f" {sentence} " in text for sentence in paragraph]
        wrong += [s for s, is_there in zip(paragraph, found, strict=True) if not is_there and s not in seen]
        for (one, first), (two, second) in itertools.pairwise(zip(paragraph, found, strict=True)):
            if first and second and one not in seen:
                n_pairs += 1
                n_next += f" {one} {two} " in text
        seen.update(paragraph)
    return wrong, len(seen), n_pairs, n_next


def main() -> None:
    """Prints a line for each document, and what is right of all that were looked at and all that were not."""
    from assistant.loaders.page_encoding import decode_page

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path("/"), help="where the packages were unpacked")
    parser.add_argument(
        "--wrong", type=int, default=0, metavar="N", help="show N wrong sentences of each that was seen"
    )
    parser.add_argument("--only", default="", help="documents whose path holds this")
    options = parser.parse_args()
    totals: dict[tuple[bool, str], list[float]] = {}
    print(f"{'':28}{'made by':22}{'reader':9}{'sentences':>12}{'':>8}{'next':>11}{'seconds':>9}")
    for pdf in PDFS:
        path = options.root / pdf.pdf
        if not path.is_file() or options.only not in pdf.pdf:
            continue
        pages = [decode_page(page.read_bytes(), page.name) for page in sorted(options.root.glob(pdf.pages))]
        data = path.read_bytes()
        triples = triples_of(by_pdfium(data))
        paragraphs = [
            [sentence for sentence in paragraph if is_worded_so(sentence, triples)]
            for page in pages
            for paragraph in paragraphs_of(page)
        ]
        for name, read in (("loader", by_loader), ("pdfium", by_pdfium)):
            started = time.process_time()
            text = read(data)
            seconds = time.process_time() - started
            wrong, n, n_pairs, n_next = compared(text, paragraphs)
            share = (n - len(wrong)) / max(1, n)
            total = totals.setdefault((pdf.was_seen, name), [0.0] * 5)
            for place, value in enumerate((1, share, n, n_pairs, n_next)):
                total[place] += value
            print(
                f"{path.name[:26]:28}{pdf.made_by:22}{name:8}{n - len(wrong):6}/{n:<5}{share:8.3f}{n_next:7}/{n_pairs:<5}{seconds:7.1f}",
                flush=True,
            )
            if name == "loader" and pdf.was_seen:
                print("".join(f"    {sentence}\n" for sentence in wrong[: options.wrong]), end="")
    for (was_seen, name), (n_pdfs, shares, n_all, n_neighbours, n_right) in totals.items():
        print(
            f"{'seen' if was_seen else 'not looked at':14}{name:8}{n_pdfs:.0f} PDFs, {n_all:.0f} sentences: mean share right {shares / n_pdfs:.3f}, "
            f"neighbours next to one another {n_right / max(1, n_neighbours):.3f}"
        )  # fmt: skip


if __name__ == "__main__":
    main()
