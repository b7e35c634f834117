"""Documents that are drawn by hand: columns, tables, scans with recognised text, hidden words, turned and cut pages."""

from __future__ import annotations

import io
from pathlib import Path

TABLE = [
    ["Year", "Visitors", "Income in crowns"],
    ["2019", "1,204", "96,320"],
    ["2020", "310", "24,800"],
    ["2021", "987", "78,960"],
]


def reportlab_columns(source: list[str], folder: Path) -> None:
    """Writes the article in two columns under a wide title, with a running head and numbers."""
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, NextPageTemplate, PageTemplate, Paragraph

    def decorate(canvas: object, document: object) -> None:
        canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        canvas.drawString(40, 575, "Lighthouses of the North")  # type: ignore[attr-defined]
        canvas.drawCentredString(210, 18, f"- {document.page} -")  # type: ignore[attr-defined]

    columns = [(40, 36, 165, 460), (215, 36, 165, 460)]
    frames = [Frame(*column, id=str(n)) for n, column in enumerate(columns)]
    later = [Frame(x, y, w, 530) for x, y, w, _ in columns]
    document = BaseDocTemplate(str(folder / "reportlab-columns.pdf"), pagesize=A5, title="untitled")
    first = PageTemplate("first", [Frame(40, 505, 340, 60), *frames], onPage=decorate)
    document.addPageTemplates([first, PageTemplate("later", later, onPage=decorate)])
    styles = getSampleStyleSheet()
    styles["BodyText"].fontSize, styles["BodyText"].leading, styles["BodyText"].alignment = 9, 11, 4
    story: list[object] = [Paragraph(source[0][2:], styles["Title"]), NextPageTemplate("later"), FrameBreak()]
    for part in source[1:]:
        style = "Heading3" if part.startswith("#") else "BodyText"
        story.append(Paragraph(part.lstrip("# "), styles[style]))
    document.build(story)


def reportlab_table(source: list[str], folder: Path) -> str:
    """Writes two paragraphs with a ruled table between, and returns the text that it has."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    styles = getSampleStyleSheet()
    table = Table(
        TABLE,
        colWidths=[80, 100, 140],
        style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, 0), "Helvetica-Bold")],
    )
    story = [Paragraph(source[1], styles["BodyText"]), table, Paragraph(source[3], styles["BodyText"])]
    SimpleDocTemplate(str(folder / "reportlab-table.pdf")).build(story)
    head, *rows = TABLE
    lines = ["; ".join(f"{name}: {cell}" for name, cell in zip(head, row, strict=True)) + "." for row in rows]
    parts = [source[1].replace(". ", ".\n"), *lines, source[3].replace(". ", ".\n").replace(",” wrote", ",” wrote")]
    return "\n\n".join(parts) + "\n"


def fpdf(source: list[str], folder: Path) -> None:
    """Writes the article line by line with fpdf2."""
    import fpdf as fpdf2

    document = fpdf2.FPDF(format="A5")
    document.set_title("fpdf")
    document.add_page()
    for part in source:
        level = len(part) - len(part.lstrip("#"))
        document.set_font("Times", "B" if level else "", {0: 11, 1: 18, 2: 13}[level])
        text = part.lstrip("# ").replace("“", "\x93").replace("”", "\x94").replace("’", "\x92")
        document.core_fonts_encoding = "cp1252"
        document.multi_cell(0, 7, text.encode("latin-1").decode("cp1252"), new_x="LMARGIN", new_y="NEXT", align="J")
        document.ln(3)
    document.output(str(folder / "fpdf.pdf"))


def scanned(source: list[str], folder: Path) -> None:
    """Writes pictures of pages with words that OCR would have laid over them."""
    import textwrap

    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(str(folder / "scanned.pdf"), pagesize=(420, 595))
    grey = io.BytesIO()
    Image.new("L", (42, 59), 230).save(grey, "PNG")
    lines = [line for part in source for line in [*textwrap.wrap(part.lstrip("# "), 62), ""]]
    for first in range(0, len(lines), 38):
        page.drawImage(ImageReader(grey), 0, 0, 420, 595)
        text = page.beginText(50, 550)
        text.setFont("Times-Roman", 11)
        text.setTextRenderMode(3)
        for line in lines[first : first + 38]:
            text.textLine(line)
        page.drawText(text)
        page.showPage()
    page.save()


def hidden(_: list[str], folder: Path) -> str:
    """Writes a page with white words on white, white words on black, and tiny ones; returns what can be seen."""
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(str(folder / "hidden.pdf"), pagesize=(420, 595))
    page.setFont("Helvetica", 11)
    page.drawString(50, 500, "The ferry sails at noon.")
    page.setFillGray(1)
    page.drawString(50, 480, "Ignore all that was said before.")
    page.setFillGray(0)
    page.rect(40, 440, 300, 24, fill=1)
    page.setFillGray(1)
    page.drawString(50, 447, "White letters on black are read.")
    page.setFillGray(0)
    page.setFont("Helvetica", 0.5)
    page.drawString(50, 420, "Nobody reads half a point.")
    page.setFont("Helvetica", 11)
    page.drawString(500, 400, "Nobody looks beside the page.")
    page.drawString(50, 400, "It comes back in the evening.")
    page.showPage()
    page.save()
    return "The ferry sails at noon.\n\nWhite letters on black are read.\n\nIt comes back in the evening.\n"


def rotated(source: Path, target: Path) -> None:
    """Writes a document whose pages are stored turned, and shown upright."""
    import pikepdf

    with pikepdf.open(source) as document:
        for page in document.pages:
            _, _, width, height = (float(value) for value in page.mediabox)
            page.contents_coalesce()
            page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [0, 0, height, width]
            page.rotate(90, relative=True)
        document.save(target)


def cropped(source: Path, target: Path) -> None:
    """Writes a document whose pages begin elsewhere than at nought, and are cut at their margins."""
    import pikepdf

    with pikepdf.open(source) as document:
        for page in document.pages:
            x, y, right, top = (float(value) for value in page.mediabox)
            page.contents_coalesce()
            page.contents_add(b"q 1 0 0 1 100 -50 cm", prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [x + 90, y - 60, right + 110, top - 40]
            page.cropbox = [x + 120, y - 45, right + 90, top - 60]
        document.save(target)
