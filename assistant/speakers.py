"""Sentences -> sentences with the one who says them: quotations and reported speech, with names in their fullest form."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.names import Name, find_names, fullest, may_be_person, with_title
from assistant.quotations import Quotation, find_quotations
from assistant.reporting import MASK, Report, find_reports
from assistant.sentences import Sentence

_MAX_TAG_GAP = 80
_MEMORY = 4
_MAX_NAMESAKES = 50
_MASCULINE = frozenset("mr sir king lord prince duke father brother son boy man husband uncle emperor monk gentleman".split())
_FEMININE = frozenset(
    "mrs ms miss queen lady princess duchess mother sister daughter girl woman wife aunt witch empress madam maid".split()
)
# People without a name: "the old woman".
_ROLE = re.compile(
    rf"\b(?:[Tt]he|[Hh]is|[Hh]er)\s(?:(?:old|young|little|poor|good|eldest|youngest|wicked|rich|great)\s)?"
    rf"(?:{'|'.join(sorted(_MASCULINE | _FEMININE))})\b(?!\s[A-Z]|[’'])"
)
_ENDS_SPEECH = re.compile(r"[,.!?…—–-][\s'’”\"]*$")
_SMALL_WORDS = frozenset("a an and as at by de for from in is la le of on or the to vs with".split())
_PRONOUN = re.compile(r"(?:he|she|they|i|we|you|it|who)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A report in the article: offsets are the article's, `speaker` is resolved."""

    report: Report
    start: int
    end: int
    sentence: int
    speaker: str


def attribute_speakers(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Returns the sentences with `speaker` filled where a quotation or reported speech says whose words they are.

    Args:
        text: the article the sentences are of.
        sentences: all its sentences, in order.
    """
    quotations = [q for q in find_quotations(text) if _may_be_speech(text, q)]
    masked = _masked(text, quotations)
    tags = _Cast(text, masked, sentences).tags()
    spoken = _spoken(text, masked, quotations, tags, sentences)
    speakers: dict[int, str] = {}
    starts = [sentence.start for sentence in sentences]
    for tag in tags:
        if tag.report.reports and tag.speaker not in {"", "I", "we", "you"}:
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
    return [replace(sentence, speaker=speakers.get(index, "")) for index, sentence in enumerate(sentences)]


def _may_be_speech(text: str, quotation: Quotation) -> bool:
    """Returns whether a quotation may be somebody's words: no name, title, single word or part of a sentence."""
    inner = text[quotation.start + 1 : quotation.end - quotation.closed].strip(" \"'“”‘’«»`\n")
    if not re.search(r"[^\W\d_]", inner):
        return False
    before = text[max(0, quotation.start - 2) : quotation.start]
    mid_sentence = bool(re.search(r"[\w’')]\s$", before))
    words = inner.split()
    title = all(not word[:1].islower() or word in _SMALL_WORDS for word in words) and not re.search(r"[.!?]\s|\bI\b", inner)
    if mid_sentence and len(words) <= 8 and title:
        return False
    return not (mid_sentence and len(words) <= 3 and not re.search(r"[.!?…,]$", inner))


def _masked(text: str, quotations: Sequence[Quotation]) -> str:
    """Returns the text with every quotation overwritten, newlines kept, so that offsets stay."""
    parts, position = [], 0
    for quotation in quotations:
        parts.append(text[position : quotation.start])
        parts.append(MASK * (quotation.end - quotation.start))
        position = quotation.end
    parts.append(text[position:])
    return "".join(parts)


class _Cast:
    """The people of an article: who they are, where they are named, and whom a subject or a pronoun means."""

    def __init__(self, text: str, masked: str, sentences: Sequence[Sentence]) -> None:
        self._masked = masked
        self._sentences = sentences
        named = [name for name in find_names(masked) if may_be_person(name.text)]
        roles = [Name(match.group().lower(), match.start(), match.end()) for match in _ROLE.finditer(masked)]
        self._mentions = sorted(named + roles, key=lambda name: name.start)
        self._full = list(dict.fromkeys(name.text for name in find_names(text) if may_be_person(name.text)))
        self._places = [name.start for name in self._mentions]
        self._order = {name: position for position, name in enumerate(self._full)}
        self._known: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        for full in self._full:
            self._by_first.setdefault(full.split()[0].lower(), []).append(full)
            self._by_last.setdefault(full.split()[-1].lower(), []).append(full)
        self._counts = Counter(self._canonical(name.text) for name in self._mentions)
        self._gender: dict[str, str] = {}
        for name in self._mentions:
            self._learn(name)

    def _learn(self, name: Name) -> None:
        """Notes whether a title says that a name is a man's or a woman's."""
        words = set(name.title.split())
        gender = "he" if words & _MASCULINE else "she" if words & _FEMININE else ""
        if gender:
            self._gender.setdefault(self._canonical(name.text), gender)

    def _canonical(self, name: str) -> str:
        """Returns the fullest form of a name in the article."""
        known = self._known.get(name)
        if known is None:
            words = name.lower().split()
            family = self._by_last.get(words[-1], []) if words else []
            before = self._order.get(name, 0)
            given = [full for full in self._by_first.get(words[0], [])[:_MAX_NAMESAKES] if self._order[full] < before]
            known = self._known[name] = fullest(name, family[:_MAX_NAMESAKES] + given)
        return known

    def tags(self) -> list[_Tag]:
        """Returns every report of the article with its speaker."""
        tags: list[_Tag] = []
        for index, sentence in enumerate(self._sentences):
            for report in find_reports(self._masked[sentence.start : sentence.end]):
                start = sentence.start + report.start
                speaker = self._who(report, sentence.start + report.subject_start, index, tags)
                tags.append(_Tag(report, start, sentence.start + report.end, index, speaker))
        return tags

    def _who(self, report: Report, start: int, index: int, tags: Sequence[_Tag]) -> str:
        """Returns the speaker that a report's subject means, "" if nobody can be told."""
        subject = report.subject
        if _PRONOUN.match(subject) or subject.lower() in {"his", "her", "their"}:
            pronoun = {"his": "he", "her": "she", "their": "they"}.get(subject.lower(), subject.lower())
            if pronoun in {"i", "we"}:
                return "I" if pronoun == "i" else "we"
            if pronoun in {"you", "it"}:
                last = tags[-1] if tags else None
                return last.speaker if pronoun == "it" and last and index - last.sentence == 1 and self._is_body(last) else ""
            return self._antecedent(pronoun, start, index, tags)
        return self._named(subject, start)

    def _named(self, subject: str, start: int) -> str:
        """Returns the name in a noun phrase in its fullest form, or the noun phrase if it holds none."""
        subject = re.sub(r"\s+(?:himself|herself|themselves|itself)$", "", subject)
        first, last = subject.split()[0], subject.split()[-1]
        near = find_names(f"- {subject}")
        many = re.search(r"\band\b", subject) is not None
        headed = first.lower() in _ARTICLES and (first.lower() != "the" or re.search(r"\s(?:of|for|from|at|in|on)\s", subject))
        if near and last[0].isupper() and not many and not headed:
            name = near[-1] if " of " not in subject else near[0]
            person = name.text.split(" of ")[0]
            name = replace(name, text=person) if " " in person and may_be_person(person) else name
            canonical = self._canonical(name.text)
            return canonical if canonical != name.text or " " in name.text else with_title(name)
        lowered = subject[0].lower() + subject[1:] if first.lower() in _ARTICLES else subject
        return re.sub(r"\s+", " ", lowered)

    def _antecedent(self, pronoun: str, start: int, index: int, tags: Sequence[_Tag]) -> str:
        """Returns the last person that a pronoun may mean: the speaker before, or the subject named since."""
        last = None
        for tag in reversed(tags):
            if tag.speaker not in {"", "I", "we"} or tag.sentence < index - _MEMORY:
                last = tag if tag.sentence >= index - _MEMORY else None
                break
        earliest = self._sentences[max(0, index - _MEMORY)].start
        spoke = last.start if last and self._fits(last.speaker, pronoun) else -1
        best = ""
        for position in range(bisect_left(self._places, start) - 1, -1, -1):
            name = self._mentions[position]
            if name.start < max(earliest, spoke):
                break
            canonical = self._canonical(name.text)
            if not self._fits(canonical, pronoun) or not self._likely_person(name, canonical):
                continue
            if self._is_subject(name):
                return with_title(name) if canonical == name.text else canonical
            best = canonical
        return last.speaker if last and spoke >= 0 else best

    def _likely_person(self, name: Name, canonical: str) -> bool:
        """Returns whether a mention is a person rather than a thing with a name: full, titled or named again."""
        if re.search(r"\b(?:in|at|near|from|on)\s$", self._masked[max(0, name.start - 8) : name.start]):
            return False
        known = " " in canonical or bool(name.title) or self._counts.get(canonical, 0) > 1
        return known or self._is_subject(name)

    def _is_body(self, tag: _Tag) -> bool:
        """Returns whether a speaker is an organisation or a publication, which "it" may mean."""
        return bool(tag.speaker) and tag.speaker[0].isupper() and not may_be_person(tag.speaker)

    def _is_subject(self, name: Name) -> bool:
        """Returns whether a name stands where a sentence or clause begins."""
        before = self._masked[max(0, name.start - 40) : name.start]
        after = self._masked[name.end : name.end + 2]
        starts = re.search(r"(?:^|[.!?\n\x01])\s*(?:[^.!?,\n\x01]{0,30},\s)?(?:[\w.]+\s){0,2}$|\b(?:and|when|but)\s$", before)
        return starts is not None and re.match(r"\s[\w(]|,", after) is not None

    def _fits(self, speaker: str, pronoun: str) -> bool:
        """Returns whether nothing speaks against a pronoun meaning a speaker."""
        words = speaker.lower().replace(".", "").split()
        if not words:
            return False
        gender = self._gender.get(speaker, "")
        if not gender:
            gender = "he" if set(words) & _MASCULINE else "she" if set(words) & _FEMININE else ""
        plural = words[-1].endswith("s") and (speaker[0].islower() or speaker not in self._full)
        if pronoun == "they":
            return plural
        return not plural and gender in {"", pronoun}


_ARTICLES = frozenset("the a an his her their its one some many several most other this these those both".split())


def _spoken(
    text: str, masked: str, quotations: Sequence[Quotation], tags: Sequence[_Tag], sentences: Sequence[Sentence]
) -> list[tuple[Quotation, str]]:
    """Returns the quotations that are speech, each with its speaker."""
    starts = [tag.start for tag in tags]
    found: list[tuple[Quotation, str]] = []
    speakers: list[str] = []
    for index, quotation in enumerate(quotations):
        following = quotations[index + 1].start if index + 1 < len(quotations) else len(text)
        before = _tag_before(text, masked, quotation, quotations[index - 1].end if index else 0, tags, starts)
        introduced = re.search(r"[,:—–]\s*$", masked[max(0, quotation.start - 3) : quotation.start]) is not None
        speaker = before if introduced else ""
        speaker = speaker or _tag_after(text, masked, quotation, following, tags, starts) or before
        if not speaker and index:
            speaker = _carried(text, masked, quotations[index - 1], quotation, speakers[-1], tags, starts)
        speakers.append(speaker)
        back = index
        while speaker and quotations[back].continues and back and not speakers[back - 1]:
            back -= 1
            speakers[back] = speaker
    for quotation, speaker in zip(quotations, speakers, strict=True):
        if speaker:
            found.append((quotation, speaker))
    return found


def _tag_after(
    text: str, masked: str, quotation: Quotation, following: int, tags: Sequence[_Tag], starts: Sequence[int]
) -> str:
    """Returns the speaker of a tag right behind a quotation: '…," said X'."""
    inner_end = quotation.end - (2 if text[quotation.end - 2 : quotation.end] == "''" else 1)
    ends = _ENDS_SPEECH.search(text[max(quotation.start, inner_end - 4) : inner_end]) or masked[
        quotation.end : quotation.end + 2
    ].lstrip().startswith((",", "—", "–"))
    whole = not text[max(0, quotation.start - 2) : quotation.start].strip() or text[quotation.start - 2 : quotation.start - 1] in ".!?\"”"
    if not quotation.closed or not (ends or whole):
        return ""
    for position in range(bisect_left(starts, quotation.end), len(tags)):
        tag = tags[position]
        gap = masked[quotation.end : tag.start]
        if tag.start > min(following, quotation.end + _MAX_TAG_GAP) or re.search(r"[.!?;:]\s", gap):
            return ""
        if re.fullmatch(r"[\s,—–-]*(?:(?:then|and|but|as|so)\s+)?", gap):
            capital = re.match(r"\s*[A-Z]", masked[quotation.end : tag.start + 1]) is not None
            stopped = re.search(r"\.\W*$", text[quotation.end - 4 : quotation.end]) is not None
            if not ends and not re.match(r"[^.!?\x01]{0,30}[.!?,]|$", masked[tag.end : tag.end + 40]):
                return ""
            if capital and stopped and (tag.report.own_clause or tag.report.reports):
                return ""
            mid = re.search(r"[\w’']\s$", text[max(0, quotation.start - 2) : quotation.start])
            return "" if tag.report.own_clause and mid else tag.speaker
        return ""
    return ""


def _tag_before(
    text: str, masked: str, quotation: Quotation, previous: int, tags: Sequence[_Tag], starts: Sequence[int]
) -> str:
    """Returns the speaker of a tag in front of a quotation: 'X said: "…'."""
    position = bisect_left(starts, quotation.start) - 1
    if position < 0 or tags[position].end < previous:
        return ""
    tag = tags[position]
    gap = masked[tag.end : quotation.start]
    if len(gap) > 2 * _MAX_TAG_GAP or MASK in gap or re.search(r"[.!?;]\s", gap) or "\n\n" in gap:
        return ""
    if re.search(r"[,:—–]\s*$|\b(?:that|as|it|him|her|them|was|is|a|an|the|of)\s*$", gap) or len(gap) <= 2:
        return tag.speaker
    return tag.speaker if tag.report.reports else ""


def _carried(
    text: str,
    masked: str,
    before: Quotation,
    quotation: Quotation,
    speaker: str,
    tags: Sequence[_Tag],
    starts: Sequence[int],
) -> str:
    """Returns the speaker of the quotation before, where this one goes on from it."""
    gap = masked[before.end : quotation.start]
    if quotation.continues:
        return speaker
    if not speaker or "\n" in gap or not gap.strip() or len(gap) > 2 * _MAX_TAG_GAP:
        return ""
    first = bisect_left(starts, before.end)
    tagged = first < len(tags) and tags[first].start < quotation.start
    stops = len(re.findall(r"[.!?](?=\s)", gap))
    return speaker if tagged and stops <= 1 else ""
