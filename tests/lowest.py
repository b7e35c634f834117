"""Prints the lower bounds of pyproject.toml as constraints, and torch as it is tested: what `make lowest` installs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOUND = re.compile(r"([\w.-]+)>=([\w.]+)")


def lower_bounds() -> Iterator[str]:
    """Yields `name==version` for each dependency.

    Raises:
        ValueError: if one has no lower bound.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for dependency in project["dependencies"]:
        bound = BOUND.match(dependency)
        if bound is None:
            raise ValueError(f"{dependency} has no lower bound; expected name>=version")
        yield f"{bound[1]}=={bound[2]}"
    # Of torch any will do; without a pin gigabytes of CUDA come along.
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    yield from (pin for pin in pins if pin.startswith("torch=="))


if __name__ == "__main__":
    print("\n".join(lower_bounds()))
