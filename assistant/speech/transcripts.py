"""Transcripts and interviews: who says the lines behind a label, as in "Cole: Not a penny."."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assistant.english.names import Name, fullest, may_be_person

MIN_TURNS = 2  # of one speaker
MAX_NAME = 40
MAX_NAMESAKES = 50

LABEL = re.compile(
    r"^[ \t]*(?:\[[\d:. ]+\][ \t]*)?(?P<name>[^\W\d_a-z][\w.’'-]*(?:[ ][^\W\d_a-z][\w.’'-]*){0,3})"
    r"(?:[ ]\([^()\n]{1,40}\))?:(?=[ \t]*+(?:\n[ \t]*+)?\S)",
    re.MULTILINE,
)
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
# Who speaks says "I"; items of a list, a form or minutes hardly do.
_FIRST_PERSON = re.compile(r"\b(?:I(?![.&])|[Mm]e|[Mm]y|[Mm]ine|[Ww]e|[Uu]s|[Oo]urs?)\b")
MIN_FIRST_PERSON = 0.25  # of the turns
_NO_SPEAKERS = frozenset("note warning caution tip hint example question answer q a ps nb".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in a row.

    Attributes:
        start, end: character offsets, from the label to the end.
        speaker: the label's name in its fullest form in the text.
    """

    start: int
    end: int
    speaker: str


def find_turns(text: str, people: Sequence[Name]) -> list[Turn]:
    """Returns the turns of a transcript or an interview, in order; none if the text is neither.

    A label stands at the start of a line, comes at least twice, and what follows labels is in the first person. Where one
    name has labels, the unlabelled paragraphs between are someone else's, as the questions of an interview. Where two or
    more have, they go on with the speaker before.

    Args:
        text: the article's text.
        people: the names in it that may be people's, in order.
    """
    labels = [label for label in LABEL.finditer(text) if _may_speak(label["name"])]
    counts = Counter(label["name"] for label in labels)
    repeated = {name for name, n in counts.items() if n >= MIN_TURNS}
    if not repeated:
        return []
    named = _Named(people, {label.span("name") for label in labels})
    several = len(repeated) > 1
    if not several and not any(named.elsewhere(label) for label in repeated):
        return []
    turns = []
    labels = [label for label in labels if several or label["name"] in repeated]
    for label, following in zip_longest(labels, labels[1:]):
        end = following.start() if following else len(text)
        blank = _PARAGRAPH.search(text, label.end(), end)
        if blank and not (several and following):
            end = blank.start()
        turns.append(Turn(label.start(), end, named.fullest(label["name"])))
    personal = sum(_FIRST_PERSON.search(text, turn.start, turn.end) is not None for turn in turns)
    return turns if personal >= MIN_FIRST_PERSON * len(turns) else []


def _may_speak(label: str) -> bool:
    """Returns whether a label may be someone's name or role."""
    return len(label) <= MAX_NAME and label.lower() not in _NO_SPEAKERS and (label.isupper() or may_be_person(label))


class _Named:
    """The people named in a text, those of labels left out, by their first and last words."""

    def __init__(self, people: Sequence[Name], labels: set[tuple[int, int]]) -> None:
        self._known: set[str] = set()
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        for name in people:
            if (name.start, name.end) in labels or name.text.lower() in self._known:
                continue
            self._known.add(name.text.lower())
            words = name.text.lower().split()
            for word in {words[0], words[-1]}:
                self._by_word[word].append(name.text)

    def fullest(self, label: str) -> str:
        """Returns the fullest form of a label's name in the text."""
        words = label.lower().split()
        alike = [name for word in dict.fromkeys((words[-1], words[0])) for name in self._by_word[word][:MAX_NAMESAKES]]
        return fullest(label, alike)

    def elsewhere(self, label: str) -> bool:
        """Returns whether the text names the person of a label elsewhere too."""
        return label.lower() in self._known or self.fullest(label) != label
