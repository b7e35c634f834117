"""The shapes of a slide -> HTML: its title first, then text, tables, charts and diagrams in the order of their reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.loaders.docx_numbers import attribute, child, local, whole
from assistant.loaders.docx_paragraphs import formula
from assistant.loaders.html_writer import HtmlCell, item, paragraph, raised, table, written
from assistant.loaders.pptx_bullets import Bullets, placeholder
from assistant.loaders.pptx_charts import chart_html, diagram_html

_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum", "sldImg")
_MAX_GROUPS = 50  # inside one another


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its root, what its bullets come from, and the roots of the parts that it names, by id."""

    root: Any
    bullets: Bullets
    linked: Mapping[str, Any | None]

    def paragraphs(self, shape: Any) -> str:
        """Returns HTML of a shape's paragraphs, items among them."""
        body = child(shape, "txBody")
        found = [part for part in body if local(part) == "p"] if body is not None else []
        parts: list[str] = []
        for part, (label, level) in zip(found, self.bullets.labels(shape, found), strict=True):
            inner = inline(part)
            parts.append(paragraph(inner) if label is None else item(inner, label, level))
        return "".join(parts)


def slide_html(slide: Slide, is_first: bool) -> tuple[str, str]:
    """Returns a slide as HTML, and its title, "" if it has none; on the first slide that heads the presentation."""
    shapes = list(shapes_of(slide.root))
    heads = [shape for shape in shapes if kind_of(shape) in _TITLES]
    parts: list[str] = []
    title = ""
    for shape in heads:
        inner = " ".join(filter(None, (inline(part) for part in shape.iter() if local(part) == "p")))
        title = title or " ".join(
            "".join(part.text or " " for part in shape.iter() if local(part) in ("t", "br")).split()
        )
        parts.append(paragraph(inner, level=1 if is_first and kind_of(shape) == "ctrTitle" else 2))
    for shape in shapes:
        if shape not in heads:
            parts.append(_shape_html(slide, shape))
    return "".join(parts), title


def shapes_of(root: Any) -> Iterator[Any]:
    """Yields the shapes of a slide in the order in which they are read aloud, without what stands on every slide."""
    common = child(root, "cSld")
    tree = child(common, "spTree") if common is not None else None
    if tree is not None:
        yield from (shape for shape in _ungrouped(tree, 0) if kind_of(shape) not in _FURNITURE)


def kind_of(shape: Any) -> str:
    """Returns what a placeholder is for, as "title" or "body"; "" for any other shape, "obj" for one that does not say."""
    holder = placeholder(shape)
    return "" if holder is None else attribute(holder, "type") or "obj"


def inline(part: Any) -> str:
    """Returns HTML of what stands in a paragraph."""
    parts: list[str] = []
    for run in part:
        name = local(run)
        if name in ("r", "fld"):
            words = child(run, "t")
            properties = child(run, "rPr")
            text = (words.text or "") if words is not None else ""
            above = attribute(properties, "baseline") if properties is not None else ""
            is_raised = above.rstrip("%").isdecimal() and int(above.rstrip("%")[:6]) > 0
            parts.append(raised(text) if is_raised else written(text))
        elif name == "br":
            parts.append("<br>")
        elif name in ("m", "oMath", "oMathPara"):
            parts.append(written(formula(run)))
    return "".join(parts)


def _ungrouped(tree: Any, depth: int) -> Iterator[Any]:
    for shape in tree:
        name = local(shape)
        if name == "AlternateContent":
            branches = [branch for branch in shape if local(branch) in ("Choice", "Fallback")]
            # What a newer program shows, unless it has no words and the older form has.
            with_words = [b for b in branches if any(local(p) == "t" and (p.text or "").strip() for p in b.iter())]
            chosen = (with_words or branches)[:1]
            if depth < _MAX_GROUPS:
                for branch in chosen:
                    yield from _ungrouped(branch, depth + 1)
        elif name == "grpSp":
            if depth < _MAX_GROUPS:
                yield from _ungrouped(shape, depth + 1)
        elif name in ("sp", "graphicFrame", "pic", "cxnSp"):
            yield shape


def _shape_html(slide: Slide, shape: Any) -> str:
    if local(shape) == "pic":
        about = next((part for part in shape.iter() if local(part) == "cNvPr"), None)
        told = "" if about is None else attribute(about, "descr") or attribute(about, "title")
        return paragraph(written(told)) if told else ""
    if local(shape) != "graphicFrame":
        return slide.paragraphs(shape)
    for part in shape.iter():
        name = local(part)
        if name == "tbl":
            return _table_html(part)
        if name == "chart":
            root = slide.linked.get(attribute(part, "id"))
            return chart_html(root) if root is not None else ""
        if name == "relIds":
            root = slide.linked.get(attribute(part, "dm"))
            return diagram_html(root, inline) if root is not None else ""
    return ""


def _table_html(tbl: Any) -> str:
    properties = child(tbl, "tblPr")
    has_head = properties is not None and attribute(properties, "firstRow") in ("1", "true")
    has_keys = properties is not None and attribute(properties, "firstCol") in ("1", "true")
    rows: list[list[HtmlCell]] = []
    for row in (part for part in tbl if local(part) == "tr"):
        cells: list[HtmlCell] = []
        for cell in (part for part in row if local(part) == "tc"):
            if attribute(cell, "hMerge") in ("1", "true") or attribute(cell, "vMerge") in ("1", "true"):
                continue  # under one that reaches over it
            body = child(cell, "txBody")
            found = [part for part in body if local(part) == "p"] if body is not None else []
            inner = "".join(paragraph(inline(part)) for part in found)
            spans = (max(1, whole(attribute(cell, name), 1)) for name in ("gridSpan", "rowSpan"))
            cells.append(HtmlCell(inner, has_keys and not cells, *spans))
        rows.append(cells)
    return table(rows, n_head=1 if has_head and len(rows) > 1 else 0)
