"""Word's XML, made ready for mammoth: numbers, headings, formulas and boxes that it would leave out."""

from __future__ import annotations

import re
from typing import Any

from assistant.loaders.docx_numbers import Numbers, attribute, child, local, value_of, whole

# What stands before a numbered paragraph on its way through mammoth: depth and number, between private characters.
MARKED = re.compile("\ue000([0-9])\ue001([^\ue000-\ue002]{0,80})\ue002")
_PRIVATE = dict.fromkeys((0xE000, 0xE001, 0xE002), "�")
_HEADING = re.compile(r"heading ([1-9])$")
# What mammoth does not know, and what it is to be taken for.
_TAKEN_FOR = {"dir": "smartTag", "bdo": "smartTag", "fldSimple": "smartTag", "cr": "br", "ptab": "tab"}
_MAX_STYLES = 30


class Styles:
    """What the styles of paragraphs tell: the level of headings, and the list that they are numbered by."""

    def __init__(self, root: Any | None) -> None:
        """Stores the styles by id, from the root of the part that has them."""
        found = root if root is not None else ()
        self._by_id = {attribute(style, "styleId"): style for style in found if local(style) == "style"}

    def level(self, style_id: str) -> int:
        """Returns the level of a heading's style, 0 if it is none's."""
        for style in self._line(style_id):
            name = value_of(style, "name").lower()
            heading = _HEADING.match(name)
            if heading or name == "title":
                return int(heading[1]) if heading else 1
            properties = child(style, "pPr")
            outline = "" if properties is None else value_of(properties, "outlineLvl")
            if outline:
                return whole(outline, 9) % 9 + 1 if whole(outline, 9) < 9 else 0
        return 0

    def numbering(self, style_id: str) -> Any | None:
        """Returns the `numPr` of a style or of what it is based on."""
        for style in self._line(style_id):
            properties = child(style, "pPr")
            found = None if properties is None else child(properties, "numPr")
            if found is not None:
                return found
        return None

    def _line(self, style_id: str) -> list[Any]:
        """Returns a style and those that it is based on, nearest first."""
        line: list[Any] = []
        while style_id in self._by_id and len(line) < _MAX_STYLES:
            line.append(self._by_id[style_id])
            style_id = value_of(line[-1], "basedOn")
        return line


def prepare(root: Any, styles: Styles, numbers: Numbers) -> None:
    """Changes a part with text in place, so that mammoth gives all of what Word shows."""
    for element in list(root.iter()):
        name = local(element)
        if name == "t" and element.text:
            element.text = element.text.translate(_PRIVATE)
        elif name in _TAKEN_FOR:
            element.tag = _in_namespace_of(element, _TAKEN_FOR[name])
        elif name in ("oMath", "AlternateContent", "drawing", "pict"):
            _replace(element)
        elif name == "p" and "wordprocessingml" in element.tag:
            _prepare_paragraph(element, styles, numbers)


def _prepare_paragraph(paragraph: Any, styles: Styles, numbers: Numbers) -> None:
    properties = child(paragraph, "pPr")
    if properties is None:
        return
    style_id = value_of(properties, "pStyle")
    outline = value_of(properties, "outlineLvl")
    level = whole(outline, 9) + 1 if outline and whole(outline, 9) < 9 else styles.level(style_id)
    given = child(properties, "numPr")
    numbering = given if given is not None else styles.numbering(style_id)
    label = None
    depth = 0
    if numbering is not None:
        inherited = styles.numbering(style_id)
        list_id = value_of(numbering, "numId") or ("" if inherited is None else value_of(inherited, "numId"))
        depth = whole(value_of(numbering, "ilvl"), max(0, level - 1) if given is None else 0)
        label = numbers.label(list_id, depth)  # one without words counts too
    if label is not None or level:
        for part in [part for part in properties if local(part) in ("pStyle", "numPr")]:
            properties.remove(part)
    if level:
        style = properties.makeelement(_in_namespace_of(paragraph, "pStyle"), {})
        style.set(_in_namespace_of(paragraph, "val"), f"Heading{min(level, 6)}")
        properties.insert(0, style)
    if label is not None:
        mark = f"\ue000{min(depth, 9)}\ue001{label}\ue002" if not level else f"{label} " * bool(label)
        paragraph.insert(list(paragraph).index(properties) + 1, _run(paragraph, mark))


def _replace(element: Any) -> None:
    """Makes a formula or a picture a run of its letters, and content without an old form a box of its text."""
    name = local(element)
    boxes = [part for part in element.iter() if local(part) == "txbxContent"]
    if name == "AlternateContent" and child(element, "Fallback") is not None:
        return
    if boxes:
        if name != "pict":
            _become(element, "pict", boxes)
        return
    written = element.makeelement(_W + "t", {})
    written.text = formula(element) if name == "oMath" else f" {_description(element)} "
    _become(element, "r" if name == "oMath" else "smartTag", [written])


def _become(element: Any, name: str, parts: list[Any]) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
    element.tag = _W + name
    element.extend(parts)


def _description(element: Any) -> str:
    """Returns the description of a picture, "" if it has none."""
    for part in element.iter():
        if local(part) in ("docPr", "imagedata", "shape"):
            told = {key.rpartition("}")[2]: value for key, value in part.attrib.items() if value}
            for name in ("descr", "alt", "title"):
                if name in told:
                    return str(told[name]).translate(_PRIVATE)
    return ""


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def formula(element: Any) -> str:
    """Returns a formula in one line: fractions with a stroke, exponents behind ^, indices behind _."""
    signs = {"den": "/", "sup": "^", "sub": "_"}
    parts: list[str] = []
    for part in element.iter():
        name = local(part)
        if name in signs and any(local(inner) == "t" and inner.text for inner in part.iter()):
            parts.append(signs[name])
        elif name == "t":
            parts.append(part.text or "")
    return "".join(parts)


def _run(near: Any, text: str) -> Any:
    run = near.makeelement(_in_namespace_of(near, "r"), {})
    written = near.makeelement(_in_namespace_of(near, "t"), {})
    written.text = text
    run.append(written)
    return run


def _in_namespace_of(element: Any, name: str) -> str:
    return f"{element.tag.rpartition('}')[0]}}}{name}" if "}" in element.tag else name
