"""The threads of a page: posts that follow one another, and what a board puts into and between them, which nobody has said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assistant.loaders.page_nodes import Node, children_of, likeness, names_of

_PROSE_WORDS = 12
_LABEL_WORDS = 6
_BYLINE_WORDS = 10
_REPEATED_WORDS = 12
_FEWEST = 2
_POST = frozenset("answer comment message post postitem reply".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_KEPT = frozenset(("blockquote", "pre", "code", *_HEADINGS))
_OF_POSTER = re.compile(
    r"(?:joined|join date|registered|member since|posts|messages|topics|threads|reputation|karma|reaction score)\b.{0,120}"
    r"|\d[\d ]{0,9} (?:posts|messages|reputation|karma)"
)


def mark_threads(nodes: Sequence[Node]) -> bool:
    """Marks what is around the posts of each thread as no part of an article; returns whether there is a thread.

    That is who has written them, what stands in the same words under most of them, and what comes between and behind them
    without being prose.
    """
    is_one = False
    children = children_of(nodes)
    for posts in _threads(nodes, children):
        panels = [panel for post in posts for panel in _panels(nodes, post)]
        if not panels and not any(_POST & names_of(nodes[post].element) for post in posts):
            continue
        is_one = True
        for position in (*panels, *_repeated(nodes, posts), *_between(nodes, children, posts)):
            for inner in _under(nodes, position):
                nodes[inner].is_around = True
    return is_one


def _threads(nodes: Sequence[Node], children: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """Yields the positions of the posts of each thread: alike by name, each of several blocks, some of them prose."""
    for inside in children.values():
        alike: dict[tuple[str, str], list[int]] = {}
        for position in inside:
            name = likeness(nodes[position].element)
            if name and not nodes[position].is_around:
                alike.setdefault((nodes[position].tag, name), []).append(position)
        for posts in alike.values():
            if len(posts) >= _FEWEST and sum(_is_post(nodes, position) for position in posts) >= _FEWEST:
                yield posts


def _is_post(nodes: Sequence[Node], position: int) -> bool:
    blocks = [nodes[inner] for inner in _under(nodes, position) if nodes[inner].words]
    return any(_is_prose(node) for node in blocks) and any(
        node.tag not in _KEPT and not node.stops and len(node.words) <= _LABEL_WORDS for node in blocks
    )


def _is_prose(node: Node) -> bool:
    return node.stops and len(node.words) >= _PROSE_WORDS and 2 * node.n_own_linked < len(node.words)


def _panels(nodes: Sequence[Node], post: int) -> Iterator[int]:
    """Yields what tells of a post's writer, the largest parts without prose in which it is told since when they are there; and times."""
    positions = [inner for inner in _under(nodes, post) if inner != post]
    for position in positions:
        if 0 < len(nodes[position].words) <= _BYLINE_WORDS and _has_time(nodes[position]):
            yield position
        if not _OF_POSTER.fullmatch(" ".join(nodes[position].words)):
            continue
        while nodes[position].parent != post and not any(
            _is_prose(nodes[inner]) or nodes[inner].tag in _KEPT - _HEADINGS
            for inner in _under(nodes, nodes[position].parent)
        ):
            position = nodes[position].parent
        yield position


def _has_time(node: Node) -> bool:
    return not node.stops and any(node.element.find(f".//{tag}") is not None for tag in ("time", "relative-time"))


def _repeated(nodes: Sequence[Node], posts: Sequence[int]) -> Iterator[int]:
    """Yields blocks of few words that most posts have word for word."""
    of_words: dict[tuple[str, ...], list[int]] = {}
    in_posts: Counter[tuple[str, ...]] = Counter()
    for post in posts:
        blocks = [inner for inner in _under(nodes, post) if 0 < len(nodes[inner].words) <= _REPEATED_WORDS and nodes[inner].tag not in _KEPT]  # fmt: skip
        for inner in blocks:
            of_words.setdefault(tuple(nodes[inner].words), []).append(inner)
        in_posts.update({tuple(nodes[inner].words) for inner in blocks})
    for words, places in of_words.items():
        if in_posts[words] >= max(_FEWEST, len(posts) / 2):
            yield from places


def _between(nodes: Sequence[Node], children: Mapping[int, Sequence[int]], posts: Sequence[int]) -> Iterator[int]:
    """Yields what stands between the posts and behind them and is no post, nor prose."""
    first, ours = posts[0], set(posts)
    parent = nodes[first].parent
    while parent > 0 and ours.issuperset(children[parent]):
        first, parent, ours = parent, nodes[parent].parent, {parent}  # a list of nothing but the posts
    for position in children[parent]:
        if position < first or position in ours:
            continue
        if not any(_is_prose(nodes[inner]) or nodes[inner].tag == "pre" for inner in _under(nodes, position)):
            yield position


def _under(nodes: Sequence[Node], position: int) -> Iterator[int]:
    """Yields a position and those of all that is in it: what is inside comes behind what is around it."""
    yield position
    inside = {position}
    for inner in range(position + 1, len(nodes)):
        if nodes[inner].parent not in inside:
            return
        inside.add(inner)
        yield inner
