"""Whether something takes time in proportion to the size of what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_FACTOR = 8.0
"""Four times the size is four times the time where it is linear, sixteen times where it is quadratic."""


def seconds(run: Callable[[], object], tries: int = 1) -> float:
    """Returns the shortest of the times that some runs took: of this process alone, whatever else the machine does."""
    times = []
    for _ in range(tries):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def superlinear(run: Callable[[int], object], sizes: tuple[int, ...], floor: float, most_at_first: float) -> str:
    """Returns what is wrong with the growth of the time, "" if nothing is.

    Args:
        run: does the work on an input of the size given.
        sizes: rising.
        floor: seconds below which timing says nothing; what grows with the square is far above it at the last size.
        most_at_first: seconds that the first size may take.
    """
    for smaller, size in zip((0, *sizes), sizes, strict=False):
        taken = seconds(lambda size=size: run(size))  # type: ignore[misc]
        if not smaller:
            if taken > most_at_first and seconds(lambda size=size: run(size), 3) > most_at_first:  # type: ignore[misc]
                return f"{taken:.2f} s at size {size}"
            continue
        if taken <= floor:
            continue
        # Measured again, more than once, as the machine may have been busy with something else.
        before = seconds(lambda smaller=smaller: run(smaller), 3)  # type: ignore[misc]
        taken = min(taken, seconds(lambda size=size: run(size), 2))  # type: ignore[misc]
        if taken > floor and taken > MAX_FACTOR * max(before, floor / 100) * (size / smaller / 4):
            return f"{taken:.2f} s at size {size}, {before:.3f} s at {smaller}"
    return ""
