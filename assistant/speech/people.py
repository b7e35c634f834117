"""The people of an article: whom a subject, a short name or a pronoun means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from assistant.articles.sentences import Sentence
from assistant.english.bodies import SPEAKING
from assistant.english.names import Name, find_people, with_title
from assistant.english.noun_phrases import MASK, PREPOSITIONS, noun_after, tokenize
from assistant.speech.full_names import FullNames
from assistant.speech.introductions import find_introductions
from assistant.speech.reports import Report, find_reports
from assistant.speech.roles import RoleHolders
from assistant.speech.tags import Tag, is_body

_MEMORY = 4
# In front of a sentence's subject.
_ADVERB = re.compile(
    r"(?:and|but|so|yet|then|now|still|however|meanwhile|later|today|yesterday|also|instead|once|\w{3,}ly)$"
)
_MAX_TAGS = 30  # before a sentence are looked at
_MASCULINE = frozenset(
    "mr sir king lord prince duke father brother son boy man husband uncle emperor monk gentleman".split()
)
_FEMININE = frozenset(
    "mrs ms miss queen lady princess duchess mother sister daughter girl woman wife aunt witch empress madam maid".split()
)
# People without a name: "the old woman".
_ROLE = re.compile(
    rf"\b(?:[Tt]he|[Hh]is|[Hh]er)\s(?:(?:old|young|little|poor|good|eldest|youngest|wicked|rich|great)\s)?"
    rf"(?:{'|'.join(sorted(_MASCULINE | _FEMININE))})\b(?!\s[A-Z]|[’'])"
)
_ACTS = re.compile(
    r",|\s(?:was|is|has|had|were|are|will|would|could|[a-z]+ed|[a-z]+s|[a-z]+ly|said|went|came|took|ran|gave|made|sat|told|got|"
    r"then|saw|left|met|began|wrote|won|felt|knew|thought|stood)\b"
)
_OPENING_LENGTH = 200  # characters of a sentence that hold its subject
_PEOPLE = frozenset("people men women children police".split())
_OPENING_PRONOUN = re.compile(r"\s*(he|she)\b", re.IGNORECASE)
_TIMES_MORE = 3  # often must one pronoun stand for somebody than the other
# Somebody new of whom more is told: "I met Marta Ozola, who", "Juris Apinis, a retired schoolteacher".
_INTRODUCED = re.compile(r",?\swho\b|,\s(?:an?|the)\s")
# Or who holds an office: "whose secretary-general, Amadou Benning, spent".
_OFFICE_BEFORE = re.compile(r"\b(?:whose|its|his|her|their|the)\s[\w-]+(?:\s[\w-]+){0,3},\s$")
# Whom others speak of: "Asked about Pruett, she".
_SPOKEN_OF = re.compile(r"\b(?:about|against|by|for|from|like|of|than|to|unlike|with)\s$")
# Where a clause begins: at most two words, or a short one with a comma, stand between it and the end of what is before.
_CLAUSE_START = re.compile(
    r"(?:^|[.!?\n\x01])\s{0,90}+(?:[^.!?,\n\x01]{0,70},\s)?(?:[\w.]{1,90}+\s){0,2}$|\b(?:and|when|but)\s$"
)
_JOINED = re.compile(r"\band\s$")
_AGED = re.compile(r"(?:the )?\d{1,3}-year-old\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:he|she|they|i|we|you|it|who)$", re.IGNORECASE)


class Cast:
    """The people of an article: who they are, where they are named, and whom a subject or a pronoun means.

    Attributes:
        names: their names, each in its fullest form.

    Args:
        people: the names in the article that may be people's, in order.
        masked: the article's text with every quotation overwritten.
        sentences: all its sentences, in order.
    """

    def __init__(self, people: Sequence[Name], masked: str, sentences: Sequence[Sentence]) -> None:
        self._masked = masked
        self._sentences = sentences
        # Whom quotations name may be meant, but it is in the article's own words that they speak and act.
        named = [name for name in people if MASK not in masked[name.start : name.end]]
        roles = [Name(match.group().lower(), match.start(), match.end()) for match in _ROLE.finditer(masked)]
        self._mentions = sorted(named + roles, key=lambda name: name.start)
        self.names = FullNames([name.text for name in people])
        self._canonical = self.names.fullest
        self._places = [name.start for name in self._mentions]
        self._counts = Counter(self._canonical(name.text) for name in self._mentions)
        self._gender: dict[str, str] = {}
        self._holders = RoleHolders(self._mentions, self._canonical, masked)
        for name in self._mentions:
            self._learn(name)
        self._learn_from_pronouns()

    def _learn(self, name: Name) -> None:
        """Notes whether a title says that a name is a man's or a woman's."""
        words = set(name.title.split())
        gender = "he" if words & _MASCULINE else "she" if words & _FEMININE else ""
        if gender:
            self._gender.setdefault(self._canonical(name.text), gender)

    def _learn_from_pronouns(self) -> None:
        """Notes who is "he" or "she" where a sentence whose subject is the only person in it is followed by one with it."""
        votes: dict[str, Counter[str]] = {}
        for before, after in pairwise(self._sentences):
            pronoun = _OPENING_PRONOUN.match(self._masked[after.start : after.end])
            if not pronoun:
                continue
            first, last = bisect_left(self._places, before.start), bisect_left(self._places, before.end)
            people = {self._canonical(name.text) for name in self._mentions[first:last]}
            if len(people) == 1 and self._is_subject(self._mentions[first]):
                votes.setdefault(people.pop(), Counter())[pronoun[1].lower()] += 1
        for person, counted in votes.items():
            (usual, n), *others = counted.most_common()
            if n > _TIMES_MORE * sum(m for _, m in others):
                self._gender.setdefault(person, usual)

    def tags(self) -> list[Tag]:
        """Returns every report of the article with its speaker."""
        tags: list[Tag] = []
        for index, sentence in enumerate(self._sentences):
            masked = self._masked[sentence.start : sentence.end]
            reports = find_reports(masked)
            reports += find_introductions(masked, reports)
            for report in sorted(reports, key=lambda report: report.start):
                start = sentence.start + report.start
                speaker = self._who(report, sentence.start + report.subject_start, index, tags)
                tags.append(Tag(report, start, sentence.start + report.end, index, speaker))
        return tags

    def _who(self, report: Report, start: int, index: int, tags: Sequence[Tag]) -> str:
        """Returns the speaker that a report's subject means, "" if nobody can be told."""
        subject = report.subject
        if _PRONOUN.match(subject) or subject.lower() in {"his", "her", "their"}:
            pronoun = {"his": "he", "her": "she", "their": "they"}.get(subject.lower(), subject.lower())
            if pronoun in {"i", "we"}:
                return "I" if pronoun == "i" else "we"
            if pronoun == "it":
                last = tags[-1] if tags else None
                spoke = last is not None and index - last.sentence == 1 and is_body(last)
                return last.speaker if last and spoke else self._body_before(index)
            if pronoun == "you":
                return ""
            last = tags[-1] if tags else None
            if pronoun == "they" and last and index - last.sentence == 1 and self._may_be_body(last):
                return last.speaker
            return self._antecedent(pronoun, start, index, tags)
        if _AGED.match(subject):  # "the 34-year-old said"
            return self._antecedent("he", start, index, tags) or self._antecedent("she", start, index, tags)
        return self._holders.of(subject) or self.names.named(subject)

    def opening(self, index: int, start: int, tags: Sequence[Tag]) -> str | None:
        """Returns the person that a sentence begins with, "he" resolved; "" if it is unknown who, None if it is about a thing.

        Args:
            index: the sentence's place.
            start: where in it to begin.
            tags: every report of the article.
        """
        sentence = self._sentences[index]
        opening = self._masked[start : min(sentence.end, start + _OPENING_LENGTH)]
        tokens = tokenize(opening, start)
        first = next(
            (i for i, token in enumerate(tokens) if token.is_word and not _ADVERB.match(token.lower)), len(tokens)
        )
        if first < len(tokens) and tokens[first].lower in PREPOSITIONS | {"asked", "when", "while"}:
            first = next((i + 1 for i, token in enumerate(tokens) if token.text == ","), len(tokens))
        span = noun_after(tokens, first) if first < len(tokens) else None
        if span is None:
            return None
        subject = self._masked[slice(*span)]
        if subject.lower() in {"he", "she"}:
            before = bisect_left(tags, start, key=lambda tag: tag.start)
            return self._antecedent(subject.lower(), span[0], index, tags[max(0, before - _MAX_TAGS) : before])
        if not find_people(f"- {subject.split(' of ')[0]}") or not subject.split()[-1][0].isupper():
            return None
        person = self.names.named(subject)
        return person if " " in person or self._counts.get(person, 0) > 1 else None

    def _antecedent(self, pronoun: str, start: int, index: int, tags: Sequence[Tag]) -> str:
        """Returns the last person that a pronoun may mean: the speaker before, or the subject named since."""
        last = None
        for tag in reversed(tags):
            if tag.speaker not in {"", "I", "we"} or tag.sentence < index - _MEMORY:
                last = tag if tag.sentence >= index - _MEMORY else None
                break
        others = self._spoken_of(self._sentences[index].start, start)
        earliest = self._sentences[max(0, index - _MEMORY)].start
        if last and last.report.subject.lower() in {"he", "she"} - {pronoun} and pronoun != "they":
            others = others | {last.speaker}  # who is "she" is not "he"
            last = None
        asked = self._asked(last, index, tags) if last else ""
        if asked and self._fits(asked, pronoun):
            return asked
        spoke = last.start if last and self._fits(last.speaker, pronoun) else -1
        best = ""
        for position in range(bisect_left(self._places, start) - 1, -1, -1):
            name = self._mentions[position]
            if name.start < max(earliest, spoke):
                break
            canonical = self._canonical(name.text)
            if canonical in others or not self._fits(canonical, pronoun) or not self._likely_person(name, canonical):
                continue
            if self._is_subject(name) or self._is_introduced(name):
                return with_title(name) if canonical == name.text else canonical
            best = canonical
        return last.speaker if last and spoke >= 0 else best

    def _asked(self, tag: Tag, index: int, tags: Sequence[Tag]) -> str:
        """Returns whom the last one who spoke has just asked: "Hill asked Orr whether he would go. “I will,” he said."."""
        if tag.report.verb not in {"asked", "asks"} or index - tag.sentence != 1:
            return ""
        position = bisect_left(self._places, tag.end)
        if position == len(self._mentions) or self._masked[tag.end : self._mentions[position].start].strip():
            earlier = (
                one.speaker for one in reversed(tags[-_MEMORY:]) if one.speaker not in {"", "I", "we", tag.speaker}
            )
            return next(earlier, "")
        return self._canonical(self._mentions[position].text)

    def _spoken_of(self, start: int, end: int) -> set[str]:
        """Returns whom a part of a sentence speaks of: nobody who speaks in the rest of it."""
        first, last = bisect_left(self._places, start), bisect_left(self._places, end)
        return {
            self._canonical(name.text)
            for name in self._mentions[first:last]
            if _SPOKEN_OF.search(self._masked[max(start, name.start - 12) : name.start])
        }

    def _body_before(self, index: int) -> str:
        """Returns the body that the sentence before a sentence begins with, "" if it begins with none."""
        if not index:
            return ""
        sentence = self._sentences[index - 1]
        before = self._masked[sentence.start : min(sentence.end, sentence.start + _OPENING_LENGTH)]
        span = noun_after(tokenize(before), 0)
        subject = before[span[0] : span[1]] if span else ""
        head = subject.split(" of ")[0].split()[-1:]
        return self.names.named(subject) if head and head[0].lower() in SPEAKING else ""

    def _likely_person(self, name: Name, canonical: str) -> bool:
        """Returns whether a mention is a person rather than a thing with a name: full, titled or named again."""
        if re.search(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]n)\s$", self._before(name, 8)):
            return False
        known = " " in canonical or bool(name.title) or self._counts.get(canonical, 0) > 1
        if known or canonical.endswith("ing"):  # "Lending has risen"
            return known
        return self._is_subject(name) and _ACTS.match(self._after(name, 16)) is not None

    def _may_be_body(self, tag: Tag) -> bool:
        """Returns whether a speaker is an organisation, or a name that nothing shows to be a person's."""
        one = " " not in tag.speaker and tag.speaker[:1].isupper() and tag.speaker not in self._gender
        return is_body(tag) or (one and tag.report.subject == tag.speaker)

    def _before(self, name: Name, n: int) -> str:
        """Returns up to n characters before a name."""
        return self._masked[max(0, name.start - n) : name.start]

    def _after(self, name: Name, n: int) -> str:
        """Returns up to n characters behind a name."""
        return self._masked[name.end : name.end + n]

    def _is_subject(self, name: Name) -> bool:
        """Returns whether a name stands where a sentence or clause begins."""
        before = self._before(name, 90)
        after = self._after(name, 2)
        if _SPOKEN_OF.search(before) or self._masked.endswith(("'s", "’s"), name.start, name.end):
            return False
        if _JOINED.search(before) and after[:1] == ",":
            return False  # "of Human Rights and Drug Policy, said"
        return _CLAUSE_START.search(before) is not None and re.match(r"\s[\w(]|,", after) is not None

    def _is_introduced(self, name: Name) -> bool:
        """Returns whether a name is told for the first time, with what its bearer is."""
        if _INTRODUCED.match(self._masked, name.end):
            return True
        office = _OFFICE_BEFORE.search(self._before(name, 60))
        return office is not None and self._after(name, 1) == ","

    def _fits(self, speaker: str, pronoun: str) -> bool:
        """Returns whether nothing speaks against a pronoun meaning a speaker."""
        words = speaker.lower().replace(".", "").split()
        if not words:
            return False
        gender = self._gender.get(speaker, "")
        if not gender:
            gender = "he" if set(words) & _MASCULINE else "she" if set(words) & _FEMININE else ""
        many = words[-1].endswith("s") or words[-1] in _PEOPLE
        plural = many and (speaker[0].islower() or speaker not in self.names)
        if pronoun == "they":
            return plural
        return not plural and gender in {"", pronoun}
