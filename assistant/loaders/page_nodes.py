"""The elements of a web page that can be seen: their words, what of them an extractor has found, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from assistant.loaders.html_blocks import BLOCKS
from assistant.loaders.html_tree import HIDDEN, is_hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHINGLE = 4  # words
_SHARE_FOUND = 0.7  # of the shingles of a block, for the block to be found
_MOST = 0.6
_HALF = 0.5
_LITTLE = 0.2
_FEW_WORDS = 50
_MUCH = 0.4
WORD = re.compile(r"\w+")
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LINES = re.compile(r"[\n|]")
_FOOTNOTE = re.compile(r"\s{0,9}\[?\s{0,9}\w{1,4}\s{0,9}\]?\s{0,9}")
_DIGITS = re.compile(r"\d+")
_TURNS = frozenset(("", "odd", "even", "alt", "first", "last"))
_STOP = re.compile(r"[.!?…:。！？][\"'”’)\]»]{0,3}\s*$")
_AROUND = frozenset("nav aside footer form button select dialog menu".split())
_FILLED_IN = ("input", "textarea", "select", "button")
_ROLES = frozenset(
    "navigation complementary banner contentinfo search dialog alertdialog menu menubar toolbar tablist tooltip status alert "
    "doc-toc doc-pagelist doc-index form".split()
)
_CERTAIN = frozenset(
    "ad ads advert advertisement adverts breadcrumb breadcrumbs catlinks commentform comments comment consent cookie cookies "
    "disqus editsection footer gdpr headerlink masthead navbar navbox navigation newsletter outbrain pagination paywall "
    "permalink popup regwall recirculation recommended recommendations related share shares sharing sidebar signup sitenotice "
    "skiplink jumplink social sponsored subnav taboola toc toolbar trending upsell".split()
)
"""What bears these words in its name is beside an article, whatever an extractor makes of it."""
_LIKELY = frozenset(
    "actionbar authorbox banner bio biography byline copyright downvote embed feedback jumbotron linkback login menu meta "
    "metadata modal more nav noprint pager postprofile prevnext print profile promo promoted promotion rating ratings "
    "readmore reflist references respond responses review reviews rss screenreader shop signature skip sponsor sr subscribe "
    "subscription tags teaser teasers tools tooltip upvote usercard userinfo vote votes voting widget widgets".split()
)
"""And these, unless much of what was found of the article stands in it."""
_PAIRS = frozenset(
    ("visually hidden", "read next", "see also", "most read", "you may", "back top", "also like", "jump link", "action bar")
)  # fmt: skip
_TALK = frozenset(("comment", "comments"))
CODE = ("pre", "code", "kbd", "samp", "tt")
HOLDERS = ("article", "main")
_NAMED_BY_TEXT = frozenset("section h1 h2 h3 h4 h5 h6 a span dt p li".split())


@dataclass(slots=True)
class Node:
    """An element of the page: of its own words, and of all under it.

    Attributes:
        element: in the tree.
        parent: position of the node around it, -1 for none.
        block: position of the nearest block, which its words belong to.
        words: of its own, if it is a block.
        stops: whether its own text ends as a sentence does.
        n_all, n_linked, n_found: words under it: all, in links, found by the extractor.
        is_found: whether the extractor found its own words.
        is_around: whether it is no part of an article, by its kind or name.
        is_code: whether it is code, or stands in some.
        is_dropped: whether its own words are cut out.
    """

    element: Any
    tag: str
    parent: int
    block: int
    texts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    stops: bool = False
    n_own_linked: int = 0
    n_all: int = 0
    n_linked: int = 0
    n_found: int = 0
    is_found: bool = False
    is_around: bool = False
    is_code: bool = False
    is_dropped: bool = False


def page_nodes(root: HtmlElement) -> list[Node]:
    """Returns the elements that can be seen, those around before those inside."""
    from lxml.etree import iterwalk

    nodes: list[Node] = []
    open_nodes: list[int] = []
    links = 0
    walk = iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "start":
            tag = tag_of(element)
            if tag in HIDDEN or is_hidden(element) or element.get("aria-hidden") == "true":
                walk.skip_subtree()
                continue
            position, parent = len(nodes), open_nodes[-1] if open_nodes else -1
            is_block = tag in BLOCKS or parent < 0
            nodes.append(Node(element, tag, parent, position if is_block else nodes[parent].block))
            open_nodes.append(position)
            links += tag == "a" and element.get("href") is not None
            _take(nodes, nodes[-1].block, element.text, links)
        elif event == "end" and open_nodes and nodes[open_nodes[-1]].element is element:
            open_nodes.pop()
            links -= tag_of(element) == "a" and element.get("href") is not None
        if event != "start" and open_nodes:
            _take(nodes, nodes[open_nodes[-1]].block, element.tail, links)
    for node in nodes:
        text = "".join(node.texts)
        node.texts = []
        node.words = [word.lower() for word in WORD.findall(text)]
        node.stops = bool(_STOP.search(text[-60:]))
        node.n_all = len(node.words)
    return nodes


def _take(nodes: list[Node], block: int, text: str | None, links: int) -> None:
    if text and not text.isspace():
        nodes[block].texts.append(text if nodes[block].element.tag in ("pre", "p") else f"{text} ")
        if links:
            nodes[block].n_own_linked += len(WORD.findall(text))


def mark_nodes(nodes: Sequence[Node], extracted: str) -> None:
    """Notes of each node what the extractor found, what is linked, and what is not of an article by its name."""
    lines: set[tuple[str, ...]] = set()
    shingles: set[tuple[str, ...]] = set()
    for line in _LINES.split(extracted):
        words = [word.lower() for word in WORD.findall(line)]
        lines.add(tuple(words))
        shingles.update(_shingles(words))
    for node in nodes:
        found = list(_shingles(node.words))
        if found:
            node.is_found = sum(shingle in shingles for shingle in found) >= _SHARE_FOUND * len(found)
        else:
            node.is_found = bool(node.words) and tuple(node.words) in lines
        node.n_linked = min(node.n_own_linked, node.n_all)
        node.n_found = node.n_all if node.is_found else 0
    for node in reversed(nodes):
        if node.parent >= 0:
            above = nodes[node.parent]
            above.n_all, above.n_linked, above.n_found = (
                above.n_all + node.n_all, above.n_linked + node.n_linked, above.n_found + node.n_found,
            )  # fmt: skip
    is_talk = _is_talk(nodes)
    for node in nodes:
        above = nodes[max(0, node.parent)]
        # Colours of code are named after what they colour: comments, for one.
        node.is_code = above.is_code or node.tag in CODE
        node.is_around = above.is_around or (not node.is_code and _is_around(node, nodes[0], is_talk))


def _shingles(words: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - _SHINGLE + 1):
        yield tuple(words[start : start + _SHINGLE])


def _is_talk(nodes: Sequence[Node]) -> bool:
    """Returns whether a page is its comments, as a thread or a ticket is: most of it, and hardly anything was found outside."""
    n_said = n_found = 0
    is_said = [False] * len(nodes)
    for position, node in enumerate(nodes):
        is_in_one = node.parent >= 0 and is_said[node.parent]
        is_said[position] = is_in_one or bool(_TALK & names_of(node.element))
        if is_said[position] and not is_in_one:
            n_said += node.n_all - node.n_linked
            n_found += node.n_found
    n_outside = nodes[0].n_found - n_found
    return n_said > _HALF * (nodes[0].n_all - nodes[0].n_linked) and n_outside < min(_FEW_WORDS, _LITTLE * n_said)


def _is_around(node: Node, page: Node, is_talk: bool) -> bool:
    """Returns whether an element is beside the article by what it is or how it is called.

    What holds most of the page, or much of what was found, is not beside it, whatever it is called.
    """
    element = node.element
    if node.tag in ("html", "body", *HOLDERS):
        return False
    if node.tag == "sup":
        return bool(_FOOTNOTE.fullmatch("".join(element.itertext()))) and element.find(".//a") is not None
    if node.n_all - node.n_linked > _MOST * (page.n_all - page.n_linked):
        return False
    if node.tag == "form" and all(element.find(f".//{tag}") is None for tag in _FILLED_IN):
        return False  # of old boards, around what was said
    if node.tag in _AROUND or element.get("role", "").lower() in _ROLES:
        return True
    names = names_of(element)
    certain = _CERTAIN - _TALK if is_talk else _CERTAIN
    return bool(certain & names) or (bool(_LIKELY & names) and node.n_found <= _MUCH * page.n_found)


def names_of(element: Any) -> set[str]:
    """Returns the words of the names that an element bears: of `relatedPosts share-box` four; and pairs that mean one."""
    names: set[str] = set()
    # The id of a section is often made from its heading: what it is about, not what it is for.
    of_text = tag_of(element) in _NAMED_BY_TEXT or "section" in element.get("class", "")
    given = [element.get("class", ""), "" if of_text else element.get("id", ""), element.get("data-component", "")]
    for name in " ".join(given)[:500].split():
        words = [word.lower() for word in _NAME.findall(name)]
        # One that only tells that something is there, or is none, is the name of its neighbour.
        if not {"has", "with", "no", "not", "without"} & set(words):
            names.update(words)
            joined = "".join(words)
            names.add(joined)
            if any(f"{one} {other}" in _PAIRS for one, other in pairwise(words)):
                names.add("readmore")
    return names


def likeness(element: Any) -> str:
    """Returns what an element is called, less what only tells its neighbours apart, as `bg1` and `bg2`, `odd` and `even`."""
    names = {_DIGITS.sub("", name) for name in element.get("class", "").split()} - _TURNS
    return str(element.get("itemprop") or " ".join(sorted(names)[:2]))


def children_of(nodes: Sequence[Node]) -> dict[int, list[int]]:
    """Returns the positions of what is directly in each element that has something in it."""
    children: dict[int, list[int]] = {}
    for position, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(position)
    return children


def tag_of(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
