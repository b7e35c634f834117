"""Prints how often sentences get the right speaker, on sentences labelled by hand; exits 1 under the bars.

    python -m benchmarks.speaker_quality --data DIR [--errors]

The labels (tests/quality/speakers.jsonl) refer to sentences of public contexts by file, id and offsets; DIR is the folder
with those files. A hit needs the right person: a shorter or longer form of the same name counts, another one does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from assistant.articles.sentences import Sentence, split_sentences
from assistant.speech.speakers import attribute_speakers
from benchmarks import ROOT

MIN_PRECISION, MIN_RECALL = 0.90, 0.75
_STOP = frozenset("the a an mr mrs ms dr professor prince king of and her his their".split())


def words(name: str) -> set[str]:
    """Returns the words of a name that tell it from another, in lower case."""
    plain = re.sub(r"\s*[’']s\b", "", name.lower())
    return {word for word in re.findall(r"\w+", plain) if word not in _STOP}


def same(given: str, accepted: list[str]) -> bool:
    """Returns whether the speaker given is one of those accepted, in a shorter or longer form."""
    have = words(given)
    return bool(have) and any(have <= words(name) or words(name) <= have for name in accepted if words(name))


def interval(hits: int, total: int) -> tuple[float, float, float]:
    """Returns a proportion with its 95 % interval (Wilson)."""
    if not total:
        return 0.0, 0.0, 1.0
    z, share = 1.96, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return share, middle - half, middle + half


def load(labels: Path, data: Path) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Returns (file, context, labelled sentences) of each context in the label file."""
    wanted: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted[row["file"], row["id"]].append(row)
    contexts = []
    for file in sorted({file for file, _ in wanted}):
        with gzip.open(data / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                example = json.loads(line)
                rows = wanted.pop((file, example["id"]), None)
                if rows:
                    contexts.append((file, example["context"], rows))
    if wanted:
        raise SystemExit(f"{len(wanted)} labelled contexts are not in {data}, e.g. {next(iter(wanted))}.")
    return contexts


def predict(start: int, end: int, sentences: Sequence[Sentence]) -> str:
    """Returns the speaker given to the sentence that overlaps `text[start:end]` most."""
    best = max(sentences, key=lambda s: min(s.end, end) - max(s.start, start))
    return best.speaker


def main() -> None:
    """Prints precision and recall, all in all and by file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the train-*.jsonl.gz files")
    parser.add_argument("--errors", action="store_true", help="print every error")
    arguments = parser.parse_args()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for file, text, rows in load(ROOT / "tests" / "quality" / "speakers.jsonl", arguments.data):
        sentences = attribute_speakers(text, split_sentences(text))
        for row in rows:
            given = predict(row["start"], row["end"], sentences)
            hit = bool(given) and same(given, row["speaker"])
            for key in (file, "all"):
                for index, value in enumerate((hit, bool(given), bool(row["speaker"]), True)):
                    counts[key][index] += value
            if arguments.errors and not hit and (given or row["speaker"]):
                print(f"{row['speaker']} <- {given!r}: {text[row['start'] : row['end']]!r}")
    for key, (right, given_total, labelled_total, total) in counts.items():
        precision = "{:.3f} [{:.3f}, {:.3f}]".format(*interval(right, given_total))
        recall = "{:.3f} [{:.3f}, {:.3f}]".format(*interval(right, labelled_total))
        print(f"{key:20} {total:4} sentences, {labelled_total:4} attributed   precision {precision}   recall {recall}")
    right, given_total, labelled_total, _ = counts["all"]
    if right < MIN_PRECISION * given_total or right < MIN_RECALL * labelled_total:
        raise SystemExit(f"Under the bars: precision {MIN_PRECISION}, recall {MIN_RECALL}.")


if __name__ == "__main__":
    main()
