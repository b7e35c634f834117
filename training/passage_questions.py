"""Questions written for passages of the public sets -> examples: `python -m training.passage_questions --data DIR FILE …`.

The form of a file, `training/written/questions/*.txt`, is that of `written.py`, less the text, which stays where it is:

    == 3f2a9c1e07d45b68
    ? A question that the passage answers
    = the short answer
    > The sentence that answers, word for word.

Behind `==` stands the passage's number, `passage_id`. All files of the folder are read whenever a training starts.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.data import Example, read_set, training_sets
from training.written import WrittenError, blocks_of, example_of

SOURCE = "asked"
FOLDER = Path(__file__).parent / "written" / "questions"


def passage_id(context: str) -> str:
    """Returns the number of a passage: the first sixteen digits of the SHA-256 of its text."""
    return hashlib.sha256(context.encode()).hexdigest()[:16]


def passage_questions(public: Iterable[Example], folder: Path = FOLDER) -> list[Example]:
    """Returns the questions in the files of a folder whose passages are among those of the public examples.

    What is asked of a passage belongs to its article, and is held back with it.
    """
    paths = sorted(folder.glob("*.txt"))
    passages = {passage_id(e.context): e for e in public} if paths else {}
    return [example for path in paths for example in _read(path, passages)]


def _read(path: Path, passages: dict[str, Example]) -> Iterator[Example]:
    """Yields the questions of one file; passages that are not at hand, of a set that was left out, are passed over."""
    for part in re.split(r"^== +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        identity, _, asked = part.partition("\n")
        passage = passages.get(identity.strip())
        if passage is None:
            continue
        where = f"{path.name}, passage {identity.strip()}"
        for n, block in enumerate(blocks_of(asked, where), 1):
            yield example_of(f"{identity.strip()}-{n}", SOURCE, passage.article, passage.context, block, where)


def main() -> None:
    """Checks files and prints what they hold."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    passages = {passage_id(e.context): e for path in training_sets(arguments.data) for e in read_set(path)}
    for path in arguments.files:
        try:
            examples = list(_read(path, passages))
        except WrittenError as error:
            print(error)
            continue
        missing = sum(not e.answerable for e in examples)
        n_passages = len({e.context for e in examples})
        print(f"{path.name}: {n_passages} passages, {len(examples)} questions, {missing} without an answer")


if __name__ == "__main__":
    main()
