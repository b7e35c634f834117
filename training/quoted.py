"""Quotations in news, labelled with who says them -> "What did X say?", and whether what is cited is what X says.

The labels are those that developers look at (`benchmarks/kinds/seen/quotations.jsonl`); where they point to are contexts of the
public train sets. The half of them that is set aside is not read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.articles.sentences import Sentence
from benchmarks import ROOT
from benchmarks.speaker_quality import load, same

LABELS = ROOT / "benchmarks" / "kinds" / "seen" / "quotations.jsonl"
SOURCE = "quoted"


@dataclass(frozen=True)
class Quoted:
    """A question on what somebody says in a text.

    Attributes:
        article: by which it is held back or not.
        text: the text.
        speaker: who is asked for, as labelled.
        labelled: the quotations of the text: `start`, `end`, `speaker`.
    """

    article: str
    text: str
    speaker: str
    labelled: tuple[dict[str, Any], ...]

    @property
    def question(self) -> str:
        """The question."""
        return f"What did {self.speaker} say?"

    def is_right(self, cited: Sequence[Sentence]) -> bool:
        """Returns whether sentences hold words of the speaker, and none holds words of somebody else alone."""
        speakers = [{self._is_own(row) for row in self.labelled if _overlap(s, row)} for s in cited]
        return {True} in speakers and {False} not in speakers

    def _is_own(self, row: dict[str, Any]) -> bool:
        return same(row["speaker"], [self.speaker])


def quoted(data: Path, labels: Path = LABELS) -> Iterator[Quoted]:
    """Yields a question for each speaker of each labelled text; doubtful labels and repeated words are left out."""
    for _, text, rows in load(labels, data):
        sure = tuple(r for r in rows if r["speaker"] and not r["doubtful"] and not r["repeat"])
        for speaker in dict.fromkeys(row["speaker"] for row in sure):
            yield Quoted(rows[0]["id"], text, speaker, sure)


def _overlap(sentence: Sentence, row: dict[str, Any]) -> bool:
    return bool(sentence.start < row["end"] and row["start"] < sentence.end)
