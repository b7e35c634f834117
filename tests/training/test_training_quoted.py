"""Whether what is cited for "What did X say?" is what X says, by labelled quotations."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.articles.sentences import split_sentences
from training.quoted import Quoted, quoted

TEXT = "“It rained,” Ann Lee said. “We went home.” Bo Hill said: “I stayed.” It was late."


def spans(*words: str) -> list[tuple[int, int]]:
    return [(TEXT.index(w), TEXT.index(w) + len(w)) for w in words]


def labels() -> tuple[dict[str, object], ...]:
    said = zip(spans("It rained", "We went home", "I stayed"), ("Ann Lee", "Ann Lee", "Bo Hill"), strict=True)
    return tuple({"start": a, "end": b, "speaker": who, "doubtful": False, "repeat": False} for (a, b), who in said)


@pytest.mark.parametrize(
    ("cited", "right"),
    [([0], True), ([0, 1], True), ([0, 3], True), ([0, 2], False), ([2], False), ([3], False), ([], False)],
)
def test_words_of_the_speaker_are_right_and_those_of_others_alone_are_not(cited: list[int], right: bool) -> None:
    sentences = split_sentences(TEXT)
    assert [s.text for s in sentences][3] == "It was late."
    one = Quoted("a", TEXT, "Lee", labels())
    assert one.question == "What did Lee say?"
    assert one.is_right([sentences[n] for n in cited]) is right


def test_each_speaker_of_a_text_is_asked_for_once_and_doubtful_labels_are_left_out(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "train-news.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": "1", "context": TEXT}) + "\n")
    rows = [{"file": "train-news", "id": "1"} | row for row in labels()]
    rows[2]["doubtful"] = True
    (tmp_path / "labels.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    found = list(quoted(tmp_path, tmp_path / "labels.jsonl"))
    assert [(q.article, q.speaker, len(q.labelled)) for q in found] == [("1", "Ann Lee", 2)]
