"""Prints how often somebody called by a role, "the foreign minister", is the person found, on roles judged by hand.

    python -m benchmarks.role_quality --data DIR [--errors]

The labels (tests/quality/roles.jsonl) name the people who hold a role in public contexts, by file and id, where whoever was
found speaks; "people" is empty where nobody does. DIR is the folder with those files. They were drawn among contexts in which
somebody was found, so they tell of precision, not of how many are missed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.articles.sentences import split_sentences
from assistant.finding.role_holders import holders
from benchmarks import ROOT
from benchmarks.speaker_quality import interval, load, same


def main() -> None:
    """Prints the share of right people among those found, with its 95 % interval."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the train-*.jsonl.gz files")
    parser.add_argument("--errors", action="store_true", help="print every error")
    arguments = parser.parse_args()
    right = found = held = known = 0
    for _, context, rows in load(ROOT / "tests" / "quality" / "roles.jsonl", arguments.data):
        sentences = [sentence.text for sentence in split_sentences(context)]
        for row in rows:
            people = holders(row["role"], sentences)
            hits = [same(name, row["people"]) for name in people]
            right, found = right + sum(hits), found + len(hits)
            held, known = held + bool(row["people"]), known + any(hits)
            if arguments.errors and (not all(hits) or any(hits) != bool(row["people"])):
                print(f"{row['role']}: {people} instead of {row['people']}, {row['id']}")
    share, low, high = interval(right, found)
    print(json.dumps({"precision": round(share, 3), "interval": [round(low, 3), round(high, 3)], "people": found}))
    print(f"{known} of {held} roles that somebody holds are found")


if __name__ == "__main__":
    main()
