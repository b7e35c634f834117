"""Writes the PDFs of this folder from article.md, each by another program, and beside each the text that it has.

`python make_documents.py FOLDER`, in an environment with reportlab, fpdf2, weasyprint, typst and pikepdf, and with
pdflatex, xelatex, groff, ghostscript, chromium and soffice on the path. The files are committed: tests need none of this.

The expected text has a sentence a line, and an empty line between paragraphs; it follows from the source alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from other_documents import cropped, fpdf, hidden, reportlab_columns, reportlab_table, rotated, scanned

HERE = Path(__file__).parent
SOURCE = [part.strip() for part in (HERE / "article.md").read_text("utf-8").split("\n\n")]
NOTES = {
    "open coal fire": "Such fires were common along the whole coast before 1800.",
    "624 prisms": "One of them is shown in the museum of the town.",
}
ANYWHERE = "---"
"""After it comes what is apart from the text: its place among the rest is not told."""
CAPTION = "Figure 1. The tower seen from the north, drawn by the engineer herself in the year in which it was finished."


def expected(*, notes: bool = False, caption: bool = False, items: bool = False) -> str:
    """Returns the text that a document made of the article has."""
    parts = [re.sub(r"^#+ ", "", part) for part in SOURCE]
    if items:
        parts += ITEMS
    if notes or caption:
        parts.append(ANYWHERE)
    if notes:
        parts += NOTES.values()
    if caption:
        parts.append(CAPTION)
    return "\n\n".join("\n".join(sentences(part)) for part in parts) + "\n"


ITEMS = [
    "Bring warm clothes and waterproof shoes, since the crossing takes an hour.",
    "Order groceries from the cooperative two days before the departure.",
    "Leave the house as you found it.",
]


def sentences(text: str) -> list[str]:
    """Returns the sentences of a paragraph of the article, in which a full stop ends each."""
    return re.split(r"(?<=[.”]) (?=[A-Z“])", text)


def latex(options: str, packages: str, *, captioned: bool = False, listed: bool = False, title: str = "") -> str:
    """Returns the article as a LaTeX document."""
    body = []
    for part in SOURCE[1:]:
        text = part.replace("“", "``").replace("”", "''").replace("’", "'")
        for where, note in NOTES.items():
            text = text.replace(where, rf"{where}\footnote{{{note}}}")
        body.append(re.sub(r"^## (.*)", r"\\section*{\1}", text))
    if captioned:
        body.insert(4, rf"\begin{{figure*}}[t]\centering\rule{{10cm}}{{2cm}}\par {CAPTION}\end{{figure*}}")
    if listed:
        body.append(r"\begin{itemize}" + "".join(rf"\item {item}" for item in ITEMS) + r"\end{itemize}")
    return (
        rf"\documentclass[{options}]{{article}}{packages}\title{{The Lighthouse at Skarvik}}\author{{Ada Moss}}\date{{}}"
        r"\begin{document}\maketitle " + title + "\n\n".join(body) + r"\end{document}"
    )


def html(style: str, *, notes: bool = False) -> str:
    """Returns the article as a web page."""
    body = []
    for part in SOURCE:
        if notes:
            for where, note in NOTES.items():
                part = part.replace(where, f"{where}<span class=note>{note}</span>")
        level = len(part) - len(part.lstrip("#"))
        body.append(f"<h{level}>{part[level + 1 :]}</h{level}>" if level else f"<p>{part}</p>")
    head, *rest = body
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>The Lighthouse at Skarvik</title><style>{style}</style>{head}<main>{''.join(rest)}</main></html>"


def typst() -> str:
    """Returns the article as a Typst document in two columns."""
    body = []
    for part in SOURCE[1:]:
        for where, note in NOTES.items():
            part = part.replace(where, f"{where}#footnote[{note}]")
        body.append(part.replace("## ", "= "))
    return (
        '#set page(paper: "a5", columns: 2, numbering: "1", header: [_Lighthouses of the North_])\n'
        '#set par(justify: true, first-line-indent: 1em)\n#set text(size: 9pt, lang: "en")\n'
        '#place(top + center, scope: "parent", float: true, text(17pt)[*The Lighthouse at Skarvik*])\n\n'
        + "\n\n".join(body)
    )


def groff() -> str:
    """Returns the article as a document of troff's macros -ms, in two columns."""
    names = {"“": r"\[lq]", "”": r"\[rq]", "’": r"\[cq]"}
    body = [".TL", SOURCE[0][2:], ".2C"]
    for part in SOURCE[1:]:
        for character, name in names.items():
            part = part.replace(character, name)
        body += [".SH", part[3:]] if part.startswith("#") else [".PP", part]
    return "\n".join(body) + "\n"


def main() -> None:
    """Writes all documents."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(exist_ok=True)

    def run(*command: str, given: str = "") -> None:
        subprocess.run(command, cwd=folder, input=given.encode(), check=True, stdout=subprocess.DEVNULL)

    def written(name: str, **what: bool) -> None:
        (folder / f"{name}.txt").write_text(expected(**what), "utf-8")

    fonts = r"\usepackage[T1]{fontenc}\usepackage{lmodern}"
    heads = fonts + r"\usepackage{fancyhdr}\pagestyle{fancy}\lhead{Lighthouses of the North}\rhead{\thepage}\cfoot{}"
    for name, program, source, what in (
        ("latex", "pdflatex", latex("11pt,a5paper", fonts, listed=True), {"notes": True, "items": True}),
        ("latex-old-fonts", "pdflatex", latex("12pt", r"\linespread{1.3}"), {"notes": True}),
        (
            "latex-columns",
            "pdflatex",
            latex("twocolumn,a5paper,9pt", heads, captioned=True),
            {"notes": True, "caption": True},
        ),
        ("xelatex", "xelatex", latex("twocolumn", r"\usepackage{fontspec}"), {"notes": True}),
    ):
        (folder / f"{name}.tex").write_text(source, "utf-8")
        run(program, "-interaction=batchmode", f"{name}.tex")
        written(name, **what)
    for name in ("latex", "latex-columns", "latex-old-fonts"):  # which makes them small enough to be kept
        run("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", f"-sOutputFile={name}-small.pdf", f"{name}.pdf")
        (folder / f"{name}-small.pdf").replace(folder / f"{name}.pdf")
    columns = (
        "main{column-count:2;column-gap:9mm;text-align:justify;hyphens:auto;font:10pt/1.35 serif}h2{font-size:12pt}"
    )
    chromium = ("chromium", "--headless", "--no-sandbox", "--disable-gpu")
    (folder / "page.html").write_text(html("body{font:12pt/1.5 sans-serif}"), "utf-8")
    run(*chromium, "--print-to-pdf=chromium.pdf", "page.html")
    (folder / "columns.html").write_text(html("@page{size:A5;margin:15mm}" + columns), "utf-8")
    run(*chromium, "--no-pdf-header-footer", "--print-to-pdf=chromium-columns.pdf", "columns.html")
    feet = "@page{size:A5;margin:18mm;@top-center{content:'Lighthouses of the North'}@bottom-right{content:'Page ' counter(page) ' of ' counter(pages)}}"
    weasy = html(feet + columns + ".note{float:footnote;font-size:8pt}", notes=True)
    (folder / "weasy.html").write_text(weasy, "utf-8")
    run(sys.executable, "-m", "weasyprint", "weasy.html", "weasyprint.pdf")
    (folder / "typst.typ").write_text(typst(), "utf-8")
    run(sys.executable, "-c", "import typst; typst.compile('typst.typ', output='typst.pdf')")
    (folder / "groff.pdf").write_bytes(
        subprocess.run(
            ["groff", "-Kutf8", "-ms", "-Tpdf"], input=groff().encode(), check=True, capture_output=True
        ).stdout
    )
    (folder / "word.html").write_text(html("body{font:11pt serif}p{text-align:justify}"), "utf-8")
    run("soffice", "--headless", "--convert-to", "odt:writer8", "--infilter=HTML (StarWriter)", "word.html")
    run("soffice", "--headless", "--convert-to", "pdf", "word.odt")
    (folder / "word.pdf").rename(folder / "libreoffice.pdf")
    for name, what in (
        ("chromium", {}),
        ("chromium-columns", {}),
        ("weasyprint", {"notes": True}),
        ("typst", {"notes": True}),
        ("groff", {}),
        ("libreoffice", {}),
    ):
        written(name, **what)
    for make in (reportlab_columns, fpdf, scanned):
        make(SOURCE, folder)
        written(make.__name__.replace("_", "-"))
    for make in (hidden, reportlab_table):
        (folder / f"{make.__name__.replace('_', '-')}.txt").write_text(make(SOURCE, folder), "utf-8")
    rotated(folder / "latex-columns.pdf", folder / "rotated.pdf")
    written("rotated", notes=True, caption=True)
    cropped(folder / "latex.pdf", folder / "cropped.pdf")
    written("cropped", notes=True, items=True)


if __name__ == "__main__":
    main()
