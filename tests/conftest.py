"""What all tests share: loopback only, a library of their own, real models loaded once."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from fakes import ScriptedReader, WordEmbedder
from pytest_socket import socket_allow_hosts

from assistant.assistant import Assistant
from assistant.library.open_library import open_store
from assistant.networks.embeddings import Embedder, OnnxEmbedder
from assistant.networks.reader import OnnxReader, Reader
from assistant.settings import Settings

if TYPE_CHECKING:
    from postgres_server import Server

    from assistant.database_address import DatabaseAddress

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "index" / "articles" / "russias-102nd-base-in-armenia.txt"
LOOPBACK = ["127.0.0.1", "::1"]
SOAKING = "SOAK_REPEAT" in os.environ

# The environment of whoever runs the tests must not decide how they end.
for _name in [f"ASSISTANT_{field.upper()}" for field in Settings.model_fields]:
    os.environ.pop(_name, None)
for _name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
    os.environ.pop(_name, None)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ASSISTANT_CONFIG"] = ""

_CHECKS = [hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow]
# The short form finds the same in every run; the long one looks further each time.
hypothesis.settings.register_profile(
    "short", deadline=None, max_examples=25, derandomize=True, suppress_health_check=_CHECKS
)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=1000, suppress_health_check=_CHECKS)
hypothesis.settings.load_profile("soak" if SOAKING else "short")


WITH_MODELS = frozenset(("embedder", "reader", "sample", "talks", "with_sample"))  # fixtures


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a soak, property tests run too, with many more examples; what loads the shipped weights says so."""
    for item in items:
        if WITH_MODELS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.models)
        if SOAKING and getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.timeout(3600))


def pytest_runtest_setup() -> None:
    """Lets no test talk to anything but this machine."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


_numbers = itertools.count()


@pytest.fixture(autouse=True)
def library(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default library of each test: a folder of its own that does not exist yet."""
    # Not in `tmp_path`, which is made for each test that names it and takes longer than most tests do.
    folder = tmp_path_factory.getbasetemp() / f"library-{next(_numbers)}"
    monkeypatch.setenv("ASSISTANT_LIBRARY", str(folder))
    return folder


@pytest.fixture(scope="session")
def sample_text() -> str:
    """The sample article's text."""
    return SAMPLE.read_text(encoding="utf-8").strip()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The shipped embedder."""
    return OnnxEmbedder.load(n_threads=2)


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The shipped reader."""
    return OnnxReader.load(2)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, reader: Reader) -> Iterator[Assistant]:
    """An assistant with the shipped models on the sample article; tests leave it as they found it."""
    settings = Settings(library=tmp_path_factory.mktemp("sample"), n_threads=2)
    with Assistant(settings, open_store(settings, embedder), embedder, reader) as opened:
        opened.add_file(SAMPLE)
        yield opened


@pytest.fixture
def with_sample(library: Path, embedder: Embedder, reader: Reader) -> None:
    """Puts the sample article into this test's library, as the default one has it from the start."""
    settings = Settings(library=library)
    with Assistant(settings, open_store(settings, embedder), embedder, reader) as opened:
        opened.add_file(SAMPLE)


@pytest.fixture
def quick(library: Path) -> Iterator[Callable[..., Assistant]]:
    """Opens assistants whose embedder and reader are fakes, on this test's library; closes them."""
    opened: list[Assistant] = []

    def open_quick(reader: Reader | None = None, embedder: Embedder | None = None, **changes: object) -> Assistant:
        embedder = embedder or WordEmbedder()
        language_model = changes.pop("chat_model", None)
        settings = Settings(**{"library": library, "busy_timeout_seconds": 0.2, **changes})  # type: ignore[arg-type]
        store = open_store(settings, embedder)
        opened.append(Assistant(settings, store, embedder, reader or ScriptedReader(), language_model))  # type: ignore[arg-type]
        return opened[-1]

    yield open_quick
    for assistant in opened:
        assistant.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of this process; where none can be started, tests are skipped, but in CI they fail."""
    from postgres_server import NoServerError, running_server

    try:
        with running_server() as server:
            yield server
    except NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL cannot be started: {error}")
        pytest.skip(f"PostgreSQL cannot be started: {error}")


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[DatabaseAddress]:
    """The address of an empty database of this test's own."""
    from postgres_server import new_library

    with new_library(postgres_server) as address:
        yield address
