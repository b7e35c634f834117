"""What reads a file in another process: what it told comes back whole, and no file can hurt whoever asks."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.blocks import Block, Cell
from assistant.articles.boxes import Box, PlacedWord
from assistant.errors import ArticleError
from assistant.loaders import FORMATS, load_bytes
from assistant.loaders.child_process import Limits, given_up_by, load_in_child
from assistant.loaders.loaded import Loaded, Mark, from_json, to_json

WHOLE = Loaded(
    "Ada – “é” 𝄞\n\nPlace: Oslo",
    "Title",
    (Mark(0, "S", 1), Mark(3, place="00:01")),
    "Ann",
    date(2024, 5, 1),
    ("a", "b"),
    ("Page 3 has no text.",),
    (Block(0, 11), Block(13, 24, kind="row", cells=(Cell("Place", 20, 24),))),
    (PlacedWord(0, 3, 0, Box(1, 0.1, 0.2, 0.3, 0.4)),),
)


def test_what_was_loaded_is_the_same_after_it_was_told() -> None:
    assert from_json(to_json(WHOLE)) == WHOLE
    assert from_json(to_json(Loaded("x")).encode()) == Loaded("x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_what_makes_no_sense_is_refused(value: object) -> None:
    import json

    with pytest.raises(ArticleError, match="makes no sense"):
        from_json(json.dumps(value))


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " Ada"},
        {"text": "Ada\r\nBo"},
        {"blocks": (Block(0, 11),)},
        {"blocks": (Block(0, 12), Block(13, 25))},
        {"blocks": (Block(0, 14), Block(13, 24))},
        {"blocks": (Block(-1, 11), Block(13, 24))},
        {"blocks": (Block(1, 11), Block(13, 24))},
        {"blocks": (Block(0, 11), Block(13, 24, level=8))},
        {"blocks": (Block(0, 11), Block(13, 24, depth=-1))},
        {"blocks": (Block(0, 11), Block(13, 24, kind="script"))},
        {"blocks": (Block(0, 11), Block(13, 24, cells=(Cell("Place", 20, 25),)))},
        {"blocks": (Block(0, 11), Block(13, 24, cells=(Cell("Place", 12, 24),)))},
        {"blocks": (Block(0, 11), Block(13, 24, cells=(Cell("b", 20, 22), Cell("a", 21, 24))))},
        {"blocks": (Block(0, 11), Block(13, 24, cells=(Cell(None, 20, 22),)))},
        {"marks": (Mark(3), Mark(2))},
        {"marks": (Mark(25),)},
        {"marks": (Mark(1, page="2"),)},
        {"marks": (Mark(1, section=None),)},
        {"words": (PlacedWord(3, 2, 0, Box(1, 0, 0, 1, 1)),)},
        {"words": (PlacedWord(0, 3, 0, Box(1, 0, 0, 1, float("nan"))),)},
        {"words": (PlacedWord(0, 3, 0, Box("1", 0, 0, 1, 1)),)},
        {"words": (PlacedWord(3, 5, 0, Box(1, 0, 0, 1, 1)), PlacedWord(0, 3, 0, Box(1, 0, 0, 1, 1)))},
    ],
    ids=str,
)
def test_offsets_of_another_process_are_not_believed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArticleError, match="makes no sense"):
        from_json(to_json(replace(WHOLE, **wrong)))


def test_a_file_is_read_the_same_in_another_process() -> None:
    data = "# Bees\n\nThey “fly”.\n\n- far\n".encode()
    assert load_in_child("markdown:load_markdown", data, "b.md") == load_bytes(data, "b.md")


def test_a_refusal_comes_back_in_its_words() -> None:
    with pytest.raises(ArticleError, match=r"^-n “x”\.txt is empty\. Give a file with some text\.$"):
        load_in_child("plain_text:load_plain_text", b" ", "-n “x”.txt")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of loaders that misbehave, which the other process finds beside ours."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, types\n"
        "m = types.ModuleType('assistant.loaders.hostile')\n"
        "exec(open(__file__.replace('sitecustomize', 'hostile')).read(), m.__dict__)\n"
        "sys.modules['assistant.loaders.hostile'] = m\n"
    )
    (tmp_path / "hostile.py").write_text(
        "def loops(data, name):\n    while True: pass\n"
        "def sleeps(data, name):\n    import time; time.sleep(600)\n"
        "def grows(data, name):\n    return [bytearray(50_000_000) for _ in range(1000)]\n"
        "def crashes(data, name):\n    import os, signal; os.kill(os.getpid(), signal.SIGSEGV)\n"
        "def waits(data, name):\n    import os, time; open(data, 'w').write(str(os.getpid())); time.sleep(600)\n"
        "def fails(data, name):\n    raise RecursionError('deep')\n"
        "def tells(data, name):\n"
        "    from assistant.loaders.loaded import Loaded\n    return Loaded('x' * 5_000_000)\n"
        "def prints(data, name):\n"
        "    from assistant.loaders.loaded import Loaded\n    print('{}', flush=True); return Loaded('x')\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    return tmp_path


@pytest.mark.parametrize(
    ("loader", "told"),
    [
        ("loops", "takes longer than 2 seconds"),
        ("sleeps", "takes longer than 2 seconds"),
        ("grows", "needs more than 300 MB of memory"),
        ("crashes", "its reader broke down over it. It is damaged, or too large"),
        ("fails", "cannot be read: it is damaged"),
        ("tells", "holds more than 1 MB of text"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are the system's")
@pytest.mark.usefixtures("hostile")
def test_a_reader_that_misbehaves_is_ended_and_the_file_refused(loader: str, told: str) -> None:
    started = time.monotonic()
    with pytest.raises(ArticleError, match=rf"^a\.pdf .*{told}"):
        load_in_child(f"hostile:{loader}", b"data", "a.pdf", Limits(seconds=2, megabytes=300, output_megabytes=1))
    assert time.monotonic() - started < 8


@pytest.mark.usefixtures("hostile")
def test_what_a_library_prints_is_not_what_was_read() -> None:
    assert load_in_child("hostile:prints", b"data", "a.pdf") == Loaded("x")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_a_reader_ends_with_whoever_started_it(hostile: Path) -> None:
    told = hostile / "pid"
    code = f"from assistant.loaders.child_process import load_in_child; load_in_child('hostile:waits', {bytes(told)!r}, 'a')"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        wait_until(lambda: told.exists() and bool(told.read_text()))
        parent.kill()
    wait_until(lambda: is_dead(int(told.read_text())))


def is_dead(process: int) -> bool:
    """Returns whether a process has ended, though nobody may have asked for its status yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("name", "data"), [("a.md", b"Bees *fly*.\n\n"), ("a.csv", b"bee,wing\n")])
def test_what_is_large_is_read_the_same_and_keeps_nobody_waiting(name: str, data: bytes) -> None:
    small, large = data * 1000, data * (200_000 // len(data) + 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert len(load_bytes(small, name).blocks) > 900
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == before
    loader = next(format.loader for format in FORMATS if name[1:] in format.suffixes)
    module, function = loader.split(":")
    here = getattr(import_module(f"assistant.loaders.{module}"), function)(large, name)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == before
    assert load_bytes(large, name) == here
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before


class LeftError(Exception):
    """Nobody waits any more."""


@pytest.mark.usefixtures("hostile")
def test_a_reader_ends_when_nobody_waits_any_more() -> None:
    looked = []

    def go_on() -> None:
        looked.append(time.monotonic())
        if len(looked) > 2:
            raise LeftError

    started = time.monotonic()
    with pytest.raises(LeftError), given_up_by(go_on):
        load_in_child("hostile:sleeps", b"data", "a.pdf", Limits(seconds=60))
    assert time.monotonic() - started < 5
    run = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "hostile:sleeps" not in run.stdout
