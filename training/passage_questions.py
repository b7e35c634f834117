"""Questions written for passages of the public sets -> examples: `python -m training.passage_questions --data DIR FILE …`.

The form of a file, `training/written/questions/*.txt`, is that of `written.py`, less the text, which stays where it is:

    == 3f2a9c1e07d45b68
    ? A question that the passage answers
    = the short answer
    > The sentence that answers, word for word.

Behind `==` stands the passage's number, `passage_id`. All files of the folder are read whenever a training starts. They hold
no sentence of a passage: `--by-place FOLDER` writes files anew with the sentences named by where they stand, `> @12-87`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from training.data import Example, read_set, training_sets
from training.measures import area_under_curve
from training.written import WrittenError, blocks_of, example_of, place_of

SOURCE = "asked"
A_PASSAGE = 8  # questions that the brief asks for
MAX_TOLD = 0.65
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


def by_place(path: Path, passages: dict[str, Example]) -> str:
    """Returns a file's questions with each sentence named by its place; of passages that are not at hand, nothing.

    Raises:
        WrittenError: a sentence stands nowhere.
    """
    written = []
    for part in re.split(r"^== +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        identity, _, asked = part.partition("\n")
        passage = passages.get(identity.strip())
        if passage is None:
            continue
        where, lines = f"{path.name}, passage {identity.strip()}", [f"== {identity.strip()}"]
        for mark, rest in (line for block in blocks_of(asked, where) for line in block):
            named = "@{}-{}".format(*place_of(passage.context, rest, where)) if mark == ">" else rest
            lines.append(f"{mark} {named}")
        written.append("\n".join(lines))
    return "\n\n".join(written) + "\n"


def main() -> None:
    """Checks files and prints what they hold."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("--by-place", type=Path, help="folder to write the files to, without sentences of the passages")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    passages = {passage_id(e.context): e for path in training_sets(arguments.data) for e in read_set(path)}
    everything: list[Example] = []
    for path in arguments.files:
        try:
            examples = list(_read(path, passages))
        except WrittenError as error:
            print(error)
            continue
        everything += examples
        if arguments.by_place:
            (arguments.by_place / path.name).write_text(by_place(path, passages), encoding="utf-8")
        kinds = Counter("follow-up" if e.history else "/".join(e.kinds) for e in examples)
        print(f"{path.name}: {len({e.context for e in examples})} passages, {len(examples)} questions: {dict(kinds)}")
        few = [n for n, count in Counter(passage_id(e.context) for e in examples).items() if count < A_PASSAGE]
        if few:
            print(f"  fewer than {A_PASSAGE} questions: {', '.join(few)}")
    told = told_by_wording(everything)
    print(f"AUROC of no answer by the questions' words alone: {told:.3f}, at most {MAX_TOLD}")


def told_by_wording(examples: Sequence[Example], n_parts: int = 5) -> float:
    """Returns the AUROC of "no answer" by the words of the questions alone, for passages that the fit has not seen.

    A network that learns from questions whose words betray the unanswerable ones learns that instead of reading. With
    fewer passages than parts, or only one sort of question, it is nan.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    missing = [not e.answerable for e in examples]
    groups = [e.context for e in examples]
    if len(set(groups)) < n_parts or len(set(missing)) < 2:
        return float("nan")
    counted = CountVectorizer(binary=True, ngram_range=(1, 2), min_df=2, token_pattern=r"\b\w+\b")
    words = counted.fit_transform([e.question for e in examples])
    model = LogisticRegression(C=0.3, max_iter=1000, class_weight="balanced")
    scores = cross_val_predict(model, words, missing, groups=groups, cv=GroupKFold(n_parts), method="decision_function")
    return area_under_curve(missing, list(scores))


if __name__ == "__main__":
    main()
