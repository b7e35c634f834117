"""The steps, each done by every peer in turn, so that what else the machine does slows all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.networks.embeddings import load_embedder
from benchmarks.peers.protocol import N_WARM
from benchmarks.peers.running import Limits, Outcome, run
from benchmarks.peers.texts import Asked, PeerArticle, made_articles, made_questions, recall, write

K = 5
N_STARTS = 3
N_QUESTIONS = 200
N_BASE = 1000  # sentences that libraries of ready-made vectors are copied from


@dataclass(frozen=True, slots=True)
class Contender:
    """One column of the table.

    Attributes:
        name: by which it is chosen.
        title: by which it is shown.
        module: its module, which speaks the protocol.
        environment: name of its environment and its pinned packages, "" for the one that runs this.
        options: what its module is given beside the library.
        note: what a reader has to know of how it was measured.
        path: added to where its Python looks for modules.
    """

    name: str
    title: str
    module: str
    environment: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured, on how much.

    Attributes:
        sentences: that are added.
        sizes: sentences of libraries of ready-made vectors, in ascending order.
        clients: how many ask at once.
        public: passages and questions whose supporting sentences are known; None without them.
        model: folder of the model in full precision.
        seconds: how long clients ask, and at most all questions of one after another.
    """

    sentences: int
    sizes: tuple[int, ...]
    clients: tuple[int, ...]
    public: tuple[list[PeerArticle], list[Asked]] | None
    model: Path
    limits: Limits
    threads: int = 2
    seconds: float = 10.0
    starts: int = N_STARTS


Figures = dict[str, float]
"""Values by the key of their measure: see `table.py`."""


@dataclass(slots=True)
class Measured:
    """What one contender gave, and why it gave no more."""

    figures: Figures = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


PythonOf = Callable[[Contender], Path | str]
"""Returns the Python that runs a contender."""
Say = Callable[[str], None]


def measure(contenders: Sequence[Contender], wanted: Wanted, python_of: PythonOf, say: Say) -> dict[str, Measured]:
    """Returns what each contender gave, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        return _Measuring(contenders, wanted, python_of, say, Path(folder)).all()


class _Measuring:
    def __init__(
        self, contenders: Sequence[Contender], wanted: Wanted, python_of: PythonOf, say: Say, folder: Path
    ) -> None:
        self._contenders, self._wanted, self._python_of, self._say = contenders, wanted, python_of, say
        self._folder = folder
        self._measured = {c.name: Measured() for c in contenders}
        articles = made_articles(wanted.sentences)
        self._articles = write(folder / "articles.json", articles)
        self._questions = made_questions(N_QUESTIONS, articles)
        self._missing: dict[str, str] = {}
        self._starts: dict[str, list[list[float]]] = {c.name: [] for c in contenders}

    def all(self) -> dict[str, Measured]:
        """Does every step."""
        self._each("add", self._add)
        for number in range(self._wanted.starts):
            self._each(f"start {number + 1}", self._start)
        self._each("search", self._search)
        for n_clients in self._wanted.clients:
            self._each(f"clients {n_clients}", partial(self._clients, n=n_clients))
        if self._wanted.sizes:
            texts = [line for a in made_articles(N_BASE) for line in a["sentences"]]
            write(self._folder / "texts.json", texts)
            np.save(self._folder / "vectors.npy", load_embedder("", self._wanted.threads).embed(texts))
            for size in self._wanted.sizes:
                self._each(f"size {size}", partial(self._size, n=size))
        if self._wanted.public is not None:
            write(self._folder / "public.json", self._wanted.public[0])
            self._each("quality", self._quality)
        return self._measured

    def _each(self, name: str, step: Callable[[Contender], None]) -> None:
        for contender in self._contenders:
            self._say(f"{name}: {contender.title}")
            step(contender)

    def _run(self, contender: Contender, step: str, key: str, plan: Mapping[str, Any]) -> Outcome | None:
        """Returns what a step gave; None, and the reason kept under its measure's key, where it failed."""
        failures = self._measured[contender.name].failures
        if contender.name in self._missing:
            failures[key] = self._missing[contender.name]
            return None
        try:
            python = self._python_of(contender)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are measured
            failures[key] = self._missing[contender.name] = str(error)
            return None
        whole = {
            "step": step,
            "model": str(self._wanted.model),
            "folder": str(self._folder / contender.name),
            "threads": self._wanted.threads,
            "options": dict(contender.options),
            "questions": self._questions,
            "k": K,
            "seconds": self._wanted.seconds,
            **plan,
        }
        Path(whole["folder"]).mkdir(exist_ok=True)
        environment = {"PYTHONPATH": contender.path} if contender.path else {}
        outcome = run([python, "-m", contender.module], whole, self._wanted.limits, environment)
        if outcome.failed:
            failures[key] = outcome.failed
            return None
        return outcome

    def _add(self, contender: Contender) -> None:
        outcome = self._run(contender, "add", "add", {"articles": self._articles})
        if outcome is not None:
            result, figures = outcome.result, self._measured[contender.name].figures
            figures["add.rate"] = result["n"] / result["seconds"]
            figures["add.memory"] = result["peak"]

    def _is_without_library(self, contender: Contender, key: str) -> bool:
        failures = self._measured[contender.name].failures
        if "add" in failures:
            failures[key] = "no library: see adding"
        return "add" in failures

    def _start(self, contender: Contender) -> None:
        if self._is_without_library(contender, "start"):
            return
        outcome = self._run(contender, "start", "start", {})
        if outcome is not None:
            starts = self._starts[contender.name]
            starts.append(outcome.seconds)
            opened, answered = np.median(np.array(starts), axis=0)
            figures = self._measured[contender.name].figures
            figures |= {"start.opened": float(opened), "start.answered": float(answered)}

    def _search(self, contender: Contender) -> None:
        if self._is_without_library(contender, "search"):
            return
        outcome = self._run(contender, "search", "search", {})
        if outcome is not None:
            self._times(contender, "search", outcome.result["ms"])
            self._measured[contender.name].figures["search.memory"] = outcome.result["peak"]

    def _clients(self, contender: Contender, n: int) -> None:
        key = f"clients.{n}"
        if self._is_without_library(contender, key):
            return
        outcome = self._run(contender, "clients", key, {"clients": n})
        if outcome is None:
            return
        result, measured = outcome.result, self._measured[contender.name]
        self._times(contender, key, result["ms"])
        measured.figures[f"{key}.rate"] = len(result["ms"]) / result["seconds"]
        if "locked" in result:
            measured.notes.append(f"{n} at once: behind a lock, as threads met “{result['locked']}”")
        if result["errors"]:
            measured.notes.append(f"{n} at once: {len(result['errors'])} errors, “{result['errors'][0]}”")

    def _size(self, contender: Contender, n: int) -> None:
        key = f"size.{n}"
        measured = self._measured[contender.name]
        smaller = [size for size in self._wanted.sizes if size < n and f"size.{size}" in measured.failures]
        if smaller:
            measured.failures[key] = f"not tried: see {smaller[0]:,}"
            return
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            plan = {"folder": own, "n": n, "questions": self._questions[: N_QUESTIONS // 2 + N_WARM]}
            plan |= {
                name: str(self._folder / f"{name}.{kind}") for name, kind in (("texts", "json"), ("vectors", "npy"))
            }
            outcome = self._run(contender, "size", key, plan)
        if outcome is not None:
            self._times(contender, key, outcome.result["ms"])
            measured.figures[f"{key}.rate"] = n / outcome.result["adding"]
            measured.figures[f"{key}.memory"] = outcome.result["resident"]

    def _quality(self, contender: Contender) -> None:
        if self._wanted.public is None:
            return
        asked = self._wanted.public[1]
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            plan = {
                "folder": own,
                "articles": str(self._folder / "public.json"),
                "questions": [a.question for a in asked],
            }
            outcome = self._run(contender, "quality", "quality", plan)
        if outcome is None:
            return
        figures = self._measured[contender.name].figures
        shares = [recall(f, a.support) for f, a in zip(outcome.result["found"], asked, strict=True)]
        figures["quality.recall"] = float(np.mean(shares))
        figures["quality.half"] = 1.96 * float(np.std(shares)) / len(shares) ** 0.5
        figures["quality.p50"] = float(np.median(outcome.result["ms"]))

    def _times(self, contender: Contender, key: str, milliseconds: Sequence[float]) -> None:
        if not milliseconds:
            self._measured[contender.name].failures[key] = "no question answered in time"
            return
        median, late = np.percentile(milliseconds, (50, 95))
        self._measured[contender.name].figures |= {f"{key}.p50": float(median), f"{key}.p95": float(late)}
