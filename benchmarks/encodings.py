"""Prints how many English texts a legacy encoding alters on their way through the loader.

    python -m benchmarks.encodings --data DIR [--texts 1000]

DIR holds public contexts (`train-*.jsonl.gz`, one object a line with `context`). Those with characters beyond ASCII are
taken, evenly from all files, written in each encoding that has all their characters, and read back: one that is not the
same to the character is altered. Columns: texts that the encoding can write, altered, and their share.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ArticleError
from assistant.loaders.plain_text import decode

ENCODINGS = ("cp1252", "latin-1", "iso8859-15", "mac_roman", "cp850", "cp437", "utf-8", "utf-16")


def contexts(folder: Path, n_texts: int) -> list[str]:
    """Returns up to `n_texts` contexts with characters beyond ASCII, each once, taken in turn from all files."""
    files = []
    for path in sorted(folder.glob("train-*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found = dict.fromkeys(json.loads(line).get("context", "") for line in lines)
        files.append([text for text in found if not text.isascii() and not is_misread(text)])
    longest = max(map(len, files), default=0)
    mixed = dict.fromkeys(file[n] for n in range(longest) for file in files if n < len(file))
    return list(mixed)[:n_texts]


def is_misread(text: str) -> bool:
    """Returns whether a text was UTF-8 once that somebody has read as Western Windows: “cafÃ©”."""
    if any("\x7f" <= character < "\xa0" for character in text):
        return True
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def altered(texts: Sequence[str], encoding: str) -> tuple[int, list[str]]:
    """Returns how many of the texts an encoding can write, and those of them that are not read back the same."""
    n_written, wrong = 0, []
    for text in texts:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        n_written += 1
        try:
            same = decode(data, "text") == text
        except ArticleError:
            same = False
        if not same:
            wrong.append(text)
    return n_written, wrong


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--show", type=int, default=0, help="print so many that were altered, of each encoding")
    arguments = parser.parse_args()
    texts = contexts(arguments.data, arguments.texts)
    print(f"{len(texts)} texts")
    for encoding in ENCODINGS:
        started = time.perf_counter()
        n_written, wrong = altered(texts, encoding)
        share = len(wrong) / max(1, n_written)
        milliseconds = (time.perf_counter() - started) * 1000 / max(1, n_written)
        print(f"{encoding:10} {n_written:6} {len(wrong):5}  {share:7.2%}  {milliseconds:.1f} ms a text")
        for text in wrong[: arguments.show]:
            read = decode(text.encode(encoding), "text")
            at = next(n for n, (one, other) in enumerate(zip(text, read, strict=False)) if one != other)
            print(f"    {text[max(0, at - 30) : at + 20]!r} -> {read[max(0, at - 10) : at + 10]!r}")


if __name__ == "__main__":
    main()
