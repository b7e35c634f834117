"""Somebody named by what they are, "the foreign minister" -> who that is, by the words beside names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.english.names import TITLES, find_names, may_be_person
from assistant.english.noun_phrases import LINKS, head
from assistant.english.words import content_words, stem, words
from assistant.library.store import Store
from assistant.question.intent import Intent

N_SENTENCES = 50  # with the role's noun in them, in which it is looked for
_REACH = 120  # characters before a name, and behind it, in which its role may stand
_MAX_WORDS, _MAX_FRONT = 9, 5
_WORD = re.compile(r"(?<![\w’'.-])[\w’'.-]*\w")
# Who is one of these is not the one without.
_ANOTHER = frozenset(
    map(stem, "deputy vice former ex assistant late acting ousted previous then future shadow".split())
)
# Words that do not stand between a name and its role: "Ellison, complaining about the referee".
_NOT_INSIDE = LINKS | frozenset(
    "the a an his her their its about against by as not no who whose which was is were had has after".split()
)
_OWNING = frozenset(["of", "for"])  # "the families' lawyer" is "a lawyer for the families"
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
        given = _WORD.findall(role)
        hits = store.search_lexical([_stem(given[head(given)])], N_SENTENCES, article_ids) if given else []
        sentences = [stored.sentence.text for stored in store.sentences([hit.id for hit in hits])]
        unnamed = [role] if store.search_speaker([role], 1, article_ids) else []
        speakers |= dict.fromkeys((*holders(role, sentences), *unnamed))
    return replace(intent, speakers=tuple(speakers))


@dataclass(frozen=True, slots=True)
class _Role:
    """Stems of "Rovian ambassador to Luria": those in front of the noun, the noun, those behind, and the link, "to"."""

    front: frozenset[str]
    noun: str
    behind: frozenset[str]
    link: str

    @classmethod
    def of(cls, given: Sequence[str], noun: int) -> _Role:
        """Returns the role that words are whose noun has this place."""
        link = given[noun + 1].lower() if noun + 1 < len(given) else ""
        front, behind = (frozenset(content_words(" ".join(part))) for part in (given[:noun], given[noun + 1 :]))
        return cls(front, _stem(given[noun]), behind, link)

    def is_meant_by(self, asked: _Role) -> bool:
        """Returns whether this may be called by the role asked for: "Denby's coach" is the coach, and the coach of Denby."""
        front = self.front | self.behind if self.link in _OWNING else self.front
        behind = self.behind | self.front if asked.link in _OWNING else self.behind
        another = (self.front & _ANOTHER) - asked.front
        return self.noun == asked.noun and asked.front <= front and asked.behind <= behind and not another


def holders(role: str, sentences: Iterable[str]) -> list[str]:
    """Returns the people whom the sentences call by a role, in order, each once.

    "the foreign minister" is who is introduced as "Armenian Foreign Minister Ararat Mirzoyan", "the foreign minister, Ararat
    Mirzoyan," or "Ararat Mirzoyan, the foreign minister", not a deputy, and not a Russian one if the Armenian is asked for.
    """
    given = _WORD.findall(role)
    if not given:
        return []
    asked = _Role.of(given, head(given))
    found: dict[str, None] = {}
    for sentence in sentences:
        for name in find_names(sentence):
            own = _without_role(name.text, asked.noun)
            begins = name.start + len(name.text) - len(own)
            before, after = sentence[max(0, begins - _REACH) : begins], sentence[name.end : name.end + _REACH]
            held = _role_before(asked.noun, before, after) or _role_behind(asked.noun, after)
            if held and held.is_meant_by(asked) and may_be_person(own):
                found.setdefault(own)
    return list(found)


def _without_role(name: str, noun: str) -> str:
    """Returns a name without a role that has a capital because it begins the sentence: "Goalkeeper Sam Pritchard"."""
    first, _, rest = name.partition(" ")
    return rest if rest and words(first)[-1:] == [noun] else name


def _stem(word: str) -> str:
    return (words(word) or [""])[-1]


def _role_before(noun: str, before: str, after: str) -> _Role | None:
    """Returns the role that what stands before a name gives it: "Foreign Minister", "ambassador to Armenia", "coach,"."""
    apart = before.rstrip().endswith(",")
    if apart and not re.match(r"\s*(?:[,.;:!?]|$)", after):
        return None
    start = max((match.end() for match in _BREAK.finditer(before)), default=0)
    given = _WORD.findall(before[start:])[-_MAX_WORDS:]
    at = next((i for i in range(len(given) - 1, -1, -1) if _stem(given[i]) == noun), None)
    if at is None or (given[at + 1 :] and not _is_of_something(given[at + 1 :], apart)):
        return None
    return _Role.of(given, at)


def _is_of_something(between: Sequence[str], apart: bool) -> bool:
    """Returns whether the words between a role and a name only say what the role is of: "to Armenia", "of the union,"."""
    if between[0].lower() not in LINKS or between[-1].lower() in _NOT_INSIDE:
        return False
    if any(word.lower() in TITLES for word in between):
        return False  # "spokesman for Minister George Brandis"
    return apart or all(word[0].isupper() or word.lower() in {"the", "and", *LINKS} for word in between)


def _role_behind(noun: str, after: str) -> _Role | None:
    """Returns the role that what stands behind a name gives it: ", the foreign minister of Armenia,"."""
    link = _COPULA.match(after)
    if not link:
        return None
    rest = after[link.end() :]
    end = re.search(r"[,.;:!?()\"“”`]", rest)
    given = _WORD.findall(rest[: end.start() if end else len(rest)])[:_MAX_WORDS]
    at = next((i for i, word in enumerate(given[:_MAX_FRONT]) if _stem(word) == noun), None)
    if at is None or any(word.lower() in _NOT_INSIDE for word in given[:at]):
        return None
    follows = given[at + 1 : at + 2]
    ends = not follows or follows[0].lower() in LINKS | {"who", "since", "until"}
    return _Role.of(given, at) if ends else None
