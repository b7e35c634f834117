"""GAP's pronouns -> questions on whom a pronoun means, answered by one of the names around it or by none.

Source: Webster et al. 2018, Mind the GAP: A Balanced Corpus of Gendered Ambiguous Pronouns.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any

from training.data import Example

FILE = "train-gap.jsonl.gz"
SOURCE = "gap"
_ASKED = (
    "Who does “{pronoun}” refer to in “{words}”?",
    "Who is meant by “{pronoun}” in “{words}”?",
    "Whom does “{pronoun}” stand for in “{words}”?",
    "In “{words}”, who is “{pronoun}”?",
)
_BEFORE = re.compile(r"(?:\S+\s+){0,3}$")
_AFTER = re.compile(r"\S*(?:\s+\S+){0,4}")


def pronoun_examples(folder: Path) -> list[Example]:
    """Returns a question for each pronoun of the file in a folder of question sets, none if it is not there."""
    path = folder / FILE
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [pronoun_question(json.loads(line)) for line in lines]


def pronoun_question(row: dict[str, Any]) -> Example:
    """Returns the question whom the pronoun of a row means, unanswerable where it is neither of the candidates."""
    text, start, pronoun = str(row["text"]), int(row["pronoun_start"]), str(row["pronoun"])
    before = _BEFORE.search(text[:start])
    after = _AFTER.match(text[start + len(pronoun) :])
    words = f"{before.group() if before else ''}{pronoun}{after.group() if after else ''}"
    asked = _ASKED[zlib.crc32(text.encode()) % len(_ASKED)]
    meant = tuple((int(place), str(name)) for place, name, refers in row["candidates"] if refers)
    end = start + len(pronoun)
    return Example(
        id=str(row["id"]),
        source=SOURCE,
        article=text[:200],
        context=text,
        question=asked.format(pronoun=pronoun, words=" ".join(words.split())),
        answers=meant,
        answerable=bool(meant),
        support=None,
        mismatch=() if meant else None,
        focus=(start, end),
    )
