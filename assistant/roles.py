"""Somebody named by what they are, "the foreign minister" -> who that is, by the words beside names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.intent import Intent
from assistant.names import TITLES, find_names, may_be_person
from assistant.store import Store
from assistant.words import words

N_SENTENCES = 50  # with the role's noun in them, in which it is looked for
_REACH = 120  # characters before a name, and behind it, in which its role may stand
_MAX_WORDS = 9
_WORD = re.compile(r"[\w’'.-]*\w")
_LINK = frozenset("of for to at in on from with".split())
# Who is one of these is not the one without.
_ANOTHER = frozenset("deputy vice former ex assistant late acting ousted previous then future shadow".split())
# Words that do not stand between a name and its role: "Ellison, complaining about the referee".
_NOT_INSIDE = _LINK | frozenset(
    "the a an his her their its about against by as not no who whose which was is were had has after".split()
)
_COPULA = re.compile(
    r"(?:,\s+(?:who\s+(?:is|was|became|has been)\s+)?|\s+(?:is|was|became|remains|remained|serves as|served as|has been)\s+)"
    r"(?:(?:the|an?|its|his|her|their|our|now|also)\s+)*"
)
_BREAK = re.compile(r"[.;:!?()\"“”]|,(?!\s*$)|\b(?:and|but|or|said|says|told|that|who|which|when|while|as|by)\b")


def with_holders(intent: Intent, store: Store, article_ids: Sequence[str] | None = None) -> Intent:
    """Returns the intent with those among its speakers whom the articles call by one of its roles.

    So too the role itself, where somebody speaks who has no other name: "the old woman". Nobody if nobody is called so.
    """
    if not intent.roles:
        return intent
    speakers: dict[str, None] = {}
    for role in intent.roles:
        hits = store.search_lexical([_head(role)], N_SENTENCES, article_ids)
        sentences = [stored.sentence.text for stored in store.sentences([hit.id for hit in hits])]
        unnamed = [role] if store.search_speaker([role], 1, article_ids) else []
        speakers |= dict.fromkeys((*holders(role, sentences), *unnamed))
    return replace(intent, speakers=tuple(speakers))


def holders(role: str, sentences: Iterable[str]) -> list[str]:
    """Returns the people whom the sentences call by a role, in order, each once.

    "the foreign minister" is who is introduced as "Armenian Foreign Minister Ararat Mirzoyan", "the foreign minister, Ararat
    Mirzoyan," or "Ararat Mirzoyan, the foreign minister", not a deputy, and not the Russian one's Armenian colleague: all words
    of the role must stand in what introduces the name.
    """
    wanted = set(words(role))
    head = _head(role)
    if not head:
        return []
    found: dict[str, None] = {}
    for sentence in sentences:
        for name in find_names(sentence):
            own = _without_role(name.text, head)
            begins = name.start + len(name.text) - len(own)
            before, after = sentence[max(0, begins - _REACH) : begins], sentence[name.end : name.end + _REACH]
            if may_be_person(own) and (
                _stands_before(wanted, head, before, after) or _stands_behind(wanted, head, after)
            ):
                found.setdefault(own)
    return list(found)


def _without_role(name: str, head: str) -> str:
    """Returns a name without a role that has a capital because it begins the sentence: "Goalkeeper Sam Pritchard"."""
    first, _, rest = name.partition(" ")
    return rest if rest and words(first)[-1:] == [head] else name


def _head(role: str) -> str:
    """Returns the stem of the noun that the role is: the last one before "of"."""
    plain = _WORD.findall(role)
    end = next((i for i, word in enumerate(plain) if i and word.lower() in _LINK), len(plain))
    return _stem(plain[end - 1]) if end else ""


def _stem(word: str) -> str:
    return (words(word) or [""])[-1]


def _stands_before(wanted: set[str], head: str, before: str, after: str) -> bool:
    """Returns whether what stands before a name gives it the role: "Foreign Minister", "ambassador to Armenia", "coach,"."""
    apart = before.rstrip().endswith(",")
    if apart and not re.match(r"\s*(?:[,.;:!?]|$)", after):
        return False
    start = max((match.end() for match in _BREAK.finditer(before)), default=0)
    given = _WORD.findall(before[start:])[-_MAX_WORDS:]
    stems = [_stem(word) for word in given]
    for index in range(len(given) - 1, -1, -1):
        between = given[index + 1 :]
        if stems[index] == head:
            if between and not _is_of_something(between, apart):
                return False
            return wanted <= set(stems) and not _other(given[:index], wanted)
    return False


def _is_of_something(between: list[str], apart: bool) -> bool:
    """Returns whether the words between a role and a name only say what the role is of: "to Armenia", "of the union,"."""
    if between[0].lower() not in _LINK or between[-1].lower() in _NOT_INSIDE:
        return False
    if any(word.lower() in TITLES for word in between):
        return False  # "spokesman for Minister George Brandis"
    return apart or all(word[0].isupper() or word.lower() in {"the", "and", *_LINK} for word in between)


def _stands_behind(wanted: set[str], head: str, after: str) -> bool:
    """Returns whether what stands behind a name gives it the role: ", the foreign minister of Armenia,"."""
    link = _COPULA.match(after)
    if not link:
        return False
    rest = after[link.end() :]
    end = re.search(r"[,.;:!?()\"“”`]", rest)
    given = _WORD.findall(rest[: end.start() if end else len(rest)])[:_MAX_WORDS]
    stems = [_stem(word) for word in given]
    if head not in stems[:5]:
        return False
    at = stems.index(head)
    follows = given[at + 1 : at + 2]
    closed = not follows or follows[0].lower() in _LINK or follows[0].lower() in {"who", "since", "until"}
    closed = closed and not any(word.lower() in _NOT_INSIDE for word in given[:at])
    return closed and wanted <= set(stems) and not _other(given[:at], wanted)


def _other(before: list[str], wanted: set[str]) -> bool:
    """Returns whether one of the words close before a role makes it another one: "deputy"."""
    return any(word.lower() in _ANOTHER and _stem(word) not in wanted for word in before[-3:])
