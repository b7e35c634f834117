"""Prints how well and how fast sentence segmenters find the boundaries of labelled text.

    python -m benchmarks.segmenters                                  # the labelled file of this repository
    python -m benchmarks.segmenters --data DIR                       # and the boundaries labelled in public contexts
    pip install pysbd blingfire syntok sentencex sentence-splitter   # the other candidates, all optional

A candidate that is not installed is named and skipped. A boundary is the number of non-space characters before it, so
that segmenters which trim or collapse white space are compared on equal terms; the end of a text is not counted. The
column "inside" is the F1 of the candidate within our layer of lines and corrections (assistant/articles/blocks.py, boundaries.py).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from assistant.articles.sentences import split_sentences
from benchmarks import ROOT

MARK = "‖"
Splitter = Callable[[str], Iterable[str]]


def ours() -> Splitter:
    """Returns this project's segmenter."""
    return lambda text: [sentence.text for sentence in split_sentences(text)]


def nupunkt_alone() -> Splitter:
    """Returns nupunkt without our layer."""
    import nupunkt

    return lambda text: [str(sentence) for sentence in nupunkt.sent_tokenize(text)]


def sentencex_alone() -> Splitter:
    """Returns Wikimedia's sentencex, English rules."""
    import sentencex

    return lambda text: sentencex.segment("en", text)


def pysbd_alone() -> Splitter:
    """Returns pySBD, English rules, text left as it is."""
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False)
    return lambda text: segmenter.segment(text)


def blingfire_alone() -> Splitter:
    """Returns Microsoft's blingfire."""
    import blingfire

    return lambda text: blingfire.text_to_sentences(text).split("\n")


def syntok_alone() -> Splitter:
    """Returns syntok's segmenter."""
    from syntok import segmenter

    def split(text: str) -> list[str]:
        return [
            "".join(token.spacing + token.value for token in sentence)
            for paragraph in segmenter.process(text)
            for sentence in paragraph
        ]

    return split


def splitter_alone() -> Splitter:
    """Returns the Moses rules as packaged by sentence-splitter."""
    from sentence_splitter import SentenceSplitter

    moses = SentenceSplitter(language="en")
    return lambda text: moses.split(text)


def lines_alone() -> Splitter:
    """Returns the baseline: a full stop, question or exclamation mark before white space ends a sentence."""
    return lambda text: re.split(r"(?<=[.!?])\s+|\n", text)


CANDIDATES: dict[str, Callable[[], Splitter]] = {
    "this project": ours,
    "nupunkt": nupunkt_alone,
    "sentencex": sentencex_alone,
    "pysbd": pysbd_alone,
    "blingfire": blingfire_alone,
    "syntok": syntok_alone,
    "sentence-splitter": splitter_alone,
    "full stops": lines_alone,
}


def inside(split: Splitter) -> Splitter:
    """Returns this project's segmenter with another candidate proposing the boundaries of each paragraph."""

    def propose(text: str) -> list[int]:
        visible = [index for index, character in enumerate(text) if not character.isspace()]
        return [visible[end - 1] + 1 for end in ends(split(text)) if end <= len(visible)]

    return lambda text: [sentence.text for sentence in split_sentences(text, propose)]


def ends(parts: Iterable[str]) -> set[int]:
    """Returns the boundaries between `parts`, each as the number of non-space characters before it."""
    found, count = set(), 0
    for part in parts:
        count += sum(not character.isspace() for character in part)
        found.add(count)
    return found - {0, count}


def labelled(path: Path) -> list[tuple[str, str, set[int]]]:
    """Returns (kind, text, boundaries) of each document in a file of marked texts."""
    documents = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        documents.append((row["kind"], row["marked"].replace(MARK, ""), ends(row["marked"].split(MARK))))
    return documents


def labelled_contexts(path: Path, data: Path) -> list[tuple[str, str, set[int]]]:
    """Returns (file, text, boundaries) of the contexts that `path` refers to by file, id and offsets."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = {(row["file"], row["id"]): row["ends"] for row in rows}
    documents = []
    for file in sorted({row["file"] for row in rows}):
        with gzip.open(data / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                example = json.loads(line)
                offsets = wanted.pop((file, example["id"]), None)
                if offsets is not None:
                    text = example["context"]
                    cuts = [0, *offsets, len(text)]
                    parts = [text[a:b] for a, b in pairwise(cuts)]
                    documents.append((file, text, ends(parts)))
    if wanted:
        raise SystemExit(f"{len(wanted)} labelled contexts are not in {data}, e.g. {next(iter(wanted))}.")
    return documents


def measure(split: Splitter, documents: list[tuple[str, str, set[int]]]) -> tuple[dict[str, list[int]], float]:
    """Returns counts [right, given, expected] by kind, and characters a second."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    split(documents[0][1])
    started = time.perf_counter()
    given = [list(split(text)) for _, text, _ in documents]
    seconds = time.perf_counter() - started
    for (kind, _, expected), parts in zip(documents, given, strict=True):
        found = ends(parts)
        for key in (kind, "all"):
            for index, number in enumerate((len(found & expected), len(found), len(expected))):
                counts[key][index] += number
    return counts, sum(len(text) for _, text, _ in documents) / seconds


def scores(right: int, given: int, expected: int) -> tuple[float, float, float]:
    """Returns precision, recall and F1."""
    precision = right / given if given else 0.0
    recall = right / expected if expected else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def table(title: str, documents: list[tuple[str, str, set[int]]]) -> None:
    """Prints one table: a row per candidate, F1 by kind."""
    kinds = list(dict.fromkeys(kind for kind, _, _ in documents))
    print(f"\n{title}: {len(documents)} texts, {sum(len(e) for _, _, e in documents)} boundaries")
    print(
        f"{'':18} {'P':>6} {'R':>6} {'F1':>6} {'inside':>7}  "
        + " ".join(f"{kind[:14]:>14}" for kind in kinds)
        + f" {'kB/s':>8}"
    )
    for name, load in CANDIDATES.items():
        try:
            split = load()
        except ImportError as error:
            print(f"{name:18} not installed ({error.name})")
            continue
        counts, speed = measure(split, documents)
        row = " ".join(f"{scores(*counts[kind])[2]:14.3f}" for kind in kinds)
        layered = scores(*measure(inside(split), documents)[0]["all"])[2]
        print(
            f"{name:18} "
            + " ".join(f"{x:6.3f}" for x in scores(*counts["all"]))
            + f" {layered:7.3f}  {row} {speed / 1000:8.0f}"
        )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the train-*.jsonl.gz files")
    arguments = parser.parse_args()
    quality = ROOT / "tests" / "quality"
    table("own texts", labelled(quality / "boundaries.jsonl"))
    if arguments.data:
        table("public contexts", labelled_contexts(quality / "boundaries_contexts.jsonl", arguments.data))


if __name__ == "__main__":
    main()
