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
from assistant.speech.people import Cast, Tag
from assistant.speech.quotations import Quotation, each_quotation
from assistant.speech.transcripts import find_turns

_MAX_TAG_GAP = 80
_SAYS = re.compile(rf"\b(?:{'|'.join(BEFORE_A_NAME)})\s$")
_ENDS_SPEECH = re.compile(r"[,.!?…—–-][\s'’”\"]*$")
_STOPPED = re.compile(r"(?<!\W)(?=[^\w.]*\.)\W*+$")
# Between a quotation and who says it: '…," and the secretary, Tom Hargreaves, said'.
_GAP = re.compile(r"[\s,—–-]*(?:(?:then|and|but|as|so)\s+)?(?:(?:the|an?|its|his|her|their)\s[^,.;:!?\x01]{2,60},\s)?")
# The same paragraph goes on with the one who spoke: 'He also changed his formation. "Orde hates it."'.
_GOES_ON = re.compile(r"[.!?]\s(?:He|She)\s[^.!?\x01]{1,200}\.\s$")
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
    tags = Cast(people, masked, sentences).tags()
    spoken = _spoken(text, masked, quotations, tags)
    speakers: dict[int, str] = {}
    starts = [sentence.start for sentence in sentences]
    for tag in tags:
        if tag.report.reports and tag.speaker not in {"", "I", "we"}:
            speakers.setdefault(tag.sentence, tag.speaker)
    covered: dict[int, int] = {}
    for quotation, speaker in spoken:
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
    text = text.replace(MASK, " ")
    parts, position = [], 0
    for quotation in quotations:
        parts.append(text[position : quotation.start])
        parts.append(MASK * (quotation.end - quotation.start))
        position = quotation.end
    parts.append(text[position:])
    return "".join(parts)


def _spoken(
    text: str, masked: str, quotations: Sequence[Quotation], tags: Sequence[Tag]
) -> list[tuple[Quotation, str]]:
    """Returns the quotations that are speech, each with its speaker."""
    starts = [tag.start for tag in tags]
    found: list[tuple[Quotation, str]] = []
    speakers: list[str] = []
    for index, quotation in enumerate(quotations):
        before = _tag_before(masked, quotation, tags, starts)
        introduced = re.search(r"[,:—–]\s*$", _before(masked, quotation, 3)) is not None
        speaker = before if introduced else ""
        speaker = speaker or _tag_after(text, masked, quotation, tags, starts) or before
        if not speaker and index:
            speaker = _carried(masked, quotations[index - 1], quotation, speakers[-1], tags, starts)
        speakers.append(speaker)
        back = index
        # Without a speaker there is nothing to hand back; going back all the same would take the square of the time.
        while speaker and back and quotations[back].continues and not speakers[back - 1]:
            back -= 1
            speakers[back] = speaker
    for quotation, speaker in zip(quotations, speakers, strict=True):
        if speaker:
            found.append((quotation, speaker))
    return found


def _tag_after(text: str, masked: str, quotation: Quotation, tags: Sequence[Tag], starts: Sequence[int]) -> str:
    """Returns the speaker of a tag right behind a quotation: '…," said X'."""
    ends = _ENDS_SPEECH.search(text, max(quotation.start, quotation.end - 5), quotation.end - 1) or masked[
        quotation.end : quotation.end + 2
    ].lstrip().startswith((",", "—", "–"))
    whole = not _before(text, quotation, 2).strip() or text[quotation.start - 2 : quotation.start - 1] in '.!?"”'
    position = bisect_left(starts, quotation.end)
    if not quotation.closed or not (ends or whole) or position == len(tags):
        return ""
    tag = tags[position]
    if not _GAP.fullmatch(masked, quotation.end, tag.start):
        return ""
    if not ends and not re.match(r"[^.!?\x01]{0,30}[.!?,]|$", masked[tag.end : tag.end + 40]):
        return ""
    capital = re.match(r"\s*[A-Z]", masked[quotation.end : tag.start + 1]) is not None
    stopped = _STOPPED.search(text[quotation.end - 4 : quotation.end]) is not None
    if capital and stopped and (tag.report.own_clause or tag.report.reports):
        return ""
    mid = re.search(r"[\w’']\s$", _before(text, quotation, 2))
    return "" if tag.report.own_clause and mid else tag.speaker


def _tag_before(masked: str, quotation: Quotation, tags: Sequence[Tag], starts: Sequence[int]) -> str:
    """Returns the speaker of a tag in front of a quotation: 'X said: "…'."""
    position = bisect_left(starts, quotation.start) - 1
    if position < 0:
        return ""
    tag = tags[position]
    gap = masked[tag.end : quotation.start]
    if (
        len(gap) > 2 * _MAX_TAG_GAP
        or MASK in gap
        or re.search(r"[.!?;]\s", gap)
        or ("\n\n" in gap and not gap.rstrip().endswith(":"))
    ):
        return ""
    if re.search(r"[,:—–]\s*$|\b(?:that|as|it|him|her|them|was|is|a|an|the|of)\s*$", gap) or len(gap) <= 2:
        return tag.speaker
    return tag.speaker if tag.report.reports else ""


def _carried(
    masked: str,
    before: Quotation,
    quotation: Quotation,
    speaker: str,
    tags: Sequence[Tag],
    starts: Sequence[int],
) -> str:
    """Returns the speaker of the quotation before, where this one goes on from it."""
    gap = masked[before.end : quotation.start]
    if quotation.continues:
        return speaker
    if "\n" in gap or not gap.strip():
        return ""
    first = bisect_left(starts, before.end)
    if _GOES_ON.search(gap) and all(t.speaker == speaker for t in tags[first : bisect_left(starts, quotation.start)]):
        return speaker
    if len(gap) > 2 * _MAX_TAG_GAP:
        return ""
    tagged = first < len(tags) and tags[first].start < quotation.start
    stops = len(re.findall(r"[.!?](?=\s)", gap))
    return speaker if tagged and stops <= 1 else ""
