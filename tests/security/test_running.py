"""Where the page is served, and that others reach it only if that is meant."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT

from assistant.audit import tell_audit
from assistant.errors import AssistantError
from assistant.server.running import accounts_of, check_reach, is_loopback, listen


def test_accounts_are_read_from_one_line() -> None:
    assert accounts_of("") is None
    assert accounts_of("ann:secret, bob:a:b") == [("ann", "secret"), ("bob", "a:b")]
    for text in ("ann", ":secret", "ann:"):
        with pytest.raises(AssistantError, match="name:password"):
            accounts_of(text)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]", "LOCALHOST."])
def test_this_machine_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    check_reach(host, has_accounts=False, is_open=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "reading.example", "localhost.evil.example", ""])
def test_others_need_a_password_or_a_word_that_it_is_meant(host: str) -> None:
    with pytest.raises(AssistantError, match="--open"):
        check_reach(host, has_accounts=False, is_open=False)
    check_reach(host, has_accounts=True, is_open=False)
    check_reach(host, has_accounts=False, is_open=True)


def test_a_port_in_use_or_out_of_range_is_told() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssistantError, match=f"port {port}: Address already in use. Choose another"):
            listen("127.0.0.1", port)
    for wrong in (99999, -1):
        with pytest.raises(AssistantError, match="from 0 to 65,535"):
            listen("127.0.0.1", wrong)
    with pytest.raises(AssistantError, match="is not known"):
        listen("no such host", 0)


def test_the_first_free_port_is_taken_where_none_is_given() -> None:
    with closing(listen("127.0.0.1", None)) as first, closing(listen("127.0.0.1", None)) as second:
        ports = first.getsockname()[1], second.getsockname()[1]
    assert 7860 <= ports[0] < ports[1] < 7960


def serve(library: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    """Starts `assistant serve` on a library of its own."""
    import os

    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "serve", "--library", str(library), *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("options", [["--host", "0.0.0.0"], ["--host", "::"]])
def test_serving_others_without_a_password_ends_with_a_line(tmp_path: Path, options: list[str]) -> None:
    process = serve(tmp_path, *options)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert error.startswith("assistant: Others could reach the page at ")
    assert error.count("\n") == 1
    assert not (tmp_path / "library.sqlite3").exists()


def test_a_port_that_another_server_holds_ends_with_a_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve(tmp_path, "--port", str(taken.getsockname()[1]))
        _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Address already in use" in error
    assert error.count("\n") == 1


def test_a_server_that_is_told_to_end_closes_what_it_holds(tmp_path: Path) -> None:
    process = serve(tmp_path, "--port", "0")
    assert process.stdout is not None
    assert "is open at" in process.stdout.readline()
    process.terminate()
    _, error = process.communicate(timeout=30)
    assert process.returncode == 143
    assert error == ""
    assert not {"library.sqlite3-wal", "library.sqlite3-shm"} & {path.name for path in tmp_path.iterdir()}


def test_what_is_noted_of_changes_stands_on_standard_error_once(capfd: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("assistant.audit")
    try:
        tell_audit()
        tell_audit()
        log.info("token nightly: added 0123456789abcdef (request r1)")
        (line,) = capfd.readouterr().err.splitlines()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ audit token nightly: added 0123456789abcdef \(request r1\)", line)
    finally:
        log.handlers.clear()
        log.setLevel(logging.NOTSET)
        log.propagate = True
