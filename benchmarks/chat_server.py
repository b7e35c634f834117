"""Starts the chat, or an empty Gradio app, in a process of its own, for the benchmarks of the chat."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.assistant import Assistant
from assistant.library.open_library import open_chats
from assistant.settings import Settings, shipped
from benchmarks import ROOT

MAX_START_SECONDS = 120
EMPTY_APP = """
import os
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import gradio
with gradio.Blocks() as app:
    gradio.HTML('<p id="ready">empty</p>')
app.launch(quiet=True, theme=gradio.themes.Base(font=["sans-serif"], font_mono=["monospace"]))
"""
EMPTY_MOUNTED_APP = """
import os
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import fastapi, gradio, uvicorn
with gradio.Blocks(analytics_enabled=False) as blocks:
    gradio.HTML('<p id="ready">empty</p>')
app = gradio.mount_gradio_app(fastapi.FastAPI(), blocks, path="/", ssr_mode=False)
uvicorn.run(app, port=int(os.environ["GRADIO_SERVER_PORT"]), log_level="warning", ws="none")
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass(frozen=True)
class Running:
    """A server that answers.

    Attributes:
        url: where.
        pid: its process.
        start_seconds: from starting the process to its first answer.
        tokens: with which one may ask over REST.
    """

    url: str
    pid: int
    start_seconds: float
    tokens: tuple[str, ...] = ()

    def memory_megabytes(self) -> float:
        """Returns the resident memory of the process; Linux only, 0 elsewhere."""
        return memory_of(self.pid)


def memory_of(pid: int) -> float:
    """Returns the resident memory of a process in megabytes; Linux only, 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


@contextmanager
def running(empty: bool = False, empty_app: str = EMPTY_APP, n_tokens: int = 0) -> Iterator[Running]:
    """Runs `python app.py` on a fresh library with the sample article, or an empty Gradio app.

    Args:
        empty: whether it is the empty app.
        empty_app: its code.
        n_tokens: made in the library, so that as many callers may ask over REST; with one, nobody may without.

    Raises:
        RuntimeError: if it does not answer within two minutes.
    """
    command = [sys.executable, "-c", empty_app] if empty else [sys.executable, str(ROOT / "app.py")]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with TemporaryDirectory() as folder:
        # A question that is asked again is to be answered as if it were the first time.
        chosen = {"ASSISTANT_LIBRARY": folder, "ASSISTANT_N_KEPT_READINGS": "0"}
        environment = {**os.environ, "GRADIO_SERVER_PORT": str(port)} | chosen
        log = Path(folder) / "server.log"
        tokens: tuple[str, ...] = ()
        if not empty:
            settings = Settings(library=Path(folder))
            with Assistant.open(settings) as assistant, closing(open_chats(settings)) as chats:
                assistant.add_file(next(shipped("articles").glob("*.txt")))
                tokens = tuple(chats.tokens.create(f"client {n}", ["ask"])[1] for n in range(n_tokens))
        began = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=folder)
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for(url, process, log)
            yield Running(url, process.pid, time.perf_counter() - began, tokens)
        finally:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the server answers."""
    deadline = time.monotonic() + MAX_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"The server does not answer. Its last lines: {log.read_text(errors='replace')[-1000:]}")


def find_browser() -> str:
    """Returns the path of an installed Chromium or Chrome.

    Raises:
        SystemExit: if there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit(f"No browser found: none of {', '.join(BROWSERS)} is on the PATH. Install Chromium.")
    return found
