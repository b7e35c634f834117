"""PowerPoint -> the text of its slides in order; the number of its slide is where a sentence stands.

The XML is read here, with defusedxml. python-pptx (MIT) was looked at first: it unpacks what it opens without a limit,
gives up a whole file for one part that is named and missing, and leaves the words of SmartArt out
(https://github.com/scanny/python-pptx/issues/83), charts and what a bullet inherits as well.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.docx_numbers import attribute, child, local
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded
from assistant.loaders.pptx_bullets import Bullets
from assistant.loaders.pptx_shapes import Slide, kind_of, shapes_of, slide_html
from assistant.loaders.properties import office_properties, sensible_title
from assistant.loaders.text_builder import TextBuilder
from assistant.loaders.zip_parts import Packed, path_from, read_parts, xml_root

NOTES = "Speaker notes"
"""The section of what is written beneath slides, which stands behind all of them."""
MAX_SLIDES = 5000
_POWERPOINT = Packed(
    (".xml", ".rels"),
    "is damaged, or no PowerPoint file. Save it again as .pptx, and add that.",
    "is protected by a password. Save it without one and add that.",
    "PowerPoint file",
)


class _Parts:
    """The parts of a file, and which parts each names; what is named and missing is left out."""

    def __init__(self, data: bytes, name: str) -> None:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise ArticleError(
                f"{name} is an old PowerPoint file (.ppt), or protected by a password. Open it where it was made, "
                "save it as .pptx without a password, and add that."
            )
        self._name = name
        self._data = read_parts(data, name, _POWERPOINT)
        self._roots: dict[str, Any] = {}

    def root(self, path: str) -> Any | None:
        """Returns the root of a part, None if there is no such part."""
        if path not in self._data:
            return None
        if path not in self._roots:
            self._roots[path] = xml_root(self._data[path], self._name, _POWERPOINT)
        return self._roots[path]

    def links(self, path: str) -> dict[str, tuple[str, str]]:
        """Returns (last word of its kind, path) of each part that a part names, by id."""
        folder, _, file = path.rpartition("/")
        found = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            attribute(link, "Id"): (attribute(link, "Type").rpartition("/")[2], path_from(folder, attribute(link, "Target")))
            for link in (found if found is not None else ())
            if attribute(link, "TargetMode") != "External"
        }  # fmt: skip

    def linked(self, path: str, kind: str) -> str:
        """Returns the path of the first part of a kind that a part names, "" if there is none."""
        return next((target for found, target in self.links(path).values() if found == kind), "")


@dataclass(frozen=True, slots=True)
class _Read:
    """A slide as HTML, its title, and HTML of its notes."""

    number: int
    html: str
    title: str
    notes: str


def load_pptx(data: bytes, name: str) -> Loaded:
    """Returns the text of a presentation: its slides in order, then the notes on them; `Mark.place` is as "slide 4".

    A slide's title is its heading. Dates, footers and numbers of slides are left out. Title, author, date and keywords
    are those of its properties.

    Raises:
        ArticleError: if it is no such file, protected, damaged, empty, or much larger unpacked than packed.
    """
    parts = _Parts(data, name)
    start = parts.linked("", "officeDocument") or "ppt/presentation.xml"
    presentation = parts.root(start)
    if presentation is None or local(presentation) != "presentation":
        raise ArticleError(f"{name} {_POWERPOINT.damaged}")
    core = parts.root("docProps/core.xml")
    told = office_properties(core)
    hidden: list[int] = []
    slides = list(_slides(parts, start, presentation, hidden))
    title = sensible_title(told.title, name) or next((slide.title for slide in slides if slide.title), "")
    builder = TextBuilder()
    for slide in slides:
        # One without a title would stand under that of the slide before.
        builder.mark(place=f"slide {slide.number}", section=title or f"Slide {slide.number}")
        add_html(parse_html(slide.html), builder)
    for slide in slides:
        if slide.notes:
            builder.mark(place=f"slide {slide.number}, notes", section=NOTES)
            add_html(parse_html(slide.notes), builder)
    if not builder.texts():
        raise ArticleError(f"{name} has no text: its slides are empty, or pictures. Add one with text.")
    notes = (_hidden_note(hidden),) if hidden else ()
    return builder.loaded(title, told.author, told.date, told.tags, notes)


def _slides(parts: _Parts, start: str, presentation: Any, hidden: list[int]) -> Iterator[_Read]:
    """Yields the slides in the order of the show, numbered as PowerPoint does; `hidden` gets those that it leaves out."""
    links = parts.links(start)
    listed = child(presentation, "sldIdLst")
    for number, entry in enumerate((listed if listed is not None else ())[:MAX_SLIDES], start=1):
        # Of its two ids, the one in the namespace of relationships names the part.
        given = [value for key, value in entry.attrib.items() if key.endswith("}id")]
        path = links.get(given[0], ("", ""))[1] if given else ""
        root = parts.root(path)
        if root is None or local(root) != "sld":
            continue
        if attribute(root, "show") in ("0", "false"):
            hidden.append(number)
        layout = parts.linked(path, "slideLayout")
        master = parts.linked(layout, "slideMaster") if layout else ""
        bullets = Bullets(parts.root(layout) if layout else None, parts.root(master) if master else None)
        linked = {key: parts.root(target) for key, (_, target) in parts.links(path).items()}
        html, title = slide_html(Slide(root, bullets, linked), is_first=number == 1)
        yield _Read(number, html, title, _notes(parts, path))


def _notes(parts: _Parts, path: str) -> str:
    """Returns HTML of what is written beneath a slide."""
    notes = parts.linked(path, "notesSlide")
    root = parts.root(notes) if notes else None
    if root is None:
        return ""
    slide = Slide(root, Bullets(None, None), {})
    return "".join(slide.paragraphs(shape) for shape in shapes_of(root) if kind_of(shape) == "body")


def _hidden_note(hidden: list[int]) -> str:
    if len(hidden) == 1:
        return f"Slide {hidden[0]} is hidden when the slides are shown; it was read all the same."
    return f"{len(hidden):,} slides are hidden when the slides are shown, the first of them slide {hidden[0]:,}; they were read all the same."
