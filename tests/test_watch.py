"""`assistant add FOLDER` and `assistant watch FOLDER` in a process of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from loaders.test_archives import archive

from assistant.cli import main

pytestmark = pytest.mark.models


def test_a_folder_is_added_with_a_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Bees make honey.")
    (tmp_path / "b.txt").write_bytes(b"\x00")
    (tmp_path / "c.zip").write_bytes(archive({"ants.md": b"Ants march."}))
    assert main(["add", str(tmp_path), str(tmp_path / "c.zip"), "--tag", "desk", "--json"]) == 2
    told = capsys.readouterr()
    rows = json.loads(told.out)
    assert [(Path(row["path"]).name, row.get("change"), row.get("title")) for row in rows] == [
        ("a.txt", "added", "Bees make honey."), ("b.txt", None, None), ("ants.md", "added", "Ants march."),
    ]  # fmt: skip
    assert "b.txt is binary" in told.err
    assert main(["list", "--tag", "desk", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_an_empty_folder_says_what_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(tmp_path)]) == 2
    assert "There is no file in" in capsys.readouterr().err


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """Returns the next line that has these words."""
    assert process.stdout is not None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if words in line:
            return line
        assert line or process.poll() is None, "it ended"
    raise AssertionError(f"no line with {words!r}")


def test_a_folder_is_followed_until_it_is_interrupted(tmp_path: Path, library: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "a.txt").write_text("Bees make honey.")
    command = [sys.executable, "-m", "assistant.cli", "watch", str(folder), "--every", "1", "--library", str(library)]
    # A test run in the background hands an ignored Ctrl-C down to what it starts.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=heed) as process:
        wait_for(process, "Watching")
        (folder / "b.txt").write_text("Ants march.")
        wait_for(process, "Ants march.")
        (folder / "a.txt").write_text("Bees make wax.")
        # It may have been too new for the first look.
        assert "Bees make" in wait_for(process, "Bees make")
        (folder / "b.txt").unlink()
        assert "removed" in wait_for(process, "Ants march.")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)


def test_an_emptied_folder_is_not_believed_at_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Bees make honey.")
    assert main(["add", str(tmp_path)]) == 0
    (tmp_path / "a.txt").unlink()
    capsys.readouterr()
    assert main(["watch", str(tmp_path)]) == 2
    assert "Nothing was removed: its disk may not be mounted" in capsys.readouterr().err
    assert main(["list", "--json"]) == 0
    assert "Bees make honey." in capsys.readouterr().out


def test_a_folder_that_was_added_before_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Bees make honey.")
    assert main(["add", str(tmp_path)]) == 0
    assert "1 added." in capsys.readouterr().err
    assert main(["add", str(tmp_path), "--tag", "desk"]) == 0
    told = capsys.readouterr()
    assert (told.out, "1 as before." in told.err) == ("", True)
    assert "Tags, author and date of those that were there stay as they are." in told.err
    assert main(["add", str(tmp_path / "a.txt"), "--tag", "desk"]) == 0
    assert "was there already, and stays as it was. `assistant describe ID`" in capsys.readouterr().err


def test_a_folder_may_be_called_as_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.zip").mkdir()
    (tmp_path / "old.zip" / "a.txt").write_text("Bees make honey.")
    assert main(["add", str(tmp_path / "old.zip")]) == 0
    assert "Bees make honey." in capsys.readouterr().out
    assert main(["add", "~nosuchuser/a.zip"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_archive_without_an_article_says_what_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(archive({"a.png": b"x"}))
    assert main(["add", str(tmp_path / "a.zip")]) == 2
    assert "There is no file in" in capsys.readouterr().err


@pytest.mark.parametrize("every", ["nan", "inf", "0", "-5", "1e300"])
def test_how_often_is_a_time(tmp_path: Path, every: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(tmp_path), "--every", every]) == 2
    assert "expected seconds from 0.1 to 86,400" in capsys.readouterr().err
