"""What sentences are to each other: a question in the text and the reply to it, the head of a list and its items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.english.words import content_words, words
from assistant.library.store import Store, StoredSentence

MAX_ITEMS = 20
MAX_REPLY = 3  # sentences
MAX_GAP = 2  # sentences that an item may have behind its first
MAX_HEADING_WORDS = 6
MAX_FRAGMENT = 80  # characters of an item without a mark

_ENDS_ASKING = re.compile(r"\?[\"'’”»›)\]*_\s]*$")
_LABEL = re.compile(
    r"\W{0,8}(?:[\w.’'-]{1,30}(?: [\w.’'-]{1,30}){0,3}:\s+|\d{1,3}[.)]\s+)?[\"'“‘*_#\s]{0,8}(?:(?:and|but|so|or|well),? )?",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:who|whom|whose|what|what[’']s|when|where|why|how|which|is|are|was|were|am|do|does|did|can|could|will|would|shall|should|"
    r"may|might|must|has|have|had|any|isn[’']t|aren[’']t|don[’']t|doesn[’']t|didn[’']t|can[’']t|won[’']t)\b",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\s*(?:(?P<bullet>[-*+•◦▪●‣·–—]\s)|(?:step |point |rule |no\. )?\(?(?P<number>\d{1,3})[.):]\s|\(?(?P<letter>[a-z])[.)]\s)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\W*(?:the )?(?P<ordinal>first|second|third|fourth|fifth|sixth|last|next|then|finally|lastly|firstly|secondly|thirdly)\b(?:ly)?(?:,| (?:is|was|are|of all|comes)\b)",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?:the )?(?:first|second|third|fourth|fifth|sixth|last|next|then|finally|lastly|firstly|secondly|thirdly)(?:ly)?,\s+",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"[.!?…][\"'’”»›)\]*_\s]*$")
_ASKING_FOR_SEVERAL = re.compile(
    r"(?:(?:and|but|so|then|please) )*(?:what|which|who|whom|how many|list|name|give|tell me)\b", re.IGNORECASE
)
_ASKING_FOR_ITEM = re.compile(
    r"\b(?:what|which|how)\b.{0,40}?\b(?:(?:step|point|item|rule|number|no\.?|question|section|stage|tip|condition|reason) (?P<number>\d{1,2}|one|two|three|four|"
    r"five|six|seven|eight|nine|ten)|(?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last) (?:step|point|item|rule|stage|tip|condition|reason|advantage|argument|thing|recommendation|change))\b",
    re.IGNORECASE,
)
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_ORDINALS = {
    word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in an article.

    Attributes:
        head: the sentence that says of what, None if there is none.
        items: each with its sentences, in order.
    """

    head: StoredSentence | None
    items: tuple[tuple[StoredSentence, ...], ...]

    @property
    def sentences(self) -> list[StoredSentence]:
        """All of it, in order."""
        return [*([self.head] if self.head else []), *(s for item in self.items for s in item)]


def asks(stored: StoredSentence) -> bool:
    """Returns whether a sentence is a question by its beginning too: "Honda didn't enter?" tells more than it asks."""
    text = stored.sentence.text
    label = _LABEL.match(text)
    return _ENDS_ASKING.search(text) is not None and _ASKING.match(text, label.end() if label else 0) is not None


def reply_to(store: Store, stored: StoredSentence) -> list[StoredSentence]:
    """Returns the sentences that reply to a question in the text, at most three, [] if nothing follows it.

    What follows the question at once, up to the next question, the next heading or who else speaks.
    """
    after = [s for s in store.neighbours(stored.id, 0, MAX_REPLY + MAX_GAP) if s.id > stored.id]
    while after and asks(after[0]):
        after.pop(0)
    reply: list[StoredSentence] = []
    for s in after[:MAX_REPLY]:
        if asks(s) or (reply and (s.sentence.section != reply[0].sentence.section or _mark(s) is not None)):
            break
        if reply and s.sentence.speaker != reply[0].sentence.speaker:
            break
        reply.append(s)
    return reply


def below_heading(store: Store, stored: StoredSentence) -> list[StoredSentence]:
    """Returns the first sentence below a heading, [] if this is none, or nothing stands below it.

    A short line without a stop, before a sentence, is one too: where the line before it is not of its kind, or it has a number.
    """
    around = store.neighbours(stored.id, 1, 1)
    before = [s for s in around if s.id < stored.id]
    after = [s for s in around if s.id > stored.id]
    if not after or _fragment(stored) is None or _fragment(after[0]) is not None or asks(after[0]):
        return []
    title = stored.sentence.text.strip().strip("#*_ ")
    if title and after[0].sentence.section == title:
        return after
    mark = _mark(stored)
    alone = mark is None and not any(_fragment(s) for s in before)
    is_short = len(title.split()) <= MAX_HEADING_WORDS
    return after if is_short and (alone or mark == "number") and _mark(after[0]) is None else []


def listing_of(store: Store, stored: StoredSentence) -> Listing | None:
    """Returns the list that a sentence heads or belongs to, None if it does neither."""
    around = store.neighbours(stored.id, MAX_ITEMS + MAX_GAP, MAX_ITEMS + MAX_GAP)
    place = next((n for n, s in enumerate(around) if s.id == stored.id), -1)
    if place < 0:
        return None
    for starts in (_mark, _ordinal, _fragment):
        found = _listing(around, place, [starts(s) for s in around], starts is not _fragment)
        if found is not None:
            return found
    return None


def wants_several(question: str) -> bool:
    """Returns whether a question may want all items of a list: what, which, who, how many."""
    return _ASKING_FOR_SEVERAL.match(question.strip()) is not None


def named_by_head(question: str, listing: Listing) -> float:
    """Returns the share of a question's content words that stand in the head of a list, or in its heading."""
    asked = set(content_words(question))
    if listing.head is None or not asked:
        return 0.0
    return len(asked & set(words(f"{listing.head.sentence.text} {listing.head.sentence.section}"))) / len(asked)


def tells_items_apart(question: str, listing: Listing) -> bool:
    """Returns whether a question names something that few items have, and the head has not: then one item is asked for."""
    head = listing.head.sentence if listing.head else None
    in_head = set(words(f"{head.text} {head.section}")) if head else set()
    asked = set(content_words(question)) - in_head
    named = [asked & {w for s in item for w in words(s.sentence.text)} for item in listing.items]
    # What every item names tells none of them from the others.
    return any(one and sum(bool(one & other) for other in named) * 2 <= len(named) for one in named)


def item_asked_for(question: str) -> int | None:
    """Returns the number of the item that a question names, "What is step 3?", -1 for the last, None if it names none."""
    found = _ASKING_FOR_ITEM.search(question)
    if found is None:
        return None
    name = (found["number"] or found["ordinal"]).lower()
    if name == "last":
        return -1
    return int(name) if name.isdigit() else _NUMBERS.get(name) or _ORDINALS.get(name)


def _listing(
    around: Sequence[StoredSentence], place: int, marks: Sequence[str | None], may_have_gaps: bool
) -> Listing | None:
    """Returns the list around a place, by what each sentence begins with: a kind of mark, None for no mark."""
    gap = MAX_GAP if may_have_gaps else 0
    first = place if marks[place] is not None else next(
        (n for n in range(place + 1, min(place + 2, len(around))) if marks[n] and _may_head(around[place], marks[n] == "ordinal")), -1
    )  # fmt: skip
    if first < 0:
        first = next((n for n in range(place - 1, max(-1, place - gap - 1), -1) if marks[n] is not None), -1)
        if first < 0 or not any(marks[n] == marks[first] for n in range(place + 1, min(len(around), place + gap + 1))):
            return None
    kind = marks[first]
    starts = [first]
    for step in (-1, 1):
        at = first
        while (n := _next_like(marks, at, step, kind, gap)) is not None and len(starts) < MAX_ITEMS:
            starts.append(n)
            at = n
    starts.sort()
    if len(starts) < 2:
        return None
    ends = [*starts[1:], starts[-1] + 1]
    items = tuple(tuple(around[start:end]) for start, end in zip(starts, ends, strict=True))
    head = around[starts[0] - 1] if starts[0] and _may_head(around[starts[0] - 1], kind == "ordinal") else None
    if head is None and kind == "fragment" and items[0][0].sentence.text.strip(" *_#") == items[1][0].sentence.section:
        head, items = items[0][0], items[1:]
    inside = {s.id for item in items for s in item} | ({head.id} if head else set())
    return Listing(head, items) if around[place].id in inside and len(items) > 1 else None


def _next_like(marks: Sequence[str | None], at: int, step: int, kind: str | None, gap: int) -> int | None:
    for n in range(at + step, at + step * (gap + 2), step):
        if not 0 <= n < len(marks):
            return None
        if marks[n] is not None:
            return n if marks[n] == kind else None
    return None


def _may_head(stored: StoredSentence, by_words: bool = False) -> bool:
    """Returns whether a sentence may head a list: it ends with a colon, or with nothing, as headings do."""
    text = stored.sentence.text.rstrip(" *_")
    return by_words or text.endswith((":", "：")) or not _STOPPED.search(text)


def _mark(stored: StoredSentence) -> str | None:
    found = _MARK.match(stored.sentence.text)
    return found and next(name for name, value in found.groupdict().items() if value)


def number_of(stored: StoredSentence) -> int | None:
    """Returns the number that an item is marked with, None if it has none."""
    found = _MARK.match(stored.sentence.text)
    return int(found["number"]) if found and found["number"] else None


def item_words(text: str) -> tuple[int, int]:
    """Returns where the words of an item begin and end in its sentence: without its mark and a stop at its end.

    >>> [text[slice(*item_words(text))] for text in ("- The database;", "2. Second, it is quick.", "a whistle")]
    ['The database', 'it is quick', 'a whistle']
    """
    start = 0
    for pattern in (_MARK, _LED):
        if (found := pattern.match(text, start)) is not None:
            start = found.end()
    end = len(text.rstrip(" .,;"))
    return (start, end) if start < end else (0, len(text))


def _ordinal(stored: StoredSentence) -> str | None:
    return "ordinal" if _ORDINAL.match(stored.sentence.text) else None


def _fragment(stored: StoredSentence) -> str | None:
    """Lines that are no sentences stand in a list without marks: ingredients, who was present."""
    text = stored.sentence.text.rstrip()
    is_one = len(text) <= MAX_FRAGMENT and not _STOPPED.search(text) and not text.endswith(":")
    return "fragment" if is_one else None
