"""A real nginx before the servers of a test, set as a document tells it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAM = next(filter(None, map(shutil.which, ("nginx", "/usr/sbin/nginx"))), None)
# What lets it run as anybody, in a folder of its own; the log tells which server a request went to.
_CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    log_format servers '$upstream_addr'; access_log {folder}/servers.log servers;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


@contextmanager
def running_nginx(folder: Path, servers: str, address: str) -> Iterator[None]:
    """Runs nginx with these `upstream` and `server` blocks until the end; an address is awaited.

    Without an nginx the test is skipped, or fails under CI.
    """
    if _PROGRAM is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("No nginx found. Install it to run this test.")
        pytest.skip("No nginx found: install it to run this test.")
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, servers=servers), encoding="utf-8")
    process = subprocess.Popen([_PROGRAM, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")])
    try:
        _await_reply(address)
        yield
    finally:
        process.terminate()
        process.wait(10)


def servers_asked(folder: Path, n_requests: int) -> list[str]:
    """Returns the addresses that requests went to, one after another where the first did not answer, oldest request first.

    nginx notes a request when its reply is sent, so a moment after a client may have it: so many notes are awaited.
    """
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        asked = (folder / "servers.log").read_text(encoding="utf-8").splitlines()
        if len(asked) >= n_requests:
            return asked
        time.sleep(0.02)
    pytest.fail(f"nginx noted {len(asked)} requests, {n_requests} were made.")


def _await_reply(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            pytest.fail(f"{url}: {error.code} {error.read()[:300]!r}")
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"nginx did not answer at {url}.")
