"""The benchmark of the rules that refuse: what it counts, on a set small enough to count by hand."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ruled_out import main

CONTEXT = "Ada Lovelace wrote the 12 notes in 1843. Charles Babbage built no engine."


def row(question: str, answer: str = "", **changes: Any) -> dict[str, Any]:
    answers = [[CONTEXT.index(answer), answer]] if answer else []
    return {"id": question, "source": "made", "title": "Ada", "context": CONTEXT, "question": question, "history": [],
            "answers": answers, "answerable": bool(answer), "support": None, **changes}  # fmt: skip


def test_each_rule_is_counted_on_what_it_may_hit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        row("When were the notes written?", "1843"),
        row("When was it?", "Charles Babbage"),  # a wrong label, as a rule that hits an answer looks
        row("How many notes did Ada write?", "12"),
        row("What did Ada Lovelace write?", "Ada Lovelace"),  # repeats the question
        row("Who wrote the 13 notes?", "Ada Lovelace"),  # another number
        row("Who wrote the 14 notes?"),
        row("Who built the whale?"),
        row("And when?", "1843", history=[["Who?", "Ada"]]),  # not counted
    ]
    with gzip.open(tmp_path / "train-made.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in rows)
    monkeypatch.setattr(sys, "argv", ["ruled_out", "--data", str(tmp_path)])
    main()
    printed = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    counted = {rule: figures.split(",")[0] for rule, figures in printed.items()}
    assert counted == {
        "time, answerable": "1 of 2",
        "count, answerable": "0 of 1",
        "person, answerable": "0 of 1",
        "asked person, answerable": "0 of 1",
        "repeated, answerable": "1 of 5",
        "replaced, answerable": "1 of 5",
        "replaced, unanswerable": "1 of 2",
    }
