"""The container: what its file copies is there, it runs as nobody special, and its steps work where no engine is at hand."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
from conftest import ROOT

PREFIXES = ("/src", "/opt/assistant", "/library")


def stages() -> list[list[tuple[str, str]]]:
    """Returns the (instruction, arguments) pairs of each stage of the Dockerfile."""
    found: list[list[tuple[str, str]]] = []
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest))
    return found


def of(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for given, rest in stage if given == name]


def copied() -> list[tuple[list[str], str]]:
    """Returns what is copied from the repository, and where to."""
    parts = [rest.split() for stage in stages() for rest in of(stage, "COPY") if not rest.startswith("--from")]
    return [(sources, target) for *sources, target in parts]


def test_what_is_copied_is_there_and_reaches_the_build() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line[0] == "!"]
    names = [name for sources, _ in copied() for name in sources]
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert sorted(names) == sorted(let_in)


def test_all_that_the_wheel_is_built_of_is_copied() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r'^"([\w/]+)" = "assistant/data', pyproject, re.MULTILINE)
    assert needed == ["prompts", "index/articles"]
    assert {*needed, "assistant", "README.md", "LICENSE"} <= {name for sources, _ in copied() for name in sources}


def test_it_serves_as_a_user_of_its_own_who_owns_the_library_alone() -> None:
    last = stages()[-1]
    order = [name for name, _ in last]
    assert of(last, "USER") == ["assistant"]
    assert order.index("USER") > max(n for n, name in enumerate(order) if name in ("RUN", "COPY"))
    assert of(last, "VOLUME") == ["/library"]
    assert "chown assistant /library" in of(last, "RUN")[0]
    assert [json.loads(of(last, name)[0]) for name in ("ENTRYPOINT", "CMD")] == [["assistant"], ["serve"]]


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_its_steps_give_a_server_that_is_well_and_ends_in_order(tmp_path: Path) -> None:
    """Runs the steps in folders of this machine, in place of an engine's, up to the health check."""
    build, last = stages()
    tmp_path.chmod(0o755)

    def here(text: str) -> str:
        return re.sub(r"(?<![\w.])(/src|/opt/assistant|/library)\b", rf"{tmp_path}\1", text)

    source = Path(here("/src"))
    for folder in PREFIXES:
        Path(here(folder)).mkdir(parents=True)
    for name, rest in build:
        if name == "COPY":
            *sources, target = rest.split()
            for one in sources:
                copy(ROOT / one, source / target / (one if target == "./" else ""))
        elif name == "RUN":
            command = here(re.sub(r"^python\b", shlex.quote(sys.executable), rest))
            subprocess.run(command, shell=True, cwd=source, check=True, env=clean())
    environment = clean()
    for rest in of(last, "ENV"):
        name, _, value = rest.partition("=")
        environment[name] = here(value).replace("$PATH", environment["PATH"])
    environment |= {"GRADIO_SERVER_PORT": "0", "ASSISTANT_AUTH": "ann:a-long-password", "HOME": str(tmp_path)}
    shutil.rmtree(source)
    as_nobody = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    if as_nobody:
        os.chown(here("/library"), 65534, 65534)
    command = [here("/opt/assistant/bin/assistant"), *json.loads(of(last, "CMD")[0])]
    with subprocess.Popen(command, env=environment, cwd="/", stdout=subprocess.PIPE, text=True, **as_nobody) as server:  # type: ignore[call-overload]
        try:
            found = re.search(r":(\d+)/", server.stdout.readline())
            assert found
            health = of(last, "HEALTHCHECK")[0].partition("CMD ")[2]
            environment["GRADIO_SERVER_PORT"] = found[1]
            for _ in range(20):
                if not subprocess.run(["/bin/sh", "-c", health], env=environment, stderr=subprocess.DEVNULL).returncode:
                    break
                time.sleep(1)
            else:
                pytest.fail("It never was well.")
            assert Path(here("/library/library.sqlite3")).exists()
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


def clean() -> dict[str, str]:
    """Returns an environment without what this one chose."""
    chosen = ("ASSISTANT_*", "GRADIO_*", "PYTHON*", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not any(fnmatch(name, one) for one in chosen)}


def copy(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, to, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
