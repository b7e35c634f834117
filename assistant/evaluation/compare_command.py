"""The command line of a comparison: `assistant compare`, on what `assistant evaluate` has written."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.errors import QuestionSetError


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `assistant compare`."""
    parser.add_argument("first", type=Path, metavar="RUN", help="what the others are compared with: a report folder")
    parser.add_argument("others", type=Path, metavar="OTHER", nargs="+", help="report folders, or their results.json")
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")


def run_compare(arguments: argparse.Namespace) -> int:
    """Prints how runs differ from the first; returns 0.

    Raises:
        QuestionSetError: if one cannot be read, or they are not of the same question set and k.
    """
    from assistant.evaluation.comparison import compared
    from assistant.evaluation.printing import print_comparison
    from assistant.evaluation.results import read_results

    paths = [arguments.first, *arguments.others]
    runs = [read_results(path) for path in paths]
    for path, results in zip(paths, runs, strict=True):
        if (results.digest, results.k) != (runs[0].digest, runs[0].k):
            raise QuestionSetError(
                f"{path} is of the question set {results.set_name} (digest {results.digest[:12]}…, k {results.k}), "
                f"{paths[0]} of {runs[0].set_name} (digest {runs[0].digest[:12]}…, k {runs[0].k}); "
                "evaluate all on the same one, with the same --k."
            )
    systems = [results.system for results in runs]
    if len(set(systems)) < len(systems):
        systems = [f"{path}: {system}" for path, system in zip(paths, systems, strict=True)]
    comparison = compared(runs[0].set_name, systems, [results.rows for results in runs], runs[0].k)
    if arguments.json:
        print(json.dumps(comparison.to_dict(), indent=2))
    else:
        print_comparison(comparison)
    return 0
