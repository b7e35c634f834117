"""The command line: what it prints, what a program reads, and how it fails."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLE

from assistant.cli import FAILED, main

QUESTION = "What did Mirzoyan say?"
COMMANDS = [
    "ask",
    "retrieve",
    "chat",
    "add",
    "list",
    "describe",
    "replace",
    "remove",
    "serve",
    "evaluate",
    "compare",
    "questions",
    "doctor",
]


def run(*arguments: str, status: int = 0) -> None:
    assert main(arguments) == status


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    run(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def start(*arguments: str, **changes: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, **changes.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment, **changes,
    )  # fmt: skip


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert f"assistant {command}" in capsys.readouterr().out
    run(status=FAILED)
    assert all(command in capsys.readouterr().out for command in ["usage: assistant"])
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "assistant 0.1.0\n"


@pytest.mark.usefixtures("with_sample")
def test_ask_prints_cited_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "What", "did", "Mirzoyan", "say?")
    printed = capsys.readouterr().out
    assert "has no intention of raising the issue" in printed
    assert "[1]" in printed
    assert "[2]" in printed


@pytest.mark.usefixtures("with_sample")
def test_ask_prints_a_refusal_with_the_closest_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run("ask", "How do I bake bread?")
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "The article does not say."
    assert "Closest sentences:" in rest
    assert "[1]" not in "".join(rest)


@pytest.mark.usefixtures("with_sample")
def test_ask_as_json_is_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    answer = run_json(capsys, "ask", QUESTION)
    assert answer["question"] == QUESTION
    assert not answer["abstained"]
    text = SAMPLE.read_text(encoding="utf-8").strip()
    for citation in answer["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["text"]


@pytest.mark.usefixtures("with_sample")
def test_retrieve_lists_k_sentences_with_falling_scores(capsys: pytest.CaptureFixture[str]) -> None:
    evidence = run_json(capsys, "retrieve", QUESTION, "-k", "3")
    assert len(evidence) == 3
    assert [e["score"] for e in evidence] == sorted((e["score"] for e in evidence), reverse=True)
    alone = run_json(capsys, "retrieve", QUESTION, "-k", "3", "--no-rerank")
    assert [e["score"] for e in alone] == sorted((e["score"] for e in alone), reverse=True)
    assert [e["score"] for e in alone] != [e["score"] for e in evidence]
    run("retrieve", QUESTION, "-k", "2")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_articles_are_added_listed_asked_and_removed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    library = ["--library", str(tmp_path / "mine")]
    path = tmp_path / "pears.md"
    path.write_text("# Pears\n\nA pear is green. It grows on trees in Ripolia.\n", encoding="utf-8")
    (pears,) = run_json(capsys, "add", str(path), *library)
    assert (pears["title"], pears["sentences"]) == ("Pears", 3)
    (text,) = run_json(capsys, "add", "--text", "Bananas are yellow.", "--title", "Bananas", *library)
    listed = run_json(capsys, "list", *library)
    assert [(e["id"], e["title"], e["sentences"]) for e in listed] == [
        (pears["id"], "Pears", 3),
        (text["id"], "Bananas", 1),
    ]
    answer = run_json(capsys, "ask", "Where do pears grow?", "--article", pears["id"], *library)
    assert {c["article_id"] for c in answer["citations"]} <= {pears["id"]}
    removed = run_json(capsys, "remove", pears["id"], text["id"], *library)
    assert [r["title"] for r in removed] == ["Pears", "Bananas"]
    run("list", *library)
    assert "The library is empty" in capsys.readouterr().out


def test_articles_are_tagged_chosen_described_and_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    library = ["--library", str(tmp_path / "mine")]
    path = tmp_path / "pears.md"
    path.write_text("# Pears\n\nA pear is green. It grows on trees in Ripolia.\n", encoding="utf-8")
    told = ["--tag", "Fruit,green", "--tag", "trees", "--author", "Ann Lee", "--date", "2024-02-29"]
    (pears,) = run_json(capsys, "add", str(path), *told, *library)
    (text,) = run_json(capsys, "add", "--text", "Bananas are yellow.", "--tag", "fruit", *library)
    (listed,) = run_json(capsys, "list", "--tag", "fruit", "--tag", "GREEN", "--title", "pear", *library)
    assert (listed["id"], listed["author"], listed["date"]) == (pears["id"], "Ann Lee", "2024-02-29")
    assert (listed["tags"], listed["pages"], listed["url"]) == (["fruit", "green", "trees"], 0, "")
    run("list", "--until", "2024-12-31", *library)
    assert (
        capsys.readouterr().out == f"{pears['id']}  Pears  (3 sentences, Ann Lee, 2024-02-29, #fruit, #green, #trees)\n"
    )
    run("list", "--author", "Bo", *library)
    assert capsys.readouterr().out == "No article is by “Bo”.\n"
    run("ask", "Where do pears grow?", "--source", "pears.md", *library)
    # As many sentences as the reader finds, each with its article.
    assert re.search(r"\[1\](?:[^\n]* \[2\])?\n\n\[1\] Pears\n(?:\[2\] Pears\n)?$", capsys.readouterr().out)
    run("ask", "Where do pears grow?", "--since", "2024-01-01", "--tag", "meat", *library)
    assert capsys.readouterr().out == "No article is tagged “meat” and dated 2024-01-01 or later.\n"
    assert run_json(capsys, "retrieve", "Where do pears grow?", "--tag", "meat", *library) == []
    changed = run_json(capsys, "describe", pears["id"], "--title", "On pears", "--tag", "", "--date", "", *library)
    assert (changed["title"], changed["tags"], changed["date"], changed["author"]) == ("On pears", [], None, "Ann Lee")
    path.write_text("A pear is yellow by now. It fell from its tree.\n", encoding="utf-8")
    replaced = run_json(capsys, "replace", pears["id"], str(path), *library)
    assert (replaced["title"], replaced["sentences"]) == ("On pears", 2)
    assert [e["id"] for e in run_json(capsys, "list", *library)] == [replaced["id"], text["id"]]
    (tmp_path / "mine" / "library.sqlite3.damaged-20260101-000000").write_bytes(b"")
    run("remove", replaced["id"], "--for-good", *library)
    told_of = capsys.readouterr()
    assert told_of.out == f"removed {replaced['id']}  On pears\n"
    assert "damaged-20260101-000000 is a copy that `assistant doctor --repair` kept" in told_of.err
    assert b"fell from" not in b"".join(file.read_bytes() for file in (tmp_path / "mine").iterdir())
    run("remove", "--for-good", *library)
    run("remove", *library, status=FAILED)
    assert "Name the articles to remove by their ids" in capsys.readouterr().err
    run("list", "--since", "soon", *library, status=FAILED)
    assert "The day since is 'soon', expected a day as 2024-02-29." in capsys.readouterr().err


def test_add_reads_standard_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Été à Erevan.".encode("cp1252"))))
    (added,) = run_json(capsys, "add", "-", "--library", str(tmp_path / "mine"))
    assert added["title"] == "Été à Erevan."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "Who?", "--article", "none"], "There is no article 'none'"),
        (["retrieve", "Who?", "-k", "0"], "-k is 0, expected 1 or more"),
        (["remove", "none"], "There is no article 'none'"),
        (["add", "/nowhere/at/all.txt"], "cannot be read: No such file"),
        (["add"], "Give either files to add, or --text"),
        (["add", "a.txt", "--text", "b"], "Give either files to add, or --text"),
        (["add", "--text", "  "], "The article is empty"),
        (["add", "--text", "ab\udcff"], "lone surrogate"),
        (["questions", "check", "/nowhere.jsonl"], "/nowhere.jsonl"),
        (["evaluate", "/nowhere.jsonl"], "/nowhere.jsonl"),
        (["list", "--library", "/dev/null/library"], "library folder /dev/null/library cannot be"),
    ],
)
def test_errors_are_told_in_a_line_and_end_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    run(*arguments, status=FAILED)
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.startswith("assistant: ")
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    "arguments", [["unknown"], ["ask"], ["questions"], ["retrieve", "Who?", "-k", "many"], ["--nonsense"]]
)
def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == FAILED
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "value"), [("CAREFULNESS", "extreme"), ("K", "none"), ("N_THREADS", "-1")])
def test_a_wrong_setting_in_the_environment_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    run("list", status=FAILED)
    assert f"ASSISTANT_{name} is {value!r}" in capsys.readouterr().err


def test_question_sets_are_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run("questions", "check", str(ROOT / "tests" / "quality" / "sample.jsonl"))
    capsys.readouterr()
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"question": 1}\nnot json\n', encoding="utf-8")
    run("questions", "check", str(wrong), status=FAILED)
    printed = capsys.readouterr()
    assert "wrong.jsonl" in printed.out + printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("arguments", [["retrieve", QUESTION, "-k", "19", "--json"], ["list"]])
def test_a_reader_that_has_gone_is_no_error(arguments: list[str]) -> None:
    with start(*arguments) as process:
        process.stdout.close()  # type: ignore[union-attr]
        error = process.stderr.read()  # type: ignore[union-attr]
    assert error == ""
    assert process.returncode == 0


def test_ctrl_c_ends_at_once_without_a_traceback() -> None:
    # A test run in the background hands an ignored Ctrl-C down to what it starts.
    with start(
        "chat", stdin=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ask a question")
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error == "\nassistant: stopped\n"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_terminal_can_show_any_answer(encoding: str) -> None:
    library = {"PYTHONIOENCODING": encoding}
    with start(
        "ask",
        os.fsdecode("What did Мирзоян → Mirzoyan say \udcff ‘?".encode("utf-8", "surrogateescape")),
        "--json",
        env=library,
    ) as process:
        printed, error = process.communicate(timeout=60)
    assert error == ""
    assert process.returncode == 0
    asked = json.loads(printed)["question"]
    assert asked.startswith("What did Мирзоян → Mirzoyan say ")
    assert "\udcff" not in asked


_SLOW_MODEL = """
import sys, time
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from assistant.assistant import Assistant
from assistant.settings import Settings

def slow():
    time.sleep(600)
    yield AIMessage("too late")

with Assistant.open(Settings(language_model="fake", language_model_timeout_seconds=0.5)) as a:
    a._language_model, a._language_model_name = GenericFakeChatModel(messages=slow()), "fake"
    print(a.ask("What did Mirzoyan say?").reason)
"""


@pytest.mark.usefixtures("with_sample")
def test_a_language_model_that_hangs_does_not_keep_the_process() -> None:
    run = subprocess.run([sys.executable, "-c", _SLOW_MODEL], capture_output=True, text=True, timeout=200, check=False)
    assert "took longer than 0.5 seconds" in run.stdout, run.stderr
    assert run.returncode == 0


@pytest.mark.parametrize("given", ["example.org/a", "www.example.org"])
def test_an_address_without_its_beginning_gets_a_hint(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", given]) == 2
    assert f"If it is an address of the web, write https://{given}." in capsys.readouterr().err
