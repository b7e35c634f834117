"""The environments that the peers are installed in, each in a folder of its own, made when it is first needed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.peers.running import last_line

HERE = Path(__file__).parent
FOLDER = HERE / "environments"
MADE = "requirements.sha256"


class CannotBeInstalledError(Exception):
    """What a peer needs could not be installed; the message says why."""


def requirements_of(name: str) -> Path:
    """Returns the file of the pinned packages of a peer."""
    return HERE / f"requirements-{name}.txt"


def python_of(name: str, limit_seconds: float) -> Path:
    """Returns the Python of a peer's environment, which is made anew where its pinned packages have changed.

    Raises:
        CannotBeInstalledError: it cannot be made, or not in that time.
    """
    folder, requirements = FOLDER / name, requirements_of(name)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    made = folder / MADE
    if made.is_file() and made.read_text(encoding="utf-8") == digest:
        return python
    print(f"installing {name} into {folder} ...", file=sys.stderr, flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], pip):
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit_seconds)
        except subprocess.TimeoutExpired as error:
            raise CannotBeInstalledError(f"not installed within {limit_seconds:.0f} s") from error
        if run.returncode:
            raise CannotBeInstalledError(f"not installed: {last_line(run.stderr)}")
    made.write_text(digest, encoding="utf-8")
    return python
