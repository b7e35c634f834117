"""In front of a verb -> the noun phrase that is its subject, by word order alone."""

from __future__ import annotations

import re

from assistant.english.names import TITLES
from assistant.english.noun_phrases import (
    BREAKS,
    DETERMINERS,
    MASK,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    Token,
    noun_after,
)
from assistant.english.speech_verbs import PARTICIPLES, VERBS

_PLACING = frozenset("in on at after during before".split())
_MAX_INSERTED = 60  # words between a subject and its verb
_ENDS_CLAUSE = frozenset(",.;:!?")
_ALONE = frozenset("some many most several others one each none all both few another".split())
_BETWEEN = re.compile(
    r"(?:[a-z]+ly|also|then|later|once|just|now|has|have|had|would|will|could|can|may|might|did|does|do|never|always|often|even|still|"
    r"again|soon|once|first|further|himself|herself|themselves|at|last|recently|ever|long|since|is|was|are|were|been|being|quoted|as|"
    r"only|both|all|each|himself|sometimes|yesterday|today|tonight|repeatedly|once|more|already|too|well)$"
)


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
    if token.lower in PRONOUNS or token.lower in {"everyone", "everybody", "someone", "somebody", "nobody"}:
        return token.start, token.end
    if token.lower in DETERMINERS - _ALONE:
        return None
    if token.text[0] == MASK or token.text in ":;.!?":
        return None
    if token.text in {",", ")", "—", "–"}:
        return _past_apposition(tokens, position)
    if token.lower in {"and", "but", "or", "then"}:
        return _clause_subject(tokens, position)
    found = _noun_before(tokens, position)
    return _described_after(tokens, index, found) or found


def _described_after(tokens: list[Token], index: int, found: tuple[int, int] | None) -> tuple[int, int] | None:
    """Returns the name that the subject only describes: "Ray Cole, a psychologist says", not "…, a friend said, is"."""
    near = range(index - 1, max(-1, index - _MAX_INSERTED), -1)
    first = next((i for i in near if found and tokens[i].start == found[0]), 0)
    if first < 3 or tokens[first].lower not in {"a", "an"} or tokens[first - 1].text != ",":
        return None
    if index + 1 < len(tokens) and tokens[index + 1].text in {",", "."}:
        return None
    start = first - 1
    while start > 0 and tokens[start - 1].is_name:
        start -= 1
    begins = start == 0 or not tokens[start - 1].is_word
    return (tokens[start].start, tokens[first - 2].end) if begins and 2 <= first - 1 - start <= 4 else None


def _past_apposition(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the subject in front of an insertion that ends at a token: "Petkov, who is 34, said"."""
    if tokens[position].text == ",":
        return _past_commas(tokens, position) or _clause_subject(tokens, position)
    opening = {")": "(", "—": "—", "–": "–"}[tokens[position].text]
    for earlier in range(position - 1, max(-1, position - 40), -1):
        if tokens[earlier].text == opening:
            found = _noun_before(tokens, earlier - 1)
            if found and not (earlier and tokens[earlier - 1].text[0].isdigit()):
                return found
        if (tokens[earlier].text in ".;:!?" and opening != "(") or tokens[earlier].text[0] == MASK:
            break
    return _clause_subject(tokens, position)


def _past_commas(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the subject that insertions between commas follow: "Lee Orr, of Elm, who was not involved, said"."""
    candidate: tuple[int, int] | None = None
    end = position
    while end > 0 and position - end < _MAX_INSERTED:
        first = end
        while first > 0 and not _ends_clause(tokens, first - 1):
            first -= 1
        begins = first == 0 or tokens[first - 1].text != ","
        segment = tokens[first : next((i for i in range(first, end) if tokens[i].text == "("), end)]
        if not segment:
            return candidate
        if end == position or not begins:
            apart = not begins and len(segment) == 1 and first > 1 and tokens[first - 2].is_name  # "of Elm, Ohio"
            if len(segment) < 5 and all(word.is_name for word in segment) and not apart:
                return segment[0].start, segment[-1].end
            if not begins and (_is_insertion(segment) or _is_of_a_body(tokens, first)):
                if segment[0].lower in DETERMINERS:
                    candidate = noun_after(tokens, first) or candidate
                end = first - 1
                continue
        joined = segment[0].lower in {"and", "but"}
        at_noun = first + (joined or not segment[0].is_word)
        if at_noun >= position or (joined and tokens[at_noun].lower.endswith("ing")):
            return candidate
        if tokens[at_noun].lower in PREPOSITIONS | BREAKS:
            return candidate or _noun_before(tokens, first + len(segment) - 1)
        return noun_after(tokens, at_noun) or candidate or _noun_before(tokens, first + len(segment) - 1)
    return candidate


def _ends_clause(tokens: list[Token], position: int) -> bool:
    """Returns whether a comma, a stop or a quotation stands here; no stop is that of "Orr Inc., which"."""
    mark = tokens[position].text
    shortens = mark == "." and position + 1 < len(tokens) and tokens[position + 1].text == ","
    return mark[0] == MASK or (mark in _ENDS_CLAUSE and not shortens)


def _is_of_a_body(tokens: list[Token], first: int) -> bool:
    """Returns whether what somebody is to a body begins here, behind a name: "Phil Orr, Microsoft's head of games"."""
    owner = tokens[first].text[-2:] in POSSESSIVES or (
        first + 1 < len(tokens) and tokens[first + 1].text in POSSESSIVES
    )
    return owner and first > 2 and tokens[first - 2].is_name and tokens[first - 3].is_name


def _is_insertion(segment: list[Token]) -> bool:
    """Returns whether words between commas only tell more of who is named before: "of Elm", "34", "a retired nurse"."""
    first = segment[0]
    if first.lower in {"and", "but"}:
        return len(segment) > 1 and segment[1].lower in {"who", "whose", "which"}
    if first.lower in PRONOUNS - {"who"} or (
        first.lower in BREAKS and first.lower not in {"which", "where", "as", "though"}
    ):
        return False
    return first.text[0].islower() or first.text[0].isdigit() or all(word.is_name for word in segment)


def _clause_subject(tokens: list[Token], position: int) -> tuple[int, int] | None:
    """Returns the subject of the clause that the token at `position` stands in: its first noun without preposition."""
    start = position
    while start > 0 and tokens[start - 1].text not in {".", ";", ":", "!", "?"}:
        quoted = tokens[start - 1].text[0] == MASK
        if quoted and tokens[start].lower not in {"and", "but", "or", ",", "as", "in", "to"}:
            break
        start -= 1
    last = next((i for i in range(position - 1, start, -1) if tokens[i].text == ","), start) + 1
    if (
        start < last < position
        and tokens[position].lower in {"and", "but"}
        and tokens[last].lower in {"he", "she", "they"}
    ):
        return tokens[last].start, tokens[last].end  # "On seeing no lamps, he sighs and says"
    for earlier in range(start, position):
        token = tokens[earlier]
        before = tokens[earlier - 1].lower if earlier > start else ""
        if token.lower in {"he", "she", "they", "i", "we"}:
            return token.start, token.end
        if token.lower in {"this", "these", "those"} and not (
            earlier + 1 < position and tokens[earlier + 1].lower.endswith("s")
        ):
            continue
        starts_noun = token.lower in DETERMINERS - {"that"} or (token.is_name and not (before and before[0].isdigit()))
        if starts_noun and before not in PREPOSITIONS and not (earlier > start and tokens[earlier - 1].is_name):
            found = noun_after(tokens, earlier)
            if found and not _in_phrase(tokens, start, earlier):
                return found
    return None


def _in_phrase(tokens: list[Token], start: int, position: int) -> bool:
    """Returns whether a preposition stands before a token with no comma or verb between: "in the old town"."""
    for earlier in range(position - 1, max(start - 1, position - 4), -1):
        if tokens[earlier].lower in PREPOSITIONS:
            return True
        if not tokens[earlier].is_word or tokens[earlier].lower in VERBS or tokens[earlier].lower in BREAKS:
            return False
    return False


def _noun_before(tokens: list[Token], position: int, relative: bool = False) -> tuple[int, int] | None:
    """Returns the span of the noun phrase that ends at a token, with what hangs on it by "of", "for" or "from"."""
    if position < 0 or not tokens[position].is_word or tokens[position].lower in PREPOSITIONS | BREAKS:
        return None
    end = tokens[position].end
    start = _phrase_start(tokens, position)
    if start is None:
        return None
    start = _behind_an_adverbial(tokens, start, position)
    name_end = end
    if relative and tokens[position].is_name and (start < position or tokens[start - 1].lower != "of"):
        return tokens[start].start, end
    while start >= 2 and tokens[start - 1].lower in {"of", "for", "from", "at", "with", "in", "on"}:
        head = _phrase_start(tokens, start - 2)
        if head is None or (tokens[start - 2].is_name and start - 2 == 0 and tokens[start - 2].lower in PREPOSITIONS):
            break
        if tokens[head].is_name and tokens[head].lower not in DETERMINERS and tokens[start - 2].is_name:
            name_end = tokens[start - 2].end
        else:
            name_end = end
        start = head
    if start >= 3 and tokens[start - 1].lower in {"to", "with"} and tokens[start - 2].lower in {"close", "familiar"}:
        head = _phrase_start(tokens, start - 3)
        return None if head is None else (tokens[head].start, name_end)  # "a source close to the club"
    if start >= 2 and tokens[start - 1].lower == "to" and tokens[start - 2].is_name and tokens[start].is_name:
        head = _phrase_start(tokens, start - 2)
        start = start if head is None else head
    elif start >= 1 and tokens[start - 1].lower in {"in", "on", "by", "than", "to"} and not relative:
        return None
    return tokens[start].start, name_end


def _behind_an_adverbial(tokens: list[Token], start: int, position: int) -> int:
    """Returns where a name begins that follows "In a letter" without a comma: "In his letter Lee Orr wrote"; else `start`."""
    if not start or tokens[start].lower not in DETERMINERS or tokens[start - 1].lower not in _PLACING:
        return start
    first = position
    while first > start and tokens[first - 1].is_name:
        first -= 1
    before = tokens[first - 1].lower
    lower = first - start > 1 and tokens[first - 1].text.islower() and before not in TITLES | BREAKS | PREPOSITIONS
    return first if lower and tokens[position].is_name else start


def _phrase_start(tokens: list[Token], position: int) -> int | None:
    """Returns the index of the first token of the noun phrase that ends at `position`, None if there is none."""
    token = tokens[position]
    if not token.is_word or (token.text[0].isdigit() and not token.text.endswith("-year-old")):
        return None
    first = position
    if token.is_name:
        while first > 0 and (
            tokens[first - 1].is_name
            or (tokens[first - 1].text in POSSESSIVES and first > 1 and tokens[first - 2].is_name)
            or tokens[first - 1].lower in {"de", "von", "van", "al", "bin", "la", "el", "di"}
            or (tokens[first - 1].lower in {"and", "of", "&"} and first > 1 and tokens[first - 2].is_name)
            or (tokens[first - 1].text in {"'", "’"} and first > 1 and tokens[first - 2].text.endswith("s"))
        ):
            first -= 1
        if first > 0 and tokens[first - 1].lower in DETERMINERS:
            return first - 1
        lowered = first
        while lowered > 0 and tokens[lowered - 1].is_word and first - lowered < 4:
            lowered -= 1
            if tokens[lowered].lower in DETERMINERS:
                between = tokens[lowered + 1 : first]
                return lowered if not any(t.lower in PREPOSITIONS | BREAKS | VERBS for t in between) else first
            if tokens[lowered].lower in PREPOSITIONS | BREAKS | VERBS:
                break
        return first
    for earlier in range(position, max(-1, position - 6), -1):
        word = tokens[earlier]
        if word.text in POSSESSIVES:
            continue
        if not word.is_word or (word.lower in PREPOSITIONS | BREAKS - {"that"} and earlier != position):
            first = earlier + 1
            if word.lower in {"of", "for"} and token.lower.endswith("s"):
                return first
            break
        first = earlier
        if word.lower in DETERMINERS:
            return first if first < position or word.lower in _ALONE else None
    clause_start = (
        first == 0 or tokens[first - 1].text in {",", ";", ":", "(", "—"} or tokens[first - 1].lower in BREAKS
    )
    plural = token.lower.endswith("s") or token.lower in {"people", "police", "others", "some", "many"}
    named = first < position and tokens[first].is_name
    return first if clause_start and ((plural and position - first < 4) or named) else None
