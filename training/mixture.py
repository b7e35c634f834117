"""Which examples the reader sees, how often, and in which disguise."""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.articles.sentences import split_sentences
from training.condense import condense
from training.cycles import Cycle
from training.data import Example
from training.follow_ups import follow_up
from training.listed import listed_question
from training.near_misses import NearMisses, Words, words_of
from training.passage_questions import SOURCE as ASKED
from training.removed import without_answer
from training.rivals import Rivals
from training.speech import speech_questions
from training.synonyms import Synonyms
from training.turns import after_turns
from training.wording import is_contested, is_reworded
from training.written import SOURCE
from training.yes_no import yes_no_question

# Share of draws. Labelled unanswerable questions are few and seen several times; see README.md for what each
# kind is.
ANSWERABLE = {
    "squad": 0.16, "squad1-dev": 0.06, "squadshifts": 0.13, "unansq": 0.02, "expmrc": 0.01, "quoref": 0.06, "gap": 0.02,
    "qed": 0.13, "nqopen": 0.05, "tydiqa": 0.08, "multispanqa": 0.02, "selqa": 0.03,
    "boolq": 0.05, "pubmedqa": 0.01, "qamr": 0.04, "onestopqa": 0.03, "tweetqa": 0.02, "covidqa": 0.01,
    "timeqa": 0.02, "policyqa": 0.03, "fairytaleqa": 0.04, "hotpotqa": 0.05,
    "doqa": 0.03, "doc2dial": 0.03, "abg-coqa": 0.01, "speech": 0.02, "written": 0.10,
}  # fmt: skip
KINDS = {
    "answerable": 0.17, "contested": 0.04, "reworded": 0.12, "labelled": 0.08, "near": 0.07, "removed": 0.06,
    "gathered": 0.08, "elsewhere": 0.04, "pair": 0.02, "silent": 0.02, "follow": 0.03, "yes_no": 0.03, "listed": 0.02,
    "written": 0.12, "asked": 0.10,
}  # fmt: skip
FURTHER = KINDS | {"written": 0.45, "asked": 0.40}  # for a network that has seen all but the newest
_LABELLED = {"squad": 0.38, "squad-negatives": 0.24, "unansq": 0.14, "timeqa": 0.18, "gap": 0.06}
_WANTED = {"contested": is_contested, "reworded": is_reworded}
_REDRAWS = 6
WITH_SYNONYMS = 0.3  # of all questions, answerable or not, so that a rare word does not tell which they are
LACKING = 0.4  # of the written questions that are answered, asked of the text less the sentences that answer
AFTER_TURNS = 0.15  # of all questions, whether they need what went before or not
LATER = 0.5  # share of follow-ups that are not the second question of their conversation
ELSEWHERE_IF_YES_NO, CONTRADICTED = 0.3, 0.55
BARE = 0.1  # share of questions without a question mark: many people type none


class Mixture:
    """An endless stream of examples, about four in ten unanswerable.

    Args:
        examples: the training part.
        near_misses: makes near misses.
        seed: the same seed and examples give the same stream.
        synonyms: put questions in other words; None leaves all as they are.
        rivals: of the same passages, gather sentences that look like the answer; None gathers none.
        kinds: how often each of `KINDS` is drawn, beside the others.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        near_misses: NearMisses,
        seed: int,
        synonyms: Synonyms | None = None,
        rivals: Rivals | None = None,
        kinds: Mapping[str, float] = KINDS,
    ) -> None:
        self._rng = random.Random(seed)
        self._kinds = kinds
        self._near_misses = near_misses
        self._synonyms = synonyms
        self._rivals = rivals
        unique = {e.context: (e.source, e.article, e.context) for e in examples}
        said = [e for _ in range(2) for e in speech_questions(unique.values(), self._rng)]
        self._answerable = self._by_source([e for e in examples if e.answerable])
        if said:
            self._answerable["speech"] = self._cycle([e for e in said if e.answerable])
        self._labelled = self._by_source([e for e in examples if not e.answerable])
        self._written = {name: self._cycle([e for e in examples if e.source == name]) for name in (SOURCE, ASKED)}
        self._silent = self._cycle([e for e in said if not e.answerable])
        self._passages: defaultdict[str, list[str]] = defaultdict(list)
        for _, article, context in unique.values():
            self._passages[article].append(context)
        self._everything = list(unique)
        self._questions: defaultdict[str, list[Example]] = defaultdict(list)
        for example in examples:
            if example.answers:
                self._questions[example.context].append(example)
        self._words: dict[str, Words] = {}
        self._bags: dict[str, frozenset[str]] = {}
        self._counts = Counter(word for context in self._everything for word in self._bag(context))
        self._weights = {word: math.log(1 + len(self._everything) / n) for word, n in self._counts.items()}

    def __iter__(self) -> Iterator[Example]:
        while True:
            example = self.draw(self._pick(self._kinds))
            if example is not None:
                if self._synonyms is not None and self._rng.random() < WITH_SYNONYMS:
                    example = self._synonyms.reworded(example, self._rng)
                if self._rng.random() < AFTER_TURNS:
                    example = after_turns(example, self._questions[example.context], self._rng)
                bare = self._rng.random() < BARE
                yield replace(example, question=example.question.rstrip("? ")) if bare else example

    def draw(self, kind: str) -> Example | None:
        """Returns an example of one of `KINDS`, or None if this draw gave none."""
        if kind == "labelled":
            return self._focused(next(self._labelled[self._pick(_LABELLED, self._labelled)]))
        if kind == "silent":
            return next(self._silent, None)
        if kind in self._written:
            written = next(self._written[kind], None)
            if written is not None and written.answerable and self._rng.random() < LACKING:
                written = without_answer(written)
            if written is not None and not written.answerable:
                return self._focused(written)
            return self._brought_together(written)
        example = next(self._answerable[self._pick(ANSWERABLE, self._answerable)])
        wanted = _WANTED.get(kind)
        for _ in range(_REDRAWS):
            if wanted is None or wanted(example):
                break
            example = next(self._answerable[self._pick(ANSWERABLE, self._answerable)])
        if kind == "near":
            return self._near_miss(example)
        if kind == "removed":
            left = without_answer(example)
            return self._focused(left) if left else None
        if kind == "gathered":
            return self._rivals.gathered(example, self._rng) if self._rivals is not None else None
        if kind == "elsewhere":
            return self._elsewhere(example)
        if kind == "pair":
            return self._pair(example)
        if kind == "yes_no":
            return self._yes_no(example)
        if kind == "listed":
            return listed_question(example, [name for name, _ in self._words_of(example.article).names], self._rng)
        if kind == "follow":
            others = self._questions[example.context]
            made = follow_up(example, others, self._rng)
            return after_turns(made, others, self._rng) if made and self._rng.random() < LATER else made
        return self._brought_together(example)

    def _yes_no(self, example: Example) -> Example | None:
        made = yes_no_question(example, self._counts, self._rng)
        if made is None or self._rng.random() < ELSEWHERE_IF_YES_NO:
            return made and self._elsewhere(made)
        if self._rng.random() < CONTRADICTED:
            ((start, end),) = made.support or ()
            words = self._words_of(made.article)
            return self._near_misses.contradicted(made, made.context[start:end], words, self._rng)
        return made

    def _brought_together(self, example: Example | None) -> Example | None:
        if example is None or len(example.support or ()) < 2:
            return example
        return condense(example, self._rng)

    def _near_miss(self, example: Example) -> Example | None:
        if not example.answers:
            return None
        start, text = example.answers[0]
        holding = [s for s in split_sentences(example.context) if s.start < start + len(text) and start < s.end]
        known = " ".join(s.text for s in holding)
        made = self._near_misses.make(example, known, self._words_of(example.article), self._rng)
        return replace(made, focus=(start, start + len(text)), plausible=(start, text)) if made else None

    def _words_of(self, article: str) -> Words:
        if article not in self._words:
            self._words[article] = words_of("\n".join(self._passages[article][:40]))
        return self._words[article]

    def _elsewhere(self, example: Example) -> Example | None:
        """Returns the question with the passage of the same article, or of any, that looks most like an answer."""
        golds = [gold.lower() for gold in example.golds]
        pool = self._passages[example.article]
        pool = self._rng.sample(pool, min(len(pool), 25))
        pool += self._rng.sample(self._everything, min(len(self._everything), 3 if len(pool) > 4 else 40))
        scored = [(self._overlap(example.question, context), context) for context in pool if context != example.context]
        if len(example.context) > 1500:  # another part of the same long passage
            scored.append((self._overlap(example.question, example.context), example.context))
        for _, context in sorted(scored, reverse=True)[: self._rng.choice([1, 1, 1, 3])][-1:]:
            cleared = replace(
                example, id=f"{example.id}#elsewhere", context=context, answers=(), accepted=(), answerable=False,
                support=None, mismatch=None, kind="",
            )  # fmt: skip
            focused = self._focused(cleared, avoid=golds)
            if focused is not None and focused.focus is not None:
                around = context[max(0, focused.focus[0] - 600) : focused.focus[1] + 600].lower()
                if not any(gold in around for gold in golds):
                    return focused
        return None

    def _pair(self, example: Example) -> Example | None:
        others = [e for e in self._questions[example.context] if e.question != example.question]
        if not others or not example.answers:
            return None
        other = self._rng.choice(others)
        question = f"{example.question.rstrip('?. ')} and {other.question[0].lower()}{other.question[1:]}"
        answers = tuple(sorted(answer for e in (example, other) for answer in e.answers[:1]))
        spans = tuple((start, start + len(text)) for start, text in answers)
        made = replace(
            example, id=f"{example.id}#pair", question=question, answers=answers, support=spans, mismatch=None
        )
        return replace(made, kind="several")

    def _focused(self, example: Example, avoid: Sequence[str] = ()) -> Example:
        """Returns the example with its focus on the sentence that shares most with the question."""
        sentences = [s for s in split_sentences(example.context) if not any(a in s.text.lower() for a in avoid)]
        if not sentences:
            return example
        best = max(sentences, key=lambda s: self._overlap(example.question, s.text) + self._rng.random())
        return replace(example, focus=(best.start, best.end))

    def _overlap(self, question: str, text: str) -> float:
        shared = self._bag(question) & self._bag(text)
        # Exact, so that the order of a set, which changes from run to run, does not change the draws.
        return math.fsum(self._weights.get(word, 1.0) for word in shared)

    def _bag(self, text: str) -> frozenset[str]:
        if len(text) < 200:
            return frozenset(re.findall(r"\w+", text.lower()))
        if text not in self._bags:
            self._bags[text] = frozenset(re.findall(r"\w+", text.lower()))
        return self._bags[text]

    def place(self) -> dict[str, Any]:
        """Returns where the stream stands, in what a checkpoint may hold."""
        return {"chance": self._rng.getstate(), "cycles": {name: c.place() for name, c in self._cycles().items()}}

    def go_to(self, place: dict[str, Any]) -> None:
        """Goes on where another stream of the same seed stood; what is asked of new sets begins anew."""
        version, numbers, gauss = place["chance"]
        self._rng.setstate((version, tuple(numbers), gauss))
        for name, cycle in self._cycles().items():
            if name in place["cycles"]:
                cycle.go_to(place["cycles"][name])

    def _cycles(self) -> dict[str, Cycle]:
        named = {f"answerable {source}": cycle for source, cycle in self._answerable.items()}
        named |= {f"labelled {source}": cycle for source, cycle in self._labelled.items()}
        return named | self._written | {"silent": self._silent}

    def _by_source(self, examples: Sequence[Example]) -> dict[str, Cycle]:
        grouped: defaultdict[str, list[Example]] = defaultdict(list)
        for example in examples:
            grouped[example.source].append(example)
        return {source: self._cycle(group) for source, group in sorted(grouped.items())}

    def _cycle(self, examples: Sequence[Example]) -> Cycle:
        return Cycle(examples, self._rng)

    def _pick(self, shares: Mapping[str, float], present: dict[str, Cycle] | None = None) -> str:
        names = [name for name in shares if present is None or name in present]
        return self._rng.choices(names, [shares[name] for name in names])[0]
