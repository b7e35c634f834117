"""How well a reader tells yes from no: `python -m training.yes_no_told --data DIR [MODEL.onnx …]`.

Asked are 1,705 questions that want yes or no, written for 341 passages of the public sets that are held back from training
(`written/yes_no/`): as many yes as no, and one in five that the passage does not settle. The logit of "yes" less that of "no"
is taken of the window that a reader finds likeliest to hold the sentence that settles it, and of that sentence by itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.networks import token_windows
from assistant.networks.onnx_model import MODELS, open_session
from assistant.networks.reader import OnnxReader, Passage
from training.data import KINDS, Example, read_set, training_sets
from training.export_reader import open_reader
from training.measures import area_under_curve, interval
from training.passage_questions import passage_questions
from training.passages import whole_passage

FOLDER = Path(__file__).parent / "written" / "yes_no"
YES, NO = 1 + KINDS.index("yes"), 1 + KINDS.index("no")


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader made of one question.

    Attributes:
        is_yes: whether the answer is yes.
        found: whether the likeliest sentence is one that settles it.
        among_others: logit of yes less that of no, of the likeliest sentence's window.
        by_itself: the same of that sentence alone.
    """

    is_yes: bool
    found: bool
    among_others: float
    by_itself: float


def main() -> None:
    """Prints how well each reader tells them."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("models", type=Path, nargs="*", default=[MODELS / "reader.onnx"])
    options = parser.parse_args()
    public = [e for path in training_sets(options.data) for e in read_set(path)]
    asked = [e for e in passage_questions(public, FOLDER) if e.kind in ("yes", "no")]
    for path in options.models:
        told = all_told(path, asked)
        print(
            f"{path.name}: {len(told)} questions, the sentence that settles it first {np.mean([t.found for t in told]):.3f}"
        )
        for name in ("among_others", "by_itself"):
            print(f"  AUROC of yes against no, {name.replace('_', ' '):13s} {_auroc(told, name)}")


def all_told(path: Path, asked: Sequence[Example]) -> list[Told]:
    """Returns what a reader makes of each question."""
    reader, session = open_reader(path), open_session(path)
    return [told for example in asked if (told := _told(reader, session, example)) is not None]


def _told(reader: OnnxReader, session: Any, example: Example) -> Told | None:
    passage = whole_passage(example.context)
    if passage is None:
        return None
    likeliest, among_others = _read(reader, session, example, passage)
    sentence = passage.sentences[likeliest]
    alone = Passage("", sentence.text, (replace(sentence, start=0, end=len(sentence.text)),))
    found = any(start < sentence.end and sentence.start < end for start, end in example.support or ())
    return Told(example.kind == "yes", found, among_others, _read(reader, session, example, alone)[1])


def _read(reader: OnnxReader, session: Any, example: Example, passage: Passage) -> tuple[int, float]:
    """Returns the likeliest sentence of a passage, and the logit of yes less that of no in its window."""
    prompt = reader.prompt(example.question, example.history)
    origin = passage.sentences[0].start
    tokens = token_windows.tokenise(
        reader.tokenizer, passage.text, [(s.start - origin, s.end - origin) for s in passage.sentences]
    )
    end = token_windows.ends_of(reader.tokenizer)[1]
    room, n_head = reader.calibration.window_tokens - len(prompt.ids) - 1, len(prompt.ids)
    best = (-np.inf, 0, 0.0)
    for first, last in token_windows.windows(tokens.bounds, room):
        ids = np.array([[*prompt.ids, *tokens.ids[first:last], end]], dtype=np.int64)
        types = np.ones_like(ids)
        types[0, :n_head] = 0
        given = {"input_ids": ids, "token_type_ids": types}
        logits, whole = session.run(None, {node.name: given[node.name] for node in session.get_inputs()})
        support = token_windows.sentence_logits(
            logits[0, n_head : n_head + last - first, 2], tokens.sentence[first:last], len(tokens.bounds)
        )
        kinds = whole.reshape(-1)
        best = max(best, (float(support.max()), int(support.argmax()), float(kinds[YES] - kinds[NO])))
    return best[1], best[2]


def _auroc(told: Sequence[Told], name: str) -> str:
    """Returns the area under the curve with its 95 % bootstrap interval."""
    rows = np.array([(t.is_yes, getattr(t, name)) for t in told])
    low, high = interval(rows, _area)
    return f"{_area(rows):.3f} ({low:.3f}–{high:.3f})"


def _area(rows: NDArray[np.float64]) -> float:
    return area_under_curve(list(rows[:, 0] > 0), list(rows[:, 1]))


if __name__ == "__main__":
    main()
