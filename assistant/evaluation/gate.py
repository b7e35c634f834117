"""Floors under the figures: a change that makes one fall is stopped, and says which."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import QuestionSetError
from assistant.evaluation.figures import LOWER_IS_BETTER, Figure
from assistant.evaluation.question_text import parse_json

EXACT = frozenset({"citations.intact"})
"""Figures that get no margin: a citation that does not reproduce the article is a fault on every machine."""

DIGITS = 4
"""Figures are compared in steps of 0.0001, so that the last bits of a float decide nothing."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What the figures must reach.

    Attributes:
        digest: of the question set that they were measured on.
        k: of the headline recall.
        figures: floor of each figure by name; a ceiling where lower is better.
    """

    digest: str
    k: int
    figures: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Returns the floors as JSON types."""
        return {"digest": self.digest, "k": self.k, "figures": self.figures}


def read_floors(path: Path) -> Floors:
    """Returns the floors in `path`.

    Raises:
        QuestionSetError: if the file is missing or not of this form.
    """
    try:
        values = parse_json(path.read_text(encoding="utf-8"))
        return Floors(str(values["digest"]), int(values["k"]), {str(n): float(v) for n, v in values["figures"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionSetError(
            f"{path}: expected floors as `--raise-floors` writes them: digest, k, figures ({error!r})"
        ) from error


def write_floors(floors: Floors, path: Path) -> None:
    """Writes the floors to `path`.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    try:
        path.write_text(json.dumps(floors.to_dict(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be written ({error})") from error


def fallen(floors: Floors, digest: str, k: int, figures: Mapping[str, Figure]) -> list[str]:
    """Returns what is wrong, one line each; empty if every figure reaches its floor.

    Figures of other questions cannot be held against these floors, so another digest or k is wrong by itself.
    """
    if floors.digest != digest:
        return [
            f"the question set or its article changed: digest {digest[:12]}…, the floors are for "
            f"{floors.digest[:12]}…; if that is meant, set them anew with --lower-floors"
        ]
    if floors.k != k:
        return [f"evaluated with --k {k}, the floors are for --k {floors.k}"]
    lines = []
    for name, floor in floors.figures.items():
        figure = figures.get(name)
        if figure is None or math.isnan(figure.value):
            lines.append(f"{name} is not measured any more, its floor is {floor:.4f}")
        elif name in LOWER_IS_BETTER and rounded(name, figure.value) > floor:
            lines.append(f"{name} rose to {figure.value:.4f}, at most {floor:.4f} is allowed")
        elif name not in LOWER_IS_BETTER and rounded(name, figure.value) < floor:
            lines.append(f"{name} fell to {figure.value:.4f}, its floor is {floor:.4f}")
    return lines


def rounded(name: str, value: float, margin: float = 0.0) -> float:
    """Returns a figure to `DIGITS` digits, on the lenient side: down for a floor, up for a ceiling.

    Args:
        name: of the figure.
        value: as measured.
        margin: how much worse the figure may be; int8 models differ by a question or so between processors.
    """
    steps = 10**DIGITS
    if name not in EXACT:
        value += margin if name in LOWER_IS_BETTER else -margin
    value = max(0.0, value)
    # The margin keeps 0.85 from becoming 0.8499 because of how floats are stored.
    whole = math.ceil(value * steps - 1e-6) if name in LOWER_IS_BETTER else math.floor(value * steps + 1e-6)
    return float(whole / steps)


def raised(floors: Floors | None, digest: str, k: int, figures: Mapping[str, Figure], margin: float = 0.0) -> Floors:
    """Returns floors at `margin` under the figures where these are better, else unchanged; new ones if there were none.

    Raises:
        QuestionSetError: if the floors are for another question set or k: setting them anew might lower them.
    """
    if floors is None:
        return pinned(digest, k, figures, margin)
    if floors.digest != digest or floors.k != k:
        raise QuestionSetError(f"The floors cannot be raised: {fallen(floors, digest, k, figures)[0]}")
    return Floors(
        digest, k, {name: _better(name, floor, figures.get(name), margin) for name, floor in floors.figures.items()}
    )


def _better(name: str, floor: float, figure: Figure | None, margin: float) -> float:
    if figure is None or math.isnan(figure.value):
        return floor
    return (min if name in LOWER_IS_BETTER else max)(floor, rounded(name, figure.value, margin))


def pinned(digest: str, k: int, figures: Mapping[str, Figure], margin: float = 0.0) -> Floors:
    """Returns floors at `margin` under the figures as they are, whatever they were before; times are never pinned."""
    measured = {name: figure.value for name, figure in sorted(figures.items()) if not math.isnan(figure.value)}
    return Floors(digest, k, {name: rounded(name, value, margin) for name, value in measured.items()})
