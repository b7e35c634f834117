"""Sentences -> sentences with the one who says them: quotations, reported speech and turns, names in their fullest form."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.articles.sentences import Sentence
from assistant.english.names import find_people
from assistant.english.noun_phrases import MASK
from assistant.english.speech_verbs import BEFORE_A_NAME
from assistant.speech.attribution import Attribution
from assistant.speech.people import Cast
from assistant.speech.quotations import Quotation, each_quotation
from assistant.speech.transcripts import find_turns

_SAYS = re.compile(rf"\b(?:{'|'.join(BEFORE_A_NAME)})\s$")
_FULL_WIDTH = str.maketrans("，：；！？", ",:;!?")
_SMALL_WORDS = frozenset("a an and as at by de for from in is la le of on or the to vs with".split())


def attribute_speakers(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Returns the sentences with `speaker` filled where a quotation, reported speech or a turn says whose words they are.

    Args:
        text: the article the sentences are of.
        sentences: all its sentences, in order.
    """
    quotations = [q for q in each_quotation(text) if _may_be_speech(text, q)]
    masked = _masked(text, quotations)
    people = find_people(text)
    cast = Cast(people, masked, sentences)
    tags = cast.tags()
    said_by = Attribution(text, masked, quotations, tags, cast, sentences).speakers()
    speakers: dict[int, str] = {}
    starts = [sentence.start for sentence in sentences]
    for tag in tags:
        if tag.report.reports and tag.speaker not in {"", "I", "we"}:
            speakers.setdefault(tag.sentence, tag.speaker)
    covered: dict[int, int] = {}
    for quotation, speaker in zip(quotations, said_by, strict=True):
        if not speaker:
            continue
        fragment = re.match(r"\W*[a-z]", text[quotation.start : quotation.end]) is not None
        for index in range(max(0, bisect_right(starts, quotation.start) - 1), bisect_left(starts, quotation.end)):
            if fragment and index in speakers and quotation.start > sentences[index].start:
                continue
            first, last = max(sentences[index].start, quotation.start), min(sentences[index].end, quotation.end)
            size = len(re.sub(r"\W", "", text[first:last]))
            if size > covered.get(index, 0):
                covered[index] = size
                speakers[index] = speaker
    for turn in find_turns(text, people):
        for index in range(bisect_left(starts, turn.start), bisect_left(starts, turn.end)):
            speakers[index] = turn.speaker
    return [replace(sentence, speaker=speakers.get(index, "")) for index, sentence in enumerate(sentences)]


def _before(text: str, quotation: Quotation, n: int) -> str:
    """Returns up to n characters before a quotation."""
    return text[max(0, quotation.start - n) : quotation.start]


def _may_be_speech(text: str, quotation: Quotation) -> bool:
    """Returns whether a quotation may be somebody's words: no name, title, single word or part of a sentence."""
    inner = text[quotation.start + 1 : quotation.end - quotation.closed].strip(" \"'“”‘’«»`\n")
    if not re.search(r"[^\W\d_]", inner):
        return False
    mid_sentence = bool(re.search(r"[\w’')]\s$", _before(text, quotation, 2)))
    words = inner.split()
    title = all(not word[:1].islower() or word in _SMALL_WORDS for word in words) and not re.search(
        r"[.!?]\s|\bI\b", inner
    )
    if _SAYS.search(_before(text, quotation, 16)):
        return True
    if mid_sentence and len(words) <= 8 and title:
        return False
    return not (mid_sentence and len(words) <= 3 and not re.search(r"[.!?…,]$", inner))


def _masked(text: str, quotations: Sequence[Quotation]) -> str:
    """Returns the text with every quotation overwritten, newlines kept, so that offsets stay."""
    text = text.replace(MASK, " ").translate(_FULL_WIDTH)
    parts, position = [], 0
    for quotation in quotations:
        parts.append(text[position : quotation.start])
        parts.append(MASK * (quotation.end - quotation.start))
        position = quotation.end
    parts.append(text[position:])
    return "".join(parts)
