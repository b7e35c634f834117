"""Whether something takes time in proportion to the size of what it is given."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(run: Callable[[], object], tries: int = 1) -> float:
    """Returns the shortest of the times that some runs took: of this process alone, whatever else the machine does."""
    times = []
    gc.disable()  # collecting looks at all objects again and again, the more there are
    try:
        for _ in range(tries):
            started = time.process_time()
            run()
            times.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(times)


def superlinear(run: Callable[[int], object], sizes: tuple[int, ...], floor: float, most_at_first: float) -> str:
    """Returns what is wrong with the growth of the time, "" if nothing is.

    Args:
        run: does the work on an input of the size given.
        sizes: rising; each is held against the one two before it, since far apart linear and quadratic are plain to tell.
        floor: seconds below which timing says nothing; what grows with the square is far above it at the last size.
        most_at_first: seconds that the first size may take.
    """
    for place, size in enumerate(sizes):
        taken = seconds(lambda size=size: run(size))  # type: ignore[misc]
        if not place:
            if taken > most_at_first and seconds(lambda size=size: run(size), 3) > most_at_first:  # type: ignore[misc]
                return f"{taken:.2f} s at size {size}"
            continue
        if taken <= floor:
            continue
        smaller = sizes[max(0, place - 2)]
        # Measured again, more than once, as the machine may have been busy with something else.
        before = seconds(lambda smaller=smaller: run(smaller), 3)  # type: ignore[misc]
        taken = min(taken, seconds(lambda size=size: run(size), 2))  # type: ignore[misc]
        # Half way between the factor of what is linear and that of what is quadratic.
        if taken > floor and taken > max(before, floor / 200) * (size / smaller) ** 1.5:
            return f"{taken:.2f} s at size {size}, {before:.4f} s at {smaller}"
    return ""
