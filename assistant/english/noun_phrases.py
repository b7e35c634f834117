"""Around a verb of speech -> the noun phrase that is its subject, by word order alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.english.names import COMMON, NATIONALITY, TITLES
from assistant.english.speech_verbs import VERBS

# Stands for every character of a quotation, so that its words are not read as the article's own.
MASK = "\x01"
_TOKEN = re.compile(
    rf"{MASK}+|(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Capt|Lt|Sgt|Sen|Gov|Rep|Rev|Hon|Jr|Sr)\.|[^\W_]+(?:[’'.-][^\W_]+)*|[’']s\b|[^\w\s]|_"
)
_PREFIXED = re.compile(r"(?:al|el|ul|ben|bin|ibn)-[A-Z]")  # "el-Kadiri"
_NEVER_NAMES = frozenset(
    "i he she they we you it the a an monday tuesday wednesday thursday friday saturday january february march april june july "
    "august september october november december in on at by and but or however".split()
)
PRONOUNS = frozenset("he she they i we you it who".split())
# What hangs on a noun: "ambassador to Armenia".
LINKS = frozenset("of for to at in on from with".split())
DETERMINERS = frozenset(
    "the a an his her their its this that these those one some many several most other another every each both few "
    "all no our my your two three four five certain various numerous".split()
)
PREPOSITIONS = frozenset(
    "of in on at by to for from with about after before during under near into over against between among through "
    "as since without upon across behind toward towards outside inside per via than like despite off out up down".split()
)
# Words that cannot stand inside a noun phrase: auxiliaries and the commonest verbs of stories.
_VERBAL = frozenset(
    "is was are were has had have will would can could may might shall should must did does do not never went took sat ran came "
    "stood got made gave left fell rose flew saw heard felt knew grew held kept led let lay met put rode sprang swam threw won "
    "found brought bought caught drew ate drank sent set shook slept turned looked seemed walked used goes comes takes makes "
    "gives gets seems praise find".split()
)
_DERIVED = re.compile(r"ly$|ed$|^[^aeiouy]*[aeiouy].*ing$")  # but "king" is a noun
_SECOND = frozenset("other others two three four five few many most one".split())
POSSESSIVES = frozenset(["'s", "’s"])
BREAKS = frozenset("and but or that because when while if although though which where so then as whether".split())
# What stands before a name that somebody goes by: "a man who goes by the name Rusty", "a driver known only as Blue".
_KNOWN_AS = re.compile(
    r"(?:who (?:goes|went) by|going by)(?: only)?(?: the (?:name|nickname)(?: of)?)?|(?:who (?:is|was) )?(?:only )?known (?:\w+ ){0,2}as|"
    r"who (?:gave|gives) (?:only )?(?:his|her|their) (?:first )?name (?:only )?as|who (?:calls|called) (?:him|her)self|"
    r"who (?:asked|wanted) (?:only )?to be (?:called|named|known as)|(?:who (?:is|was) )?(?:named|called)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark: `sentence[start:end]`; a masked quotation is one."""

    text: str
    start: int
    end: int
    first: bool = False

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        if not (self.text[0].isupper() or _PREFIXED.match(self.text)) or self.lower in _NEVER_NAMES:
            return False
        return self.lower not in COMMON or not self.first


def head(phrase: Sequence[str]) -> int:
    """Returns the place of the noun that the words of a phrase are about: the last one before "of", 0 at least."""
    return next((i for i, word in enumerate(phrase) if i and word.lower() in LINKS), len(phrase) or 1) - 1


def tokenize(sentence: str, offset: int = 0) -> list[Token]:
    """Returns the words, marks and masked quotations of a sentence, `offset` added to their places."""
    tokens: list[Token] = []
    first = not offset
    for match in _TOKEN.finditer(sentence):
        word = match.group()
        tokens.append(Token(word, match.start() + offset, match.end() + offset, first))
        first = word[0] in f'.!?:;"“‘«(—-{MASK}' or (first and not word[0].isalnum())
    return tokens


def noun_after(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Returns the span of the noun phrase that begins at a token."""
    while index < len(tokens) and (
        (tokens[index].lower.endswith("ly") and not tokens[index].is_name)
        or tokens[index].lower in {"both", "also", "then"}
    ):
        index += 1
    if index >= len(tokens) or not tokens[index].is_word:
        return None
    first = tokens[index]
    if first.lower in PRONOUNS:
        return first.start, first.end
    if first.lower in PREPOSITIONS or first.lower in BREAKS - {"that"} or first.text[0].isdigit():
        return None
    last = index
    owner = first.text[-2:] in POSSESSIVES  # "Dunmore's manager"
    determined = first.lower in DETERMINERS or owner
    limit = index + 8
    if NATIONALITY.match(first.text):
        determined = any(token.is_name for token in tokens[index + 2 : index + 5]) and not tokens[index + 1].is_name
    described = _described(tokens, index) if first.is_name or not determined else index
    for position in range(index + 1, min(len(tokens), limit)):
        token, previous = tokens[position], tokens[position - 1]
        linked = token.lower == "of" and (determined or previous.is_name)
        linked = linked or (previous.lower in {"of", "for"} and token.lower in DETERMINERS)
        linked = linked or (determined and not previous.is_name and _is_from_a_name(tokens, position))
        linked = linked or (previous.lower in DETERMINERS and token.lower in _SECOND)  # "the other two"
        if (
            token.text in {"'", "’"}
            or linked
            or token.is_name
            or position < described
            or (determined and token.is_word and not _stops(token, previous))
        ):
            last = position
        else:
            break
    while last > index and tokens[last].lower in LINKS | DETERMINERS - _SECOND:
        last -= 1
    if not determined and not first.is_name and described == index:
        plural = first.lower.endswith("s") or first.lower in {"people", "others", "some"}
        return (first.start, first.end) if plural and len(first.text) > 3 else None
    apart = last + 2 < len(tokens) and tokens[last + 1].text == ","
    return known_as(tokens, last + 1 + apart) or _apposition(tokens, index, last) or (first.start, tokens[last].end)


def _is_from_a_name(tokens: list[Token], position: int) -> bool:
    """Returns whether a preposition here ties a noun to a place or a body: "a nurse from Leeds", "a spokesman for the club"."""
    if position + 1 >= len(tokens) or tokens[position].lower not in {"from", "for", "at"}:
        return False
    follows = tokens[position + 1]
    body = tokens[position].lower == "for" and follows.lower in {"the", "its", "his", "her"}
    return follows.is_name or body


def _described(tokens: list[Token], index: int) -> int:
    """Returns the place of the name that words of small letters from `index` on describe, `index` if they describe none.

    "chief executive Ann Lee", "Elm University student Ann Lee".
    """
    position, small = index, 0
    while position < len(tokens) and position - index < 7:
        token = tokens[position]
        ends = token.lower in PREPOSITIONS | BREAKS | PRONOUNS | DETERMINERS | _VERBAL | VERBS or token.lower.endswith(
            "ly"
        )
        if not token.is_word or token.text[0].isdigit() or (ends and not token.is_name):
            return index
        if token.is_name and small:
            return position if position + 1 < len(tokens) else index
        small += not token.is_name
        if small > 3 or token.lower in DETERMINERS or (not token.is_name and token.text[-2:] in POSSESSIVES):
            return index
        position += 1
    return index


def known_as(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the span of the name that words say somebody goes by: "who goes by the name of Zip", "known as Blue"."""
    match = _KNOWN_AS.match(" ".join(token.lower for token in tokens[position : position + 9]))
    if match is None:
        return None
    end = first = position + len(match.group().split())
    while end < len(tokens) and end - first < 4 and tokens[end].is_name:
        end += 1
    return (tokens[first].start, tokens[end - 1].end) if end > first else None


def _apposition(tokens: list[Token], index: int, last: int) -> tuple[int, int] | None:
    """Returns the span of the name behind a noun phrase between two tokens: "the secretary, Tom Hargreaves, …"."""
    phrase = tokens[index : last + 1]
    is_role = phrase[0].lower in DETERMINERS and any(
        t.text.islower() for t in phrase[1:2]
    )  # "the mayor of Elm, Lee Orr,"
    named = tokens[last].is_name and tokens[last].lower not in TITLES and not is_role  # "Elm Mayor, Lee Orr,"
    if named or last + 1 >= len(tokens) or tokens[last + 1].text != ",":
        return None
    end = last + 2
    while end < len(tokens) and tokens[end].is_name:
        end += 1
    closed = end == len(tokens) or tokens[end].text in {",", ".", ";", ":", "!", "?"}
    return (tokens[last + 2].start, tokens[end - 1].end) if closed and 2 <= end - last - 2 <= 4 else None


def _stops(token: Token, previous: Token) -> bool:
    """Returns whether a noun phrase cannot go on with this word."""
    word = token.lower
    after_noun = previous.lower not in DETERMINERS
    ends = word in PREPOSITIONS or word in BREAKS or word in PRONOUNS or word in DETERMINERS
    return ends or word in _VERBAL or (after_noun and (_DERIVED.search(word) is not None or word in VERBS))
