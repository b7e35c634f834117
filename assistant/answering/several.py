"""A question on several articles, or on two sides: whom it means, and what each of them has on the matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.inquiry import Inquiry
from assistant.answering.overview import MAX_ARTICLES, central_evidence
from assistant.answering.signs import Plan, Several, SideAsked, SideFound
from assistant.articles.sentences import Sentence
from assistant.english.words import content_words, words
from assistant.finding.by_article import Fits, on_matter
from assistant.library.store import Entry, Store
from assistant.networks.embeddings import Embedder
from assistant.networks.reader import Reader
from assistant.question.across import Across, Sides, across_of

MAX_ARTICLES_OF_SIDE = 5
MAX_OF_EACH = 3  # sentences of an article or a side
WHOLE_PROBABILITY = 0.5
"""Of a side told of as a whole, as of every overview; see docs/architecture.md."""
WHAT_ABOUT = "What is this article about?"

_RULES = {"each": "each_article", "which": "which_articles", "compare": "compared"}
_NUMBERS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
    "other": 1,
    "1st": 0,
    "2nd": 1,
    "3rd": 2,
}
_NUMBERED = re.compile(rf"(?:the )?({'|'.join(_NUMBERS)})(?: (?:one|\w+))?", re.IGNORECASE)
_CALLED = re.compile(
    r"^(?:the |this |that |my |our )?(?:(?:article|text|story|piece|document|report|post|paper|book|email|file) "
    r"(?:(?:on|about|by|from|of|in|called|titled|entitled) )?)?(?:the |an? )?|(?: (?:article|text|story|piece|document|report|post|paper))$",
    re.IGNORECASE,
)


def plan_of(inquiry: Inquiry) -> Plan | None:
    """Returns what is to be searched for a question on several articles or two sides, None for any other question."""
    across = across_of(inquiry.standalone.text)
    if across is None or _RULES[across.form] in inquiry.parts.off:
        return None
    entries = inquiry.parts.store.contents()
    if inquiry.article_ids is not None:
        by_id = {entry.id: entry for entry in entries}
        entries = [by_id[i] for i in dict.fromkeys(inquiry.article_ids) if i in by_id]
    if not entries or (across.says_they and not _means_articles(inquiry)):
        return None
    ids = None if inquiry.article_ids is None else tuple(entry.id for entry in entries)
    plan = Plan(_RULES[across.form], across.matter, (), ids, len(entries), across.wants_one, across.is_of_speakers)
    if across.form != "compare":
        return plan if len(entries) > 1 else None
    return _comparison(plan, across, entries)


def _means_articles(inquiry: Inquiry) -> bool:
    """Returns whether "they" are the articles: nobody else was spoken of before."""
    return not inquiry.history or across_of(inquiry.history[-1][0]) is not None


def _comparison(plan: Plan, across: Across, entries: Sequence[Entry]) -> Plan | None:
    """Returns the plan with two sides: two articles if both are called so, else two things that the articles speak of."""
    for reading in across.readings:
        first, second = (articles_called(name, entries) for name in reading.names)
        if first and second and not {e.id for e in first} & {e.id for e in second}:
            sides = tuple(
                SideAsked(_name_of(found, name), tuple(e.id for e in found))
                for found, name in zip((first, second), reading.names, strict=True)
            )
            return replace(plan, matter=reading.matter, sides=sides)
    things = across.readings[0] if across.readings else Sides(("", ""), "")
    if not across.may_be_things or not things.matter or not all(content_words(name) for name in things.names):
        return None
    ids = tuple(e.id for e in entries) if plan.article_ids is not None else ()
    return replace(plan, matter=things.matter, sides=tuple(SideAsked(name, ids, False) for name in things.names))


def articles_called(name: str, entries: Sequence[Entry]) -> list[Entry]:
    """Returns the articles that a name means: by place, title, author, source, or words of the title; [] if none or too many.

    Args:
        name: as the question words it: "the first article", "Ann Lee", "the article on bees", "“On bees”".
        entries: the articles asked, in the order in which they are counted.
    """
    plain = name.strip(" \"'“”‘’.,")
    if found := _NUMBERED.fullmatch(plain):
        place = _NUMBERS[found[1].lower()]
        return [entries[place]] if -len(entries) <= place < len(entries) else []
    exact = [e for e in entries if e.title.strip().lower() == plain.lower()]
    called = _CALLED.sub("", plain).strip(" \"'“”‘’")
    stems = set(content_words(called))
    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda e: bool(stems) and stems <= set(words(e.author)),
        lambda e: len(called) > 2 and called.lower() in (e.source.lower(), _host(e.url), _stem_of(e.source)),
        lambda e: bool(stems) and stems <= set(words(e.title)),
    )
    for found_by in (exact, *([e for e in entries if test(e)] for test in tests)):
        if found_by:
            return found_by if len(found_by) <= MAX_ARTICLES_OF_SIDE else []
    return []


def _host(url: str) -> str:
    return url.lower().partition("://")[2].partition("/")[0].removeprefix("www.")


def _stem_of(source: str) -> str:
    return source.lower().rpartition("/")[2].rpartition(".")[0]


def _name_of(found: Sequence[Entry], name: str) -> str:
    return found[0].title if len(found) == 1 else name.strip(" \"'“”‘’")


def what_they_say(plan: Plan, store: Store, embedder: Embedder, reader: Reader) -> Several:
    """Returns what each article, or each side, has on the matter."""
    if not plan.sides:
        return _of_each(plan, store, embedder, reader)
    sides = tuple(_of_side(plan, side, store, embedder, reader) for side in plan.sides)
    return Several(plan.rule, sides, plan.n_asked, names_silent=True)


def _of_each(plan: Plan, store: Store, embedder: Embedder, reader: Reader) -> Several:
    found = on_matter(store, embedder, reader, plan.matter, plan.article_ids, MAX_ARTICLES)
    titles = {entry.id: entry.title for entry in store.contents()}
    sides = [
        SideFound(titles.get(one.article_id, ""), (one.article_id,), one.probability, tuple(one.evidence(MAX_OF_EACH)))
        for one in found
    ]
    is_chosen = plan.article_ids is not None and len(plan.article_ids) <= MAX_ARTICLES
    if is_chosen and not plan.wants_one:
        told = {one.article_id for one in found}
        sides += [SideFound(titles.get(i, ""), (i,), 0.0, ()) for i in plan.article_ids or () if i not in told]
    names_silent = is_chosen and plan.rule == "each_article"
    return Several(plan.rule, tuple(sides[:1] if plan.wants_one else sides), plan.n_asked, names_silent)


def _of_side(plan: Plan, side: SideAsked, store: Store, embedder: Embedder, reader: Reader) -> SideFound:
    if side.is_article and not plan.matter:
        central = central_evidence(store, embedder, "about", WHAT_ABOUT, side.article_ids)
        return SideFound(side.name, side.article_ids, WHOLE_PROBABILITY if central else 0.0, tuple(central))
    fits = None if side.is_article else _speaks_for(side.name, plan.is_of_speakers)
    matter = plan.matter if side.is_article else f"{plan.matter} of {side.name}"
    ids = side.article_ids or None
    found = on_matter(store, embedder, reader, matter, ids, MAX_ARTICLES_OF_SIDE, fits)
    evidence = found[0].evidence(MAX_OF_EACH) if found else []
    return SideFound(side.name, side.article_ids, found[0].probability if found else 0.0, tuple(evidence))


def _speaks_for(name: str, is_speaker: bool) -> Fits:
    """Returns whether a sentence is about a thing, which it or the one before it names, or is said by somebody of that name."""
    wanted = set(content_words(name))

    def fits(sentence: Sentence, before: Sentence | None) -> bool:
        if is_speaker:
            return wanted <= set(words(sentence.speaker))
        texts = f"{sentence.text} {before.text if before else ''} {sentence.section}"
        return wanted <= set(words(texts))

    return fits
