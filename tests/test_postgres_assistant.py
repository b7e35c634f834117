"""An assistant on a library in PostgreSQL answers as on one in a folder, also by program through `app.py`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, SAMPLE, SOAKING
from nginx import running_nginx, servers_asked
from postgres_server import running_server

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.database_address import DatabaseAddress
from assistant.library.open_library import open_store
from assistant.networks.embeddings import Embedder
from assistant.networks.reader import Reader
from assistant.settings import Settings

QUESTIONS = (
    "What did Mirzoyan say?",
    "Who is the Armenian foreign minister?",
    "What is this article about?",
    "How many moons does Jupiter have?",
)
VESSELS = {"Norwick": "ferry", "Aldmouth": "tug", "Skerry": "lifeboat", "Penholt": "dredger"}


def test_the_whole_answer_is_the_same(
    sample: Assistant, postgres: DatabaseAddress, embedder: Embedder, reader: Reader
) -> None:
    settings = Settings(library=postgres, n_threads=2)
    with Assistant(settings, open_store(settings, embedder), embedder, reader) as shared:
        shared.add_file(SAMPLE)
        for question in QUESTIONS:
            ours, theirs = shared.ask(question), sample.ask(question)
            # Numbers as they are given out, in four digits: cosines are added up by other code, whose last is the processor's.
            assert {**ours.to_dict(), "seconds": 0} == {**theirs.to_dict(), "seconds": 0}
            assert [found.sentence for found in shared.retrieve(question)] == [
                found.sentence for found in sample.retrieve(question)
            ]


@pytest.mark.models
@pytest.mark.timeout(240)
def test_two_servers_on_one_database_serve_the_same_at_once(
    postgres: DatabaseAddress, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    address = postgres.url.replace("tester@", "tester:s3cret@")
    assert main(["tokens", "create", "program", "--scope", "ask,add", "--library", address]) == 0
    token = capsys.readouterr().out.strip()
    ports = [free_port(), free_port()]
    servers = [started(address, port) for port in ports]
    try:
        one, two = (client(port, token) for port in ports)
        with closing(one), closing(two):
            wait_for(one, servers[0])
            wait_for(two, servers[1])
            text = "The ferry to Norwick stopped sailing in March. The harbour office sold the vessel to a museum."
            added = one.post("/api/v1/articles", json={"text": text, "title": "Ferry"})
            assert added.status_code in (200, 201), added.text
            answer = two.post("/api/v1/ask", json={"question": "What did the harbour office sell to a museum?"})
            assert answer.status_code == 200, answer.text
            assert "The harbour office sold the vessel to a museum." in answer.json()["text"]
            assert one.get("/").status_code == 200
        check_balanced(servers, ports, token, tmp_path)
    finally:
        for server in servers:
            server.terminate()
        told = [server.communicate(timeout=30)[0] for server in servers]
    assert "s3cret" not in "".join(told)


@pytest.mark.models
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("n_clients", "n_kills"), [(6, 1), pytest.param(32, 5, marks=pytest.mark.soak)])
def test_no_answer_is_lost_when_the_database_is_killed_and_comes_back(
    n_clients: int, n_kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    if SOAKING and n_clients == 6:
        pytest.skip("the long form runs")
    with running_server() as database:
        address = database.url(database.new_database())
        assert main(["tokens", "create", "program", "--scope", "ask,add", "--library", address]) == 0
        token = capsys.readouterr().out.strip()
        ports = [free_port(), free_port()]
        servers = [started(address, port) for port in ports]
        over = threading.Event()
        try:
            with closing(client(ports[0], token)) as one, closing(client(ports[1], token)) as two:
                wait_for(one, servers[0])
                wait_for(two, servers[1])
                ids = [added(one, name, vessel) for name, vessel in VESSELS.items()]
            with ThreadPoolExecutor(n_clients) as pool:
                asking = [pool.submit(ask_until, ports[n % 2], token, ids, n, over) for n in range(n_clients)]
                for _ in range(n_kills):
                    time.sleep(3)
                    database.kill()
                    time.sleep(1)
                    database.start()
                time.sleep(3)
                over.set()
                answered = [future.result() for future in asking]
        finally:
            over.set()
            for server in servers:
                server.terminate()
            for server in servers:
                server.communicate(timeout=30)
    assert min(answered) > 1


def added(program: httpx.Client, name: str, vessel: str) -> str:
    text = f"The harbour of {name} was quiet. The office there sold the {vessel} to a museum in March."
    reply = program.post("/api/v1/articles", json={"text": text, "title": name})
    assert reply.status_code in (200, 201), reply.text
    return str(reply.json()["id"])


def ask_until(port: int, token: str, ids: Sequence[str], number: int, over: threading.Event) -> int:
    """Asks one question after another until told to end, holds each to its answer, and returns how many there were."""
    n_answered = 0
    with closing(client(port, token)) as program:
        while not over.is_set():
            chosen = (number + n_answered) % len(ids)
            name, vessel = list(VESSELS.items())[chosen]
            question = {"question": f"What did the office of {name} sell?", "article": ids[chosen]}
            reply = program.post("/api/v1/ask", json=question)
            assert reply.status_code == 200, reply.text
            assert f"The office there sold the {vessel} to a museum" in reply.json()["text"]
            n_answered += 1
            over.wait(2)  # a token may call ten times a second, and sixteen programs share a server
    return n_answered


def check_balanced(servers: list[subprocess.Popen[str]], ports: list[int], token: str, folder: Path) -> None:
    """Holds nginx, as docs/many-machines.md sets it, to one server a visitor, and to the other when that one is gone."""
    text = (ROOT / "docs" / "many-machines.md").read_text(encoding="utf-8")
    blocks = text.partition("```nginx\n")[2].partition("```")[0]
    port = free_port()
    places = {"listen 80;": f"listen 127.0.0.1:{port};"}
    places |= {f"10.0.0.1{n}:7860": f"127.0.0.1:{own}" for n, own in enumerate(ports, start=1)}
    for told, here in places.items():
        assert told in blocks, told
        blocks = blocks.replace(told, here)
    with running_nginx(folder, blocks, f"http://127.0.0.1:{port}/api/v1/health"):
        for n in range(20):
            cookie = {"Cookie": f"assistant_browser=visitor-{n}"}
            assert httpx.get(f"http://127.0.0.1:{port}/api/v1/health", headers=cookie).status_code == 200
        assert set(servers_asked(folder, 21)[1:]) == {f"127.0.0.1:{own}" for own in ports}
        with closing(client(port, token)) as program:
            question = {"question": "What did the harbour office sell to a museum?"}
            answers = [program.post("/api/v1/ask", json=question).json()["text"] for _ in range(3)]
            (asked,) = set(servers_asked(folder, 24)[-3:])
            gone = [f"127.0.0.1:{own}" for own in ports].index(asked)
            servers[gone].kill()
            servers[gone].wait(30)
            reply = program.post("/api/v1/ask", json=question)
            assert reply.status_code == 200, reply.text
            assert [*answers, reply.json()["text"]] == [answers[0]] * 4
            assert servers_asked(folder, 25)[-1].split(", ") == [asked, f"127.0.0.1:{ports[1 - gone]}"]


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def started(address: str, port: int) -> subprocess.Popen[str]:
    environment = os.environ | {
        "ASSISTANT_LIBRARY": address,
        "GRADIO_SERVER_PORT": str(port),
        "ASSISTANT_N_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def client(port: int, token: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60)


def wait_for(program: httpx.Client, server: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 150
    while time.monotonic() < until and server.poll() is None:
        try:
            if program.get("/api/v1/articles").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    pytest.fail("the server does not answer")
