"""Prints how often the sentence that answers "What happened in 1990?" tells of that time, judged by hand.

    python -m benchmarks.event_quality --data DIR

The labels (tests/quality/events.jsonl) refer to the first sentence found in public contexts by file, id and offset; DIR is
the folder with those files. A sentence is wrong where the number is no time ("6,866 in 2001 dollars") or nothing is told.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks import ROOT
from benchmarks.speaker_quality import interval, load


def main() -> None:
    """Prints the share of right sentences with its 95 % interval, and how many questions were answered otherwise."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the train-*.jsonl.gz files")
    arguments = parser.parse_args()
    right = total = elsewhere = 0
    for _, context, rows in load(ROOT / "tests" / "quality" / "events.jsonl", arguments.data):
        with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
            article = assistant.add(context)
            for row in rows:
                answer = assistant.ask(f"What happened in {row['time']}?")
                judged = article.text.find(context[row["start"] : row["start"] + 40])
                if any(c.sentence.start <= judged < c.sentence.end for c in answer.citations):
                    total += 1
                    right += row["right"]
                else:
                    elsewhere += 1
    share, low, high = interval(right, total)
    print(json.dumps({"right": round(share, 3), "interval": [round(low, 3), round(high, 3)], "judged": total}))
    print(f"{elsewhere} answered with a sentence that was not judged, or not at all")


if __name__ == "__main__":
    main()
