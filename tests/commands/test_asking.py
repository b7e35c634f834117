"""Asking on the command line: every short answer, follow-ups, and how a chat ends."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from conftest import ROOT

from assistant.answer import Answer, Citation
from assistant.articles.sentences import Sentence
from assistant.cli import main
from assistant.commands.asking import short_answers

FIRST = "Ada said that the bridge would hold for many years."
SECOND = "Moss said that the river is deep."


def answer(*spans: tuple[str, int, int], short: str = "the bridge") -> Answer:
    cited = [
        Citation(Sentence(text, start, start + len(text), n), "a", "T", 0.9, n + 1)
        for n, (text, start) in enumerate(((FIRST, 0), (SECOND, 100)))
    ]
    return Answer("Q?", "Q?", "", short, short_spans=spans, citations=tuple(cited))


def test_every_short_answer_has_the_marker_of_its_citation() -> None:
    given = answer(("a", 115, 132), ("a", 14, 24), ("a", 14, 24), ("b", 0, 3), ("a", 90, 110))
    assert short_answers(given) == [("the bridge", 1), ("the river is deep", 2)]


def test_short_answers_that_would_be_read_twice_are_none() -> None:
    assert short_answers(answer(("a", 0, 50), short=FIRST[:50])) == []
    long = "x " * 120
    cited = Citation(Sentence(long * 2, 0, len(long) * 2, 0), "a", "T", 0.9, 1)
    assert short_answers(Answer("Q?", "Q?", "", long, short_spans=(("a", 0, 240),), citations=(cited,))) == []
    assert short_answers(Answer("Q?", "Q?", "", "", abstained=True)) == []


@pytest.mark.usefixtures("with_sample")
def test_both_statements_are_printed_and_one_alone_without_a_marker(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What did Mirzoyan say?"]) == 0
    first, second, blank, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("Yerevan has no intention of raising the issue")
    assert first.endswith(" [1]")
    assert second.startswith("Our focus remains on strengthening cooperation with Russia")
    assert second.endswith(" [2]")
    assert blank == ""
    assert main(["ask", "Who is the Armenian foreign minister?"]) == 0
    assert capsys.readouterr().out.startswith("Ararat Mirzoyan\n\n")


def chat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert main(["chat"]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("with_sample")
def test_a_chat_understands_follow_ups_and_says_how_where_that_is_a_question(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = chat(monkeypatch, capsys, "What did Mirzoyan say?\nAnd Kopyrkin?\nWhy is that so?\n\nnever asked\n")
    assert "Understood as: What did Kopyrkin say?\n" in told
    assert "does not stand on the agenda" in told
    assert told.count("Understood as") == 1  # the third has the turn before in brackets
    assert told.count("\n> ") == 4


@pytest.mark.parametrize("end", ["", " ", "quit", "exit", ":q", "QUIT"])
def test_a_chat_ends_when_it_is_told_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    told = chat(monkeypatch, capsys, f"{end}\nWho?\n")
    assert told == "Ask a question; an empty line, quit, exit, :q or Ctrl-D ends.\n\n> "
    assert chat(monkeypatch, capsys, "").endswith("> ")


def test_the_package_runs_as_the_command() -> None:
    command = [sys.executable, "-m", "assistant", "--version"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "assistant 0.1.0\n"
