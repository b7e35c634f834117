"""Around a verb of speech -> the noun phrase that is its subject, by word order alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.english.names import COMMON, NATIONALITY
from assistant.english.speech_verbs import PARTICIPLES, VERBS

# Stands for every character of a quotation, so that its words are not read as the article's own.
MASK = "\x01"
_TOKEN = re.compile(
    rf"{MASK}+|(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Capt|Lt|Sgt|Sen|Gov|Rep|Rev|Hon|Jr|Sr)\.|[^\W_]+(?:[’'.-][^\W_]+)*|[’']s\b|[^\w\s]|_"
)
_NEVER_NAMES = frozenset(
    "i he she they we you it the a an monday tuesday wednesday thursday friday saturday january february march april june july "
    "august september october november december in on at by and but or however".split()
)
_PRONOUNS = frozenset("he she they i we you it who".split())
# What hangs on a noun: "ambassador to Armenia".
LINKS = frozenset("of for to at in on from with".split())
_DETERMINERS = frozenset(
    "the a an his her their its this that these those one some many several most other another every each both few "
    "all no our my your two three four five certain various numerous".split()
)
_ALONE = frozenset("some many most several others one each none all both few another".split())
_PREPOSITIONS = frozenset(
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
_POSSESSIVES = frozenset(["'s", "’s"])
_BREAKS = frozenset("and but or that because when while if although though which where so then as whether".split())
_BETWEEN = re.compile(
    r"(?:[a-z]+ly|also|then|later|once|just|now|has|have|had|would|will|could|can|may|might|did|does|do|never|always|often|even|still|"
    r"again|soon|once|first|further|himself|herself|themselves|at|last|recently|ever|long|since|is|was|are|were|been|being|quoted|as|"
    r"only|both|all|each|himself|sometimes|repeatedly|once|more|already|too|well)$"
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
        if not self.text[0].isupper() or self.lower in _NEVER_NAMES:
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
    if first.lower in _PRONOUNS:
        return first.start, first.end
    if first.lower in _PREPOSITIONS or first.lower in _BREAKS - {"that"} or first.text[0].isdigit():
        return None
    last = index
    owner = first.text[-2:] in _POSSESSIVES  # "Dunmore's manager"
    determined = first.lower in _DETERMINERS or owner
    limit = index + 8
    if NATIONALITY.match(first.text):
        determined = any(token.is_name for token in tokens[index + 2 : index + 5]) and not tokens[index + 1].is_name
    for position in range(index + 1, min(len(tokens), limit)):
        token, previous = tokens[position], tokens[position - 1]
        linked = token.lower == "of" and (determined or previous.is_name)
        linked = linked or (previous.lower == "of" and token.lower in _DETERMINERS)
        if (
            token.text in {"'", "’"}
            or linked
            or token.is_name
            or (determined and token.is_word and not _stops(token, previous))
        ):
            last = position
        else:
            break
    if not determined and not first.is_name:
        plural = first.lower.endswith("s") or first.lower in {"people", "others", "some"}
        return (first.start, first.end) if plural and len(first.text) > 3 else None
    return _apposition(tokens, last) or (first.start, tokens[last].end)


def _apposition(tokens: list[Token], last: int) -> tuple[int, int] | None:
    """Returns the span of the name behind a noun phrase that ends at a token: "the secretary, Tom Hargreaves, …"."""
    if tokens[last].is_name or last + 1 >= len(tokens) or tokens[last + 1].text != ",":
        return None
    end = last + 2
    while end < len(tokens) and tokens[end].is_name:
        end += 1
    closed = end == len(tokens) or tokens[end].text in {",", ".", ";", ":", "!", "?"}
    return (tokens[last + 2].start, tokens[end - 1].end) if closed and 2 <= end - last - 2 <= 4 else None


def _stops(token: Token, previous: Token) -> bool:
    """Returns whether a noun phrase cannot go on with this word."""
    word = token.lower
    after_noun = previous.lower not in _DETERMINERS
    ends = word in _PREPOSITIONS or word in _BREAKS or word in _PRONOUNS or word in _DETERMINERS
    return ends or word in _VERBAL or (after_noun and (word.endswith(("ly", "ing", "ed")) or word in VERBS))


def subject_before(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Returns the span of the subject in front of a verb."""
    position = index - 1
    while position >= 0 and _BETWEEN.match(tokens[position].text):
        position -= 1
    if position < 0:
        return None
    token = tokens[position]
    if tokens[index].lower in PARTICIPLES or tokens[index].lower.endswith("ing"):
        return _clause_subject(tokens, index)
    if token.lower == "to" and tokens[index].lower not in {"said"}:
        return None
    if token.lower == "who":
        position -= 1
        while position >= 0 and tokens[position].text == ",":
            position -= 1
        return _noun_before(tokens, position, relative=True)
    if token.lower in _PRONOUNS or token.lower in {"everyone", "everybody", "someone", "somebody", "nobody"}:
        return token.start, token.end
    if token.lower in _DETERMINERS - _ALONE:
        return None
    if token.text[0] == MASK or token.text in ":;.!?":
        return None
    if token.text in {",", ")", "—", "–"}:
        return _past_apposition(tokens, position)
    if token.lower in {"and", "but", "or", "then"}:
        return _clause_subject(tokens, position)
    return _noun_before(tokens, position)


def _past_apposition(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the subject in front of an insertion that ends at a token: "Petkov, who is 34, said"."""
    opening = {",": ",", ")": "(", "—": "—", "–": "–"}[tokens[position].text]
    for earlier in range(position - 1, max(-1, position - 40), -1):
        if tokens[earlier].text == opening:
            inside = tokens[earlier + 1 : position]
            inside = inside[: next((i for i, word in enumerate(inside) if word.text == "("), len(inside))]
            if opening == "," and 0 < len(inside) < 5 and all(word.is_name for word in inside):
                return inside[0].start, inside[-1].end
            found = _noun_before(tokens, earlier - 1)
            if found and not (earlier and tokens[earlier - 1].text[0].isdigit()):
                return found
        if (tokens[earlier].text in ".;:!?" and opening != "(") or tokens[earlier].text[0] == MASK:
            break
    return _clause_subject(tokens, position)


def _clause_subject(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the subject of the clause that the token at `position` stands in: its first noun without preposition."""
    start = position
    while start > 0 and tokens[start - 1].text not in {".", ";", ":", "!", "?"}:
        quoted = tokens[start - 1].text[0] == MASK
        if quoted and tokens[start].lower not in {"and", "but", "or", ",", "as", "in", "to"}:
            break
        start -= 1
    for earlier in range(start, position):
        token = tokens[earlier]
        before = tokens[earlier - 1].lower if earlier > start else ""
        if token.lower in {"he", "she", "they", "i", "we"}:
            return token.start, token.end
        if token.lower in {"this", "these", "those"} and not (
            earlier + 1 < position and tokens[earlier + 1].lower.endswith("s")
        ):
            continue
        starts_noun = token.lower in _DETERMINERS - {"that"} or (token.is_name and not (before and before[0].isdigit()))
        if starts_noun and before not in _PREPOSITIONS and not (earlier > start and tokens[earlier - 1].is_name):
            found = noun_after(tokens, earlier)
            if found and not _in_phrase(tokens, start, earlier):
                return found
    return None


def _in_phrase(tokens: list[Token], start: int, position: int) -> bool:
    """Returns whether a preposition stands before a token with no comma or verb between: "in the old town"."""
    for earlier in range(position - 1, max(start - 1, position - 4), -1):
        if tokens[earlier].lower in _PREPOSITIONS:
            return True
        if not tokens[earlier].is_word or tokens[earlier].lower in VERBS or tokens[earlier].lower in _BREAKS:
            return False
    return False


def _noun_before(tokens: list[Token], position: int, relative: bool = False) -> tuple[int, int] | None:
    """Returns the span of the noun phrase that ends at a token, with what hangs on it by "of", "for" or "from"."""
    if position < 0 or not tokens[position].is_word or tokens[position].lower in _PREPOSITIONS | _BREAKS:
        return None
    end = tokens[position].end
    start = _phrase_start(tokens, position)
    if start is None:
        return None
    name_end = end
    if relative and tokens[position].is_name and (start < position or tokens[start - 1].lower != "of"):
        return tokens[start].start, end
    while start >= 2 and tokens[start - 1].lower in {"of", "for", "from", "at", "with", "in", "on"}:
        head = _phrase_start(tokens, start - 2)
        if head is None or (tokens[start - 2].is_name and start - 2 == 0 and tokens[start - 2].lower in _PREPOSITIONS):
            break
        if tokens[head].is_name and tokens[head].lower not in _DETERMINERS and tokens[start - 2].is_name:
            name_end = tokens[start - 2].end
        else:
            name_end = end
        start = head
    if start >= 2 and tokens[start - 1].lower == "to" and tokens[start - 2].is_name and tokens[start].is_name:
        head = _phrase_start(tokens, start - 2)
        start = start if head is None else head
    elif start >= 1 and tokens[start - 1].lower in {"in", "on", "by", "than", "to"} and not relative:
        return None
    return tokens[start].start, name_end


def _phrase_start(tokens: list[Token], position: int) -> int | None:
    """Returns the index of the first token of the noun phrase that ends at `position`, None if there is none."""
    token = tokens[position]
    if not token.is_word or token.text[0].isdigit():
        return None
    first = position
    if token.is_name:
        while first > 0 and (
            tokens[first - 1].is_name
            or (tokens[first - 1].text in _POSSESSIVES and first > 1 and tokens[first - 2].is_name)
            or tokens[first - 1].lower in {"de", "von", "van", "al", "bin", "la", "el", "di"}
            or (tokens[first - 1].lower in {"and", "of", "&"} and first > 1 and tokens[first - 2].is_name)
            or (tokens[first - 1].text in {"'", "’"} and first > 1 and tokens[first - 2].text.endswith("s"))
        ):
            first -= 1
        if first > 0 and tokens[first - 1].lower in _DETERMINERS:
            return first - 1
        lowered = first
        while lowered > 0 and tokens[lowered - 1].is_word and first - lowered < 4:
            lowered -= 1
            if tokens[lowered].lower in _DETERMINERS:
                between = tokens[lowered + 1 : first]
                return lowered if not any(t.lower in _PREPOSITIONS | _BREAKS | VERBS for t in between) else first
            if tokens[lowered].lower in _PREPOSITIONS | _BREAKS | VERBS:
                break
        return first
    for earlier in range(position, max(-1, position - 6), -1):
        word = tokens[earlier]
        if word.text in _POSSESSIVES:
            continue
        if not word.is_word or (word.lower in _PREPOSITIONS | _BREAKS - {"that"} and earlier != position):
            first = earlier + 1
            if word.lower in {"of", "for"} and token.lower.endswith("s"):
                return first
            break
        first = earlier
        if word.lower in _DETERMINERS:
            return first if first < position or word.lower in _ALONE else None
    clause_start = (
        first == 0 or tokens[first - 1].text in {",", ";", ":", "(", "—"} or tokens[first - 1].lower in _BREAKS
    )
    plural = token.lower.endswith("s") or token.lower in {"people", "police", "others", "some", "many"}
    named = first < position and tokens[first].is_name
    return first if clause_start and ((plural and position - first < 4) or named) else None
