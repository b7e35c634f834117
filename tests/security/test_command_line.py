"""The command line does what it can, prints each result, and ends in a line, whatever it is given and wherever it prints."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from assistant.cli import FAILED, main
from assistant.commands.streams import print_json
from assistant.errors import AssistantError
from assistant.server.running import port_of

# Each is a process of its own that loads the package: some are tried in every run, the others in the long ones.


def run(*arguments: str | bytes, **changes: Any) -> subprocess.CompletedProcess[bytes]:
    options: dict[str, Any] = {"capture_output": True, "cwd": ROOT, "timeout": 120, "check": False, **changes}
    return subprocess.run([sys.executable, "-m", "assistant.cli", *arguments], **options)


def one_line(error: bytes) -> str:
    """Returns what was told, which must be one line and no traceback."""
    text = error.decode()
    assert text.startswith("assistant: "), text
    assert text.count("\n") == 1, text
    return text


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two articles, with an empty file between them."""
    for name, text in (("a.txt", "Apples are red."), ("empty.txt", ""), ("c.txt", "Cherries are dark.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in ("a.txt", "empty.txt", "c.txt")]


def test_add_does_what_it_can(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    assert main(["add", *files, "/nowhere.txt"]) == FAILED
    printed = capsys.readouterr()
    assert [line.split("  ")[1] for line in printed.out.splitlines()] == ["Apples are red.", "Cherries are dark."]
    empty, missing = printed.err.splitlines()
    assert "empty.txt is empty" in empty
    assert "/nowhere.txt cannot be read: No such file" in missing
    assert main(["list", "--json"]) == 0
    titles = [entry["title"] for entry in json.loads(capsys.readouterr().out)]
    assert titles[-2:] == ["Apples are red.", "Cherries are dark."]


def test_add_as_json_has_a_place_for_each(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    assert main(["add", *files, "--json"]) == FAILED
    first, empty, last = json.loads(capsys.readouterr().out)
    assert (first["title"], last["title"]) == ("Apples are red.", "Cherries are dark.")
    assert empty["path"] == files[1]
    assert "is empty" in empty["error"]


def test_the_same_content_twice_is_one_article(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    twin = Path(files[0]).with_name("twin.txt")
    twin.write_bytes(Path(files[0]).read_bytes() + b"\r\n\r\n")
    assert main(["add", files[0], str(twin)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_remove_does_what_it_can(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    assert main(["add", files[0], files[2], "--json"]) == 0
    one, two = (article["id"] for article in json.loads(capsys.readouterr().out))
    assert main(["remove", one, "nope", two]) == FAILED
    printed = capsys.readouterr()
    assert [line.split("  ")[0] for line in printed.out.splitlines()] == [f"removed {one}", f"removed {two}"]
    assert printed.err.startswith("assistant: There is no article 'nope'")
    assert main(["remove", "nope", "--json"]) == FAILED
    assert json.loads(capsys.readouterr().out) == [
        {"id": "nope", "error": printed.err.removeprefix("assistant: ").strip()}
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        pytest.param(["list", "--json"], marks=pytest.mark.soak),
        ["ask", "Where?", "--json"],
        ["--help"],
        pytest.param(["add", "--help"], marks=pytest.mark.soak),
        pytest.param(["--version"], marks=pytest.mark.soak),
        pytest.param(["doctor"], marks=pytest.mark.soak),
        pytest.param([], marks=pytest.mark.soak),
    ],
)
def test_a_full_output_is_told_in_a_line(arguments: list[str]) -> None:
    # argparse prints its help without looking whether it could, if nothing is kept in a buffer.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = run(*arguments, stdout=full, stderr=subprocess.PIPE, capture_output=False, env=buffered)
    assert done.returncode == FAILED
    assert "No space left on device" in one_line(done.stderr)


@pytest.mark.parametrize("unbuffered", ["", "1"])  # what stays in a buffer fails once more at the end
def test_a_full_error_output_is_nobodys_business(unbuffered: str) -> None:
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        done = run("remove", "nope", stdout=subprocess.PIPE, stderr=full, capture_output=False, env=environment)
    assert (done.returncode, done.stdout) == (FAILED, b"")


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", command.replace("assistant ", f"{sys.executable} -m assistant.cli ", 1)],
        capture_output=True, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip


def test_a_closed_output_is_told_in_a_line() -> None:
    done = shell("assistant list >&-")
    assert done.returncode == FAILED
    assert "Standard output is closed" in one_line(done.stderr)


def test_closed_streams_are_not_taken_for_the_library(tmp_path: Path, files: list[str]) -> None:
    library = tmp_path / "mine"
    for closed in ("<&-", "2>&-", "<&- 2>&-"):
        done = shell(f"assistant add {files[0]} --library {library} {closed}")
        assert (done.returncode, done.stderr) == (0, b"")
    done = shell(f"assistant add - --library {library} <&-")
    assert "standard input is empty" in one_line(done.stderr)
    assert shell(f"assistant list --library {library}").stdout.decode().endswith("Apples are red.  (1 sentences)\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "~nosuchuser/a.txt"], "cannot be read"),
        pytest.param(["add", b"caf\xe9.txt"], "caf?.txt cannot be read: No such file", marks=pytest.mark.soak),
        (["add", "/dev/zero"], "/dev/zero is larger than the limit of 30 MB"),
        pytest.param(["add", "/dev/null"], "null is empty", marks=pytest.mark.soak),
        (["remove", b"\xff"], "There is no article"),
        pytest.param(["ask", "Where?", "--article", b"\xff"], "There is no article", marks=pytest.mark.soak),
        (["evaluate", b"caf\xe9.jsonl"], "there is no such file"),
        pytest.param(["evaluate", "~nosuchuser/a.jsonl"], "there is no such file", marks=pytest.mark.soak),
        (["questions", "check", "/dev/zero"], "larger than 200 MB"),
        pytest.param(["questions", "check", "/dev/null"], "its form is not known", marks=pytest.mark.soak),
        (["serve", "--port", "99999"], "The port is '99999': expected a number from 0 to 65,535"),
        pytest.param(["serve", "--port", "-1"], "The port is '-1': expected a number", marks=pytest.mark.soak),
        (["serve", "--open", "--host", "no.such.host.invalid"], "The address 'no.such.host.invalid' is not known"),
        pytest.param(["serve", "--host", "a" * 300], "Others could reach the page", marks=pytest.mark.soak),
        (["serve", "--host", "192.0.2.1"], "Others could reach the page at 192.0.2.1"),
    ],
    ids=repr,
)
def test_what_cannot_be_is_told_in_a_line(arguments: list[str | bytes], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == FAILED
    assert said in one_line(done.stderr)
    assert done.stdout == b""


@pytest.mark.parametrize("value", ["x", "99999", "-1", " 7860", "7860 ", "٣", "1e3", "0x1"])
def test_a_port_that_is_none_is_told(value: str) -> None:
    with pytest.raises(AssistantError, match="expected a number from 0 to 65,535"):
        port_of(value)


def test_a_port_in_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        done = run("serve", "--port", port)
        assert done.returncode == FAILED
        assert f"port {port}: Address already in use" in one_line(done.stderr)
        app = [sys.executable, "app.py"]
        by_option = subprocess.run([*app, "--port", port], capture_output=True, cwd=ROOT, timeout=120, check=False)
        monkeypatch.setenv("GRADIO_SERVER_PORT", port)
        by_variable = subprocess.run(app, capture_output=True, cwd=ROOT, timeout=120, check=False)
        for done in (by_option, by_variable):
            assert done.returncode == FAILED
            assert f"port {port}: Address already in use" in one_line(done.stderr)


def test_a_file_whose_name_is_no_text_is_added(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text("Coffee is served.", encoding="utf-8")
    done = run("add", name, "--title", b"Caf\xe9", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [article["title"] for article in json.loads(done.stdout)] == ["Caf?"]
    assert run("ask", b"Is caf\xe9 served?").returncode == 0


def test_a_chat_reads_whatever_is_typed() -> None:
    done = run("chat", input=b"Is caf\xe9 served?\nx\n\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Ask in a few words" in done.stdout


def test_input_without_an_end_is_read_up_to_the_limit() -> None:
    with Path("/dev/zero").open("rb") as zero:
        done = run("add", "-", stdin=zero, env={**os.environ, "ASSISTANT_MAX_ARTICLE_MEGABYTES": "1"})
    assert "standard input is too large: 1.0 MB, the limit is 1 MB" in one_line(done.stderr)


def test_what_others_wrote_moves_no_cursor_and_forges_no_line() -> None:
    text = "Evil \x1b]0;pwned\x07\x1b[2J\x1b[31m title\n\nThe dog barked at \x1b[31mmidnight."
    added = run("add", "--text", text, "--title", "A\x1b[2JB")
    assert added.returncode == 0
    for done in (added, run("list"), run("ask", "When did the dog bark?"), run("retrieve", "dog")):
        assert not {b"\x1b", b"\x07"} & {bytes([byte]) for byte in done.stdout + done.stderr}
    failed = run("add", "no\n\x1b[2Jsuch")
    assert b"\x1b" not in failed.stderr
    one_line(failed.stderr)


def test_an_emptied_library_is_not_taken_for_an_empty_one(library: Path) -> None:
    assert run("add", "--text", "Apples are red.").returncode == 0
    (library / "library.sqlite3").write_bytes(b"")
    done = run("list")
    assert done.returncode == FAILED
    assert "its file was emptied" in one_line(done.stderr)
    (library / "library.sqlite3-count").unlink()
    assert run("list").returncode == 0


def test_a_backup_overwrites_no_file_of_the_library_and_nothing_that_is_no_file(library: Path) -> None:
    assert run("add", "--text", "Apples are red.").returncode == 0
    pipe = library.with_name("pipe")
    os.mkfifo(pipe)
    for target in (library / "vectors.faiss", library / "library.sqlite3-count", pipe):
        assert run("backup", str(target), "--force").returncode == FAILED, target
    assert run("doctor").returncode == 0


def test_json_on_a_terminal_holds_no_controls(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"title": "A\x9b2J\x1b[31m\x7fB é"}
    print_json(value)
    printed = capsys.readouterr().out
    assert not [one for one in printed if unicodedata.category(one) == "Cc" and one != "\n"]
    assert ("é" in printed, json.loads(printed)) == (True, value)
