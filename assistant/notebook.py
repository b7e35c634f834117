"""How things look in a notebook: cards of HTML without scripts, legible on light and dark, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.markup import Html, join, tag

# Colours of the page around it, and greys that stand out from both black and white.
_CARD = "border:1px solid rgba(128,128,128,.5);border-radius:6px;padding:.5em .9em;margin:.4em 0;max-width:56em;line-height:1.5"
_QUIET = "opacity:.8;font-size:.9em"
_MARK = "background:rgba(255,190,0,.35);color:inherit;border-radius:2px"
_ROOMY = "white-space:pre-wrap;overflow-wrap:anywhere"

Span = tuple[int, int]


def card(*parts: str) -> Html:
    """Returns parts in a frame."""
    return tag("div", *parts, style=_CARD)


def heading(text: str) -> Html:
    """Returns a card's first line."""
    return tag("div", tag("strong", text))


def quiet(parts: Iterable[str]) -> Html:
    """Returns what is said beside, parted by dots; nothing for nothing."""
    told = [part for part in parts if part]
    return tag("div", " · ".join(told), style=_QUIET) if told else Html("")


def paragraph(*parts: str) -> Html:
    """Returns a paragraph whose lines stay as they are."""
    return tag("div", *parts, style=f"margin:.4em 0;{_ROOMY}")


def quoted(text: str, spans: Sequence[Span] = (), before: str = "", after: str = "") -> Html:
    """Returns a cited sentence, highlighted between what stands around it; `spans` of it are bold.

    >>> quoted("Bees < hum.", [(0, 4)], after="Rain.")[-44:]
    '<strong>Bees</strong> &lt; hum.</mark> Rain.'
    """
    parts: list[str] = []
    place = 0
    for start, end in sorted(spans):
        if place <= start < end <= len(text):
            parts += [text[place:start], tag("strong", text[start:end])]
            place = end
    marked = tag("mark", *parts, text[place:], style=_MARK)
    return join([f"{before} " if before else "", marked, f" {after}" if after else ""])


def figures(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Returns a table of figures, the first column left, the others right."""

    def cell(name: str, place: int, text: str) -> Html:
        align = "left" if place == 0 else "right"
        return tag(name, text, style=f"text-align:{align};padding:.15em .8em .15em 0;background:none")

    lines = [tag("tr", *(cell("th", n, text) for n, text in enumerate(headings)))]
    lines += [tag("tr", *(cell("td", n, text) for n, text in enumerate(row))) for row in rows]
    return tag("table", *lines, style="border-collapse:collapse;margin:.4em 0")
