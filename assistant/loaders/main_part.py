"""The article of a web page within its tree: what one extractor has found, and what it has left out in between.

An extractor of articles finds the right place, and drops lists, tables and sections there. So its words only mark which
blocks of the page are the article; what is taken is the part of the page around them, less what surrounds an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.loaders.html_blocks import BLOCKS
from assistant.loaders.page_nodes import CODE, HOLDERS, WORD, Node, likeness, mark_nodes, names_of, page_nodes, tag_of
from assistant.loaders.page_threads import mark_threads

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHARE_OF_PART = 0.85  # of the words found, for an element to be the one around the article
_SHARE_LINKED = 0.5
_PROSE_WORDS = 12
_LABEL_WORDS = 6
_COUNT = re.compile(
    r"\d+ (?:answers?|comments?|repl(?:y|ies)|responses?|reviews?|likes?|views?|shares?|votes?|points?)"
)
_KEPT_SHORT = frozenset("li td th dt dd pre code figcaption caption blockquote h1 h2 h3 h4 h5 h6".split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def take_main_part(root: HtmlElement, extracted: str) -> tuple[HtmlElement, bool]:
    """Returns the part of a page that is its article, cut out of the tree, and whether a paywall stood in it.

    Args:
        root: the page; it is changed.
        extracted: what an extractor took for the article's text; "" if it found none.
    """
    nodes = page_nodes(root)
    mark_nodes(nodes, extracted)
    has_threads = mark_threads(nodes)
    if not has_threads and not _has_surroundings(nodes):
        return root, False
    part, name = _part(nodes)
    _drop(nodes, part, name)
    walled = any(node.is_around and {"paywall", "regwall"} & names_of(node.element) for node in nodes)
    return nodes[part].element, walled


def _has_surroundings(nodes: Sequence[Node]) -> bool:
    """Returns whether a page is more than its article: a saved text alone has no menus, and loses nothing."""
    return any(node.is_around or node.tag == "header" or _is_menu(node) for node in nodes)


def _is_menu(node: Node) -> bool:
    """Returns whether an element is a row of links and nothing else."""
    return node.tag in BLOCKS and node.n_linked == node.n_all > 2 and len(node.element.findall(".//a")) > 1


def _part(nodes: Sequence[Node]) -> tuple[int, str]:
    """Returns the position of the smallest element around the article, and what its parts are called, where they are many."""
    n_found = nodes[0].n_found
    positions = {id(node.element): position for position, node in enumerate(nodes)}
    if n_found:
        part = max(p for p, node in enumerate(nodes) if node.n_found >= _SHARE_OF_PART * n_found and node.block == p)
    else:
        part = _likeliest(nodes)
    # What is called the article holds also what was not found of it.
    around, position = [], part
    while position >= 0:
        if nodes[position].tag in HOLDERS or nodes[position].element.get("role") == "main" or nodes[position].element.get("itemprop") == "articleBody":  # fmt: skip
            around.append(position)
        position = nodes[position].parent
    if around:
        part = around[-1]
    return _with_its_like(nodes, part, positions)


def _likeliest(nodes: Sequence[Node]) -> int:
    """Returns the holder with the most words that are not linked, where nothing was found; the whole page if none."""
    holders = [p for p, node in enumerate(nodes) if node.tag in HOLDERS or node.element.get("role") == "main"]
    return max(holders, key=lambda p: nodes[p].n_all - nodes[p].n_linked, default=0)


def _with_its_like(nodes: Sequence[Node], part: int, positions: dict[int, int]) -> tuple[int, str]:
    """Returns the element around several of the same name, as the posts of one thread are; else the part itself, and ""."""
    position = part
    for _ in range(4):
        node = nodes[position]
        if node.parent < 0 or node.tag == "body":
            break
        name = likeness(node.element)
        like = [
            sibling
            for sibling in nodes[node.parent].element
            if sibling is not node.element
            and tag_of(sibling) == node.tag
            and name
            and likeness(sibling) == name
            and id(sibling) in positions
        ]
        if any(_is_prose(nodes[positions[id(sibling)]]) for sibling in like):
            return node.parent, name
        position = node.parent
    return part, ""


def _is_prose(node: Node) -> bool:
    return not node.is_around and node.n_all >= 2 * _PROSE_WORDS and node.n_linked < 0.3 * node.n_all


def _drop(nodes: list[Node], part: int, name: str) -> None:
    """Cuts out of the tree what is in the part and not of the article.

    Args:
        nodes: of the page.
        part: position of the part.
        name: of what the part is made of; "" if it is one.
    """
    end = next((p for p in range(part + 1, len(nodes)) if not _is_under(nodes, p, part)), len(nodes))
    inside = range(part, end)
    is_beside = [False] * len(nodes)
    for position in inside:
        node = nodes[position]
        if position > part:
            is_beside[position] = is_beside[node.parent] or bool(
                name and node.parent == part and not node.n_found and likeness(node.element) != name
            )
        if node.block == position and node.words:
            is_of_it = not _is_label(nodes, node) and (
                node.is_found or (not is_beside[position] and _belongs(nodes, node))
            )
            node.is_dropped = node.is_around or not is_of_it
        elif node.is_around and node.block != position:
            node.is_dropped = True
    _drop_headings(nodes, inside)
    kept = [False] * len(nodes)
    for position in reversed(inside):
        node = nodes[position]
        has_own = node.block == position and bool(node.words) and not node.is_dropped
        kept[position] = kept[position] or has_own
        if node.block == position and kept[position] and node.parent >= 0:
            kept[node.parent] = True
    for position in reversed(inside):
        node = nodes[position]
        if position == part:
            if node.is_dropped:
                _empty(node)
        elif (node.block == position and not kept[position] and (node.words or node.n_all)) or (
            node.block != position and node.is_around
        ):
            _remove(node.element)
        elif node.is_dropped:
            _empty(node)


def _is_under(nodes: Sequence[Node], position: int, part: int) -> bool:
    while position > part:
        position = nodes[position].parent
    return position == part


def _is_label(nodes: Sequence[Node], node: Node) -> bool:
    """Returns whether words are no text at all: a count, or a link to do something with the page."""
    if any(above.tag in _KEPT_SHORT and above.tag not in _HEADINGS for above in _upward(nodes, node)):
        return False
    if _COUNT.fullmatch(" ".join(node.words)) or (len(node.words) == 1 and node.words[0].isdigit()):
        return True
    return (
        node.tag not in _HEADINGS
        and node.n_own_linked >= len(node.words)
        and len(node.words) < _LABEL_WORDS
        and not node.stops
    )


def _belongs(nodes: Sequence[Node], node: Node) -> bool:
    """Returns whether words that were not found are of the article all the same: prose, items and cells, not labels."""
    n_own = len(node.words)
    linked = node.n_own_linked >= _SHARE_LINKED * n_own and not (node.stops and n_own >= _PROSE_WORDS)
    if node.tag in ("li", "dd", "dt", "td", "th"):
        group = node
        while group.tag not in ("ul", "ol", "dl", "table", "menu") and group.parent >= 0:
            group = nodes[group.parent]
        return group.n_linked < _SHARE_LINKED * max(1, group.n_all) or not linked
    if linked:
        return False
    inside = node
    while (
        inside.parent >= 0 and inside.tag not in _KEPT_SHORT and inside.tag not in ("div", "section", "article", "main")
    ):
        inside = nodes[inside.parent]
    if inside.tag in _KEPT_SHORT:
        return True
    is_code = len(WORD.findall(" ".join(t for c in node.element.iter(*CODE) for t in c.itertext()))) * 2 >= len(
        node.words
    )
    return is_code or len(node.words) >= (3 if node.stops else _PROSE_WORDS)


def _drop_headings(nodes: list[Node], inside: range) -> None:
    """Drops headings that nothing follows any more: what stood under them is gone."""
    has_words = [False] * 8  # by level: whether words follow before the next heading of that level or a higher one
    for position in reversed(inside):
        node = nodes[position]
        if node.block != position or not node.words or node.is_dropped:
            continue
        heading = next((above for above in _upward(nodes, node) if above.tag in _HEADINGS), None)
        level = _HEADINGS[heading.tag] if heading else 0
        if not level:
            has_words = [True] * 8
            continue
        node.is_dropped = level > 1 and not has_words[level] and not (heading and _is_before_words(heading.element))
        has_words[level:] = [False] * (8 - level)


def _is_before_words(element: Any) -> bool:
    """Returns whether words stand behind an element that are in no block of their own."""
    while element is not None:
        if (element.tail or "").strip():
            return True
        element = element.getnext()
        if element is None or tag_of(element) in BLOCKS:
            return False
        if "".join(element.itertext()).strip():
            return True
    return False


def _upward(nodes: Sequence[Node], node: Node) -> Iterator[Node]:
    for _ in range(3):
        yield node
        if node.parent < 0:
            return
        node = nodes[node.parent]


def _empty(node: Node) -> None:
    """Takes an element's own words away, and leaves the blocks in it."""
    node.element.text = None
    for child in list(node.element):
        if tag_of(child) not in BLOCKS and not any(tag_of(inner) in BLOCKS for inner in child.iter()):
            _remove(child)
        child.tail = None


def _remove(element: Any) -> None:
    """Takes an element out of the tree; the words behind it stay."""
    above = element.getparent()
    if above is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)
