"""The people of an article: whom a subject, a short name or a pronoun means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.articles.sentences import Sentence
from assistant.english.bodies import SPEAKING
from assistant.english.names import Name, find_names, fullest, may_be_person, with_title
from assistant.english.noun_phrases import MASK, noun_after, tokenize
from assistant.speech.reports import Report, find_reports

_MEMORY = 4
_MAX_NAMESAKES = 50
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
_ARTICLES = frozenset("the a an his her their its one some many several most other this these those both".split())
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
_HIMSELF = re.compile(r"(?<!\s)\s++(?:himself|herself|themselves|itself)$")
_PRONOUN = re.compile(r"(?:he|she|they|i|we|you|it|who)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tag:
    """A report in the article: offsets are the article's, `speaker` is resolved."""

    report: Report
    start: int
    end: int
    sentence: int
    speaker: str


class Cast:
    """The people of an article: who they are, where they are named, and whom a subject or a pronoun means.

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
        self._full = list(dict.fromkeys(name.text for name in people))
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

    def tags(self) -> list[Tag]:
        """Returns every report of the article with its speaker."""
        tags: list[Tag] = []
        for index, sentence in enumerate(self._sentences):
            for report in find_reports(self._masked[sentence.start : sentence.end]):
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
                spoke = last is not None and index - last.sentence == 1 and self._is_body(last)
                return last.speaker if last and spoke else self._body_before(index)
            if pronoun == "you":
                return ""
            return self._antecedent(pronoun, start, index, tags)
        return self._named(subject)

    def _named(self, subject: str) -> str:
        """Returns the name in a noun phrase in its fullest form, or the noun phrase if it holds none."""
        subject = re.sub(
            r"^(?:one|that|this|every|each)\s(?:day|morning|evening|night|time),?\s(?=\w)", "", subject, flags=re.I
        )
        subject = _HIMSELF.sub("", subject)
        first, last = subject.split()[0], subject.split()[-1]
        near = find_names(f"- {subject}")
        many = re.search(r"\band\b|&", subject) is not None
        headed = first.lower() in _ARTICLES and (
            first.lower() != "the" or re.search(r"\s(?:of|for|from|at|in|on)\s", subject)
        )
        if near and last[0].isupper() and not many and not headed:
            name = near[-1] if " of " not in subject else near[0]
            person = name.text.split(" of ")[0]
            name = replace(name, text=person) if " " in person and may_be_person(person) else name
            canonical = self._canonical(name.text)
            return canonical if canonical != name.text or " " in name.text else with_title(name)
        lowered = subject[0].lower() + subject[1:] if first.lower() in _ARTICLES else subject
        return re.sub(r"\s+", " ", lowered)

    def _antecedent(self, pronoun: str, start: int, index: int, tags: Sequence[Tag]) -> str:
        """Returns the last person that a pronoun may mean: the speaker before, or the subject named since."""
        last = None
        for tag in reversed(tags):
            if tag.speaker not in {"", "I", "we"} or tag.sentence < index - _MEMORY:
                last = tag if tag.sentence >= index - _MEMORY else None
                break
        others = self._spoken_of(self._sentences[index].start, start)
        earliest = self._sentences[max(0, index - _MEMORY)].start
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
        return self._named(subject) if head and head[0].lower() in SPEAKING else ""

    def _likely_person(self, name: Name, canonical: str) -> bool:
        """Returns whether a mention is a person rather than a thing with a name: full, titled or named again."""
        if re.search(r"\b(?:in|at|near|from|on)\s$", self._before(name, 8)):
            return False
        known = " " in canonical or bool(name.title) or self._counts.get(canonical, 0) > 1
        if known or canonical.endswith("ing"):  # "Lending has risen"
            return known
        return self._is_subject(name) and _ACTS.match(self._after(name, 16)) is not None

    def _is_body(self, tag: Tag) -> bool:
        """Returns whether a speaker is an organisation or a publication, which "it" may mean."""
        return bool(tag.speaker) and tag.speaker[0].isupper() and not may_be_person(tag.speaker)

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
        plural = many and (speaker[0].islower() or speaker not in self._full)
        if pronoun == "they":
            return plural
        return not plural and gender in {"", pronoun}
