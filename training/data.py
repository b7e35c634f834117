"""Question sets on disk -> examples, split by article into training and held-back ones."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SETS_WITHOUT_STATED_LICENCE = ("multispanqa",)
PARTS_WITHOUT_STATED_LICENCE = ("BoolQ contrast set",)  # by the `source` of a row
OTHER_FORMS = ("gap", "rewrites-")  # no passage with a question; see `pronouns.py` for the first

KINDS = ("span", "yes", "no", "several", "none")
_ASKS_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must)\b(?!.*\bor\b)", re.IGNORECASE
)
_SEVERAL = "multispanqa"  # its spans together are the answer

# A title shared by more passages than this is a collection ("Filtered_Reddit_Comments"), not an article.
MAX_PASSAGES_OF_AN_ARTICLE = 120


@dataclass(frozen=True, slots=True)
class Example:
    """One question about one passage, with what is known about its answer.

    Attributes:
        id: the id in its set; made questions carry a suffix.
        source: the set, as in `train-<source>.jsonl.gz`.
        article: what the passages of one article share.
        context: the passage.
        question: the question.
        history: earlier (question, answer) turns, oldest first.
        answers: (start, text) spans of the context; empty if unanswerable or not labelled.
        answerable: whether the passage answers.
        support: (start, end) of the supporting sentences; None where not labelled.
        accepted: further strings that count as right.
        mismatch: (start, end) spans of the question that do not fit the passage; () if all fits, None if unknown.
        focus: (start, end) of the context that a window must hold; None if any part will do.
        plausible: (start, text) of what a near miss seems to ask for: the answer of the question it was made from.
        kind: one of `KINDS` where it is known and does not follow from the rest; "several": all answers together.
    """

    id: str
    source: str
    article: str
    context: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[int, str], ...] = ()
    answerable: bool = True
    support: tuple[tuple[int, int], ...] | None = None
    accepted: tuple[str, ...] = ()
    mismatch: tuple[tuple[int, int], ...] | None = None
    focus: tuple[int, int] | None = None
    plausible: tuple[int, str] | None = None
    kind: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of answer that it may have, as far as is known."""
        if not self.answerable:
            return ("none",)
        if self.kind:
            return (self.kind,)
        if self.answers:
            return ("span",)
        return ("yes", "no") if _ASKS_YES_OR_NO.match(self.question) else ("span", "yes", "no", "several")

    @property
    def wants_yes_or_no(self) -> bool:
        """Whether the answer is yes or no, and so stands nowhere in the text."""
        return self.kind in ("yes", "no")

    @property
    def golds(self) -> tuple[str, ...]:
        """Every string that counts as a right answer; empty if unanswerable."""
        return tuple(dict.fromkeys([text for _, text in self.answers] + list(self.accepted)))


def read_set(
    path: Path, sources_of_title: Counter[str] | None = None, stated_licences_only: bool = False
) -> list[Example]:
    """Returns the examples of one file.

    Args:
        path: a gzipped file of one JSON object a line.
        sources_of_title: passages counted by title, to tell articles from collections; counted here if None.
        stated_licences_only: leave out the rows from a source that states no licence.

    Raises:
        FileNotFoundError: there is no such file.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if stated_licences_only:
        rows = [row for row in rows if row["source"] not in PARTS_WITHOUT_STATED_LICENCE]
    counts = sources_of_title or Counter(title for title, _ in {(row["title"], row["context"]) for row in rows})
    source = path.name.removesuffix(".jsonl.gz").split("-", 1)[1]
    return [_example(row, source, counts) for row in rows]


def _example(row: dict[str, object], source: str, passages_of_title: Counter[str]) -> Example:
    title, context = str(row["title"]), str(row["context"])
    article = title.replace("_", " ").lower()
    if not title or passages_of_title[title] > MAX_PASSAGES_OF_AN_ARTICLE:
        article = context[:200]
    answerable = bool(row["answerable"])
    accepted = tuple(str(text) for text in row.get("accepted") or ())  # type: ignore[attr-defined]
    kind = accepted[0] if accepted in (("yes",), ("no",)) and not row["answers"] else ""
    return Example(
        id=str(row["id"]),
        source=source,
        article=article,
        context=context,
        question=str(row["question"]).strip(),
        history=tuple((str(turn[0]), str(turn[1])) for turn in row["history"]),  # type: ignore[attr-defined]
        answers=tuple((int(start), str(text)) for start, text in row["answers"]),  # type: ignore[attr-defined]
        answerable=answerable,
        support=tuple((int(a), int(b)) for a, b in row["support"]) if row["support"] else None,  # type: ignore[attr-defined]
        accepted=() if kind else accepted,
        mismatch=() if answerable else None,
        kind="several" if source == _SEVERAL else kind,
    )


def training_sets(data_dir: Path, stated_licences_only: bool = False) -> list[Path]:
    """Returns the train-* files of a folder.

    Args:
        data_dir: folder with `train-*.jsonl.gz`.
        stated_licences_only: leave out the sets whose repository states no licence.

    Raises:
        FileNotFoundError: the folder holds none.
    """
    paths = sorted(data_dir.glob("train-*.jsonl.gz"))
    paths = [path for path in paths if not path.name.startswith(tuple(f"train-{name}" for name in OTHER_FORMS))]
    if stated_licences_only:
        left_out = tuple(f"train-{name}." for name in SETS_WITHOUT_STATED_LICENCE)
        paths = [path for path in paths if not path.name.startswith(left_out)]
    if not paths:
        raise FileNotFoundError(f"{data_dir} holds no train-*.jsonl.gz; pass the folder of question sets with --data")
    return paths
