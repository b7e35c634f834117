"""What an evaluation gives: rows, figures, times; written to a folder and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import QuestionSetError
from assistant.evaluation.comparison import Difference, differences
from assistant.evaluation.figures import Figure, figures_of, right_share, sliced
from assistant.evaluation.question_text import parse_json
from assistant.evaluation.rows import Row
from assistant.notebook import card, figures, heading, quiet

FORMAT = 1

HEADLINES = {
    "outcome.right": "Right",
    "answers.f1": "Answer F1",
    "abstention.answered": "Answerable, answered",
    "abstention.recall": "Unanswerable, refused",
    "support.f1": "Supporting sentences F1",
    "retrieval.recall@{k}": "Recall@{k}",
    "abstention.auroc": "Refusal AUROC",
    "confidence.ece": "Calibration error",
}
"""The figures that a report begins with, and what they are called there."""

SLICED = ("outcome.right", "answers.f1", "abstention.answered", "abstention.recall", "support.f1")
"""The figures that are told for each tag."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long answering took.

    Attributes:
        p50_seconds, p95_seconds: of one question, from asking to the answer.
        questions_per_second: over the whole run, retrieval and adding articles included.
        workers: questions answered at the same time; more than one makes each of them slower.
    """

    p50_seconds: float
    p95_seconds: float
    questions_per_second: float
    workers: int


@dataclass(frozen=True)
class Results:
    """An evaluation of one system on one question set.

    Attributes:
        set_name, digest: which question set.
        system: what was evaluated, in words.
        k: of the headline recall.
        rows: one for each question, in the order of the set.
        figures: by name, such as "answers.f1".
        kinds: for each kind of question, the share that was right.
        times: how long it took.
        tags: for each tag, the figures of `SLICED` over the questions that have it.
        notes: what a reader should know, such as that the needed sentences were derived.
        differences: to another run on the same questions; empty if none was compared.
        against: that run in words.
    """

    set_name: str
    digest: str
    system: str
    k: int
    rows: tuple[Row, ...] = field(repr=False)
    figures: dict[str, Figure]
    kinds: dict[str, Figure]
    times: Times
    notes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    against: str = ""
    tags: dict[str, dict[str, Figure]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Returns the results as JSON types."""
        return {
            "format": FORMAT,
            "set": self.set_name,
            "digest": self.digest,
            "system": self.system,
            "k": self.k,
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
            "kinds": {name: figure.to_dict() for name, figure in self.kinds.items()},
            "tags": {
                tag: {name: figure.to_dict() for name, figure in figures.items()} for tag, figures in self.tags.items()
            },
            "times": {name: round(getattr(self.times, name), 5) for name in Times.__slots__},
            "notes": list(self.notes),
            "compared_with": self.against,
            "differences": [asdict(difference) for difference in self.differences],
            "rows": [row.to_dict() for row in self.rows],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Results:
        """Returns the results of JSON types."""
        return cls(
            set_name=values["set"],
            digest=values["digest"],
            system=values["system"],
            k=values["k"],
            rows=tuple(Row.from_dict(row) for row in values["rows"]),
            figures={name: Figure.from_dict(figure) for name, figure in values["figures"].items()},
            kinds={name: Figure.from_dict(figure) for name, figure in values["kinds"].items()},
            times=Times(**values["times"]),
            notes=tuple(values["notes"]),
            differences=tuple(Difference(**difference) for difference in values["differences"]),
            against=values["compared_with"],
            tags={
                tag: {name: Figure.from_dict(figure) for name, figure in figures.items()}
                for tag, figures in values.get("tags", {}).items()
            },
        )

    def _repr_html_(self) -> str:
        """Returns the results for a notebook: the figures that a report begins with, with their intervals."""
        rows = [(label, *self.figures[name].told()) for name, label in self.headlines()]
        n_right = f"{len(self.rows):,} questions"
        parts = [heading(f"{self.set_name}: {self.system}"), figures(("", "value", "95 % interval", "n"), rows)]
        return card(*parts, quiet([n_right, *self.notes]))

    def headlines(self) -> list[tuple[str, str]]:
        """Returns name and label of the figures that a report begins with."""
        return [(name.format(k=self.k), label.format(k=self.k)) for name, label in HEADLINES.items()]

    def compared_with(self, before: Results) -> Results:
        """Returns these results with their differences to `before`.

        Raises:
            QuestionSetError: if they are of different question sets.
        """
        if self.digest != before.digest:
            raise QuestionSetError(
                f"The results to compare with are of another question set ({before.set_name}, digest "
                f"{before.digest[:12]}…, expected {self.digest[:12]}…); evaluate both on the same one."
            )
        return replace(self, differences=tuple(differences(self.rows, before.rows, self.k)), against=before.system)


def summarise(
    set_name: str,
    digest: str,
    system: str,
    k: int,
    rows: Sequence[Row],
    seconds: float,
    workers: int = 1,
    notes: Sequence[str] = (),
) -> Results:
    """Returns the results of `rows` that took `seconds` in all."""
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    kinds = {kind or "other": right_share(some) for kind, some in by_kind.items()} if len(by_kind) > 1 else {}
    tags = dict.fromkeys(sorted({tag for row in rows for tag in row.tags}))
    by_tag = {tag: sliced([row for row in rows if tag in row.tags], SLICED) for tag in tags}
    taken = [row.seconds for row in rows] or [0.0]
    p50, p95 = (float(np.percentile(taken, percent)) for percent in (50, 95))
    times = Times(p50, p95, len(rows) / seconds if seconds > 0 else 0.0, workers)
    figures = figures_of(rows, k)
    return Results(set_name, digest, system, k, tuple(rows), figures, kinds, times, tuple(notes), tags=by_tag)


def write_json(values: dict[str, Any], path: Path) -> None:
    """Writes `values` to `path`, whole or not at all; its folder is made if it is not there.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    aside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be written ({error}); choose another folder with --report") from error


def read_results(path: Path | str) -> Results:
    """Returns the results in `path`: results.json, or the folder that holds it.

    Raises:
        QuestionSetError: if it cannot be read or is of another format.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "results.json"
    try:
        values = parse_json(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise QuestionSetError(
                f"{path}: results of format {values['format']}, expected {FORMAT}; evaluate again with this version"
            )
        return Results.from_dict(values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionSetError(
            f"{path}: expected the results.json that `assistant evaluate --report` writes ({error})"
        ) from error
