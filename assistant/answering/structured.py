"""The reader's choice in its place: a question in the text gives way to its reply, an item brings its whole list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.inquiry import Inquiry
from assistant.answering.signs import NOTHING_CITED, Cited
from assistant.finding.ranking import Ranked
from assistant.finding.search import Candidate
from assistant.finding.structure import (
    Listing,
    asks,
    below_heading,
    item_asked_for,
    listing_of,
    named_by_head,
    number_of,
    reply_to,
    tells_items_apart,
    wants_several,
)
from assistant.library.store import StoredSentence
from assistant.networks.reader import Reading

# A numbered item is what "What is step 3?" asks for, whatever the reader makes of it.
ITEM_PRECISION = 0.9
# "How many things are backed up?" is answered by the list that a head names so, though no number stands there.
COUNTED_PRECISION = 0.75
MIN_COUNTED = 0.6
N_LOOKED_AT = 6
MIN_NAMED_BY_HEAD = 0.5  # of the question's content words
MIN_SUPPORT_OF_ITEM = 0.3
MIN_SHARE_OF_ITEMS = 0.6
_HOW_MANY = re.compile(r"(?:and |but |so )?how many\b", re.IGNORECASE)
_OF_ASKING = re.compile(r"\bask(?:s|ed|ing)?\b|\bquestions?\b", re.IGNORECASE)


def with_replies(inquiry: Inquiry, chosen: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Returns the sentences chosen, with the reply in the place of each question, and what is below in that of a heading.

    A question is no answer, unless what was asked is asked for, and a heading says of what, not what.
    """
    if "replies" in inquiry.parts.off or _OF_ASKING.search(inquiry.asked):
        return tuple(chosen)
    found: list[Ranked] = []
    for one in chosen:
        stored = one.candidate.stored
        store = inquiry.parts.store
        instead = reply_to(store, stored) if asks(stored) else below_heading(store, stored)
        found += [ranked_as(inquiry, s, one) for s in instead] if instead or asks(stored) else [one]
    return tuple({one.candidate.stored.id: one for one in found}.values())


def of_reply(holder: Ranked | None, reading: Reading | None) -> Reading | None:
    """Returns the reading of the reply, where the short answer stands in a question of the text whose reply was read."""
    reply = holder.by_itself if holder is not None and asks(holder.candidate.stored) else None
    return reply if reply is not None and reply.span is not None else reading


def whole_list(inquiry: Inquiry, chosen: Sequence[Ranked]) -> Cited:
    """Returns the list that is asked for, with its head: what, which, who or how many, and none of its items alone.

    That is the list whose head names most of what is asked for, among those of the likeliest sentences; or the one of the
    best sentence, if the reader gives most of its items support.
    """
    if not chosen or inquiry.intent.kind not in ("fact", "mentioned") or not wants_several(inquiry.asked):
        return NOTHING_CITED
    near = {one.candidate.stored.id: one for one in (*inquiry.ranked[:N_LOOKED_AT], chosen[0])}
    near = {chosen[0].candidate.stored.id: chosen[0]} | near
    found = [
        (one, listing) for one in near.values() if (listing := listing_of(inquiry.parts.store, one.candidate.stored))
    ]
    named = [(named_by_head(inquiry.asked, listing), one, listing) for one, listing in found]
    share, best, listing = max(named, key=lambda row: row[0], default=(0.0, chosen[0], None))
    if listing is None:
        return NOTHING_CITED
    if share < MIN_NAMED_BY_HEAD:
        first = found[0]
        if first[0].candidate.stored.id != chosen[0].candidate.stored.id or not _is_supported(inquiry, first[1]):
            return NOTHING_CITED
        best, listing = first
    if listing.head is None or tells_items_apart(inquiry.asked, listing):
        return NOTHING_CITED
    certainty = COUNTED_PRECISION if share >= MIN_COUNTED and _HOW_MANY.match(inquiry.asked) else 0.0
    return Cited(tuple(ranked_as(inquiry, s, best) for s in listing.sentences), certainty, items=items_of(listing))


def _is_supported(inquiry: Inquiry, listing: Listing) -> bool:
    """Returns whether the reader gives most of the items of a list some support."""
    support = {one.candidate.stored.id: one.support or 0.0 for one in inquiry.ranked}
    given = [max(support.get(s.id, 0.0) for s in item) >= MIN_SUPPORT_OF_ITEM for item in listing.items]
    return sum(given) >= MIN_SHARE_OF_ITEMS * len(given)


def numbered_item(inquiry: Inquiry) -> Cited:
    """Returns the item whose number the question names, of the likeliest list that has one."""
    number = item_asked_for(inquiry.asked)
    if number is None:
        return NOTHING_CITED
    near = inquiry.ranked[: 3 * N_LOOKED_AT]
    found = [(one, listing) for one in near if (listing := listing_of(inquiry.parts.store, one.candidate.stored))]
    for one, listing in sorted(found, key=lambda row: number_of(row[1].items[0][0]) is None):
        if item := _numbered(listing, number):
            return Cited(tuple(ranked_as(inquiry, s, one) for s in item), ITEM_PRECISION, items=(item[0].id,))
    return NOTHING_CITED


def _numbered(listing: Listing, number: int) -> tuple[StoredSentence, ...]:
    if number == -1:
        return listing.items[-1]
    marked = [item for item in listing.items if number_of(item[0]) == number]
    if marked or number_of(listing.items[0][0]) is not None:
        return marked[0] if marked else ()
    return listing.items[number - 1] if number <= len(listing.items) else ()


def items_of(listing: Listing) -> tuple[int, ...]:
    """Returns the id of the first sentence of each item."""
    return tuple(item[0].id for item in listing.items)


def ranked_as(inquiry: Inquiry, stored: StoredSentence, like: Ranked) -> Ranked:
    """Returns a sentence as it was ranked, or, where it was not, with the score of the one that it goes with."""
    for one in inquiry.ranked:
        if one.candidate.stored.id == stored.id:
            return replace(one, score=max(one.score, like.score))
    candidate = Candidate(stored, None, None, like.candidate.spoken, (), like.candidate.score, {})
    return Ranked(candidate, None, None, like.alone, like.score)
