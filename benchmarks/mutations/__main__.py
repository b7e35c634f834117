"""Prints which of the faults planted in the core its unit tests do not catch, and the share that they do.

    python -m benchmarks.mutations --faults 200 --seed 1 [--only speech] [--at-least 0.9]

The faults are a random sample of all that can be planted, the same for one seed and one state of the code. A copy is worked
on. What no test can catch, since the code does the same with it, is named with the reason in `equivalent.toml` and left out.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks import verdict
from benchmarks.mutations.faults import Fault, faults_in
from benchmarks.mutations.trials import OUTPUT, ROOT, Copy

ROOMS = ("speech", "question", "finding", "answering")
EQUIVALENT = Path(__file__).parent / "equivalent.toml"
_SHOWN = 100  # characters of a change


def main() -> None:
    """Plants the faults and prints the survivors."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--faults", type=int, default=200, help="how many, 200 unless given")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other faults")
    parser.add_argument("--only", action="append", default=[], help="a room or a module, 'speech' or 'speech/people'")
    parser.add_argument("--at-least", type=float, default=0.9, help="share that must be caught")
    parser.add_argument("--near", action="store_true", help="run only the tests of the module itself and of its room")
    parser.add_argument("--list", action="store_true", help="print the faults, plant none")
    arguments = parser.parse_args()
    os.nice(10)
    known = [fault for fault in planted_in(arguments.only or ROOMS) if key(fault) not in equivalent()]
    faults = sorted(known, key=lambda fault: drawn(fault, arguments.seed))[: arguments.faults]
    print(f"{len(faults)} of {len(known)} faults")
    if arguments.list:
        print("\n".join(map(shown, faults)))
        return
    started = time.monotonic()
    survivors = surviving(sorted(faults, key=lambda fault: (fault.path, fault.start)), 2 if arguments.near else 3)
    caught = 1 - len(survivors) / max(1, len(faults))
    minutes = (time.monotonic() - started) / 60
    print(f"{caught:.1%} caught, {len(survivors)} not, {minutes:.0f} minutes  {verdict(caught, arguments.at_least)}")
    raise SystemExit(0 if caught >= arguments.at_least else 1)


def planted_in(only: Sequence[str]) -> list[Fault]:
    """Returns every fault of some rooms or modules."""
    found: list[Fault] = []
    for name in only:
        place = ROOT / "assistant" / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
            found += faults_in(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    return found


def surviving(faults: Sequence[Fault], n_turns: int = 3) -> list[Fault]:
    """Returns the faults with which all unit tests pass; prints each.

    Raises:
        SystemExit: if tests fail with no fault planted.
    """
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        tests = {test for fault in faults for turn in copy.tests_of(fault.path)[:n_turns] for test in turn}
        if failing := copy.failing(sorted(tests)):
            print((copy.folder / OUTPUT).read_text(encoding="utf-8")[-3000:])
            raise SystemExit(f"With no fault planted, this fails: {failing}. Mend it first.")
        for number, fault in enumerate(faults, start=1):
            test = copy.caught_by(fault, n_turns)
            print(f"{number:4} {'SURVIVES' if not test else 'caught  '} {shown(fault)}  {test}", flush=True)
            if not test:
                survivors.append(fault)
    return survivors


def shown(fault: Fault) -> str:
    """Returns where a fault is and what it changes, on one line."""
    before, after = (" ".join(code.split()) for code in (fault.before, fault.after))
    return f"{fault.path}:{fault.line}  {before[:_SHOWN]}  ->  {after[:_SHOWN] or 'nothing'}  in: {fault.code[:_SHOWN]}"


def drawn(fault: Fault, seed: int) -> bytes:
    """Returns a fault's place in the lot: a change elsewhere in the code leaves it where it is."""
    return hashlib.sha256(f"{seed} {key(fault)}".encode()).digest()


def key(fault: Fault) -> tuple[str, str, str, str]:
    """Returns what tells a fault from others, whatever line it stands in."""
    before, after = (" ".join(code.split()) for code in (fault.before, fault.after))
    return fault.path, fault.code, before, after


def equivalent() -> set[tuple[str, str, str, str]]:
    """Returns the faults that change nothing."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("fault", [])
    return {(e["path"], e["code"], e["before"], e["after"]) for e in entries}


if __name__ == "__main__":
    main()
