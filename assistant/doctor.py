"""Checks versions, models and library, and says what is wrong and how to mend it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from assistant.errors import AssistantError
from assistant.settings import Settings

PACKAGES = (
    "langchain-core",
    "langchain",
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "gradio",
    "sentence-transformers",
    "numpy",
)

# What the shipped embedder gave for these texts where it was exported; another processor may round a little otherwise.
TEXTS = ("The cat sat on the mat.", "A feline was resting on a rug.", "Interest rates rose sharply in March.")
MIN_COSINE = 0.98


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str
    fix: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns the finding as JSON types."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Returns what was found about versions, models, language model and library; looking changes nothing."""
    findings = [Finding("python", True, platform.python_version())]
    findings += [_package(name) for name in PACKAGES]
    findings.append(_checked("embedder", lambda: _embedder(settings)))
    findings.append(_checked("reader", lambda: _reader(settings)))
    findings.append(_checked("prompts", _prompts))
    findings.append(_checked("language model", lambda: _language_model(settings)))
    findings.append(_checked("library", lambda: _library(settings)))
    return findings


def repair(settings: Settings) -> list[str]:
    """Mends the library and returns a line on each thing that was done; [] where nothing had to be.

    Raises:
        AssistantError: if it is in use or beyond mending, or a model is missing; it is as it was then.
    """
    from assistant.library.sqlite_repair import repair_library
    from assistant.networks.embeddings import load_embedder

    embedder = load_embedder(settings.embedding_model, settings.threads)
    return repair_library(settings.folder, embedder, settings.busy_timeout_seconds)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        needed = name not in ("gradio", "sentence-transformers", "langchain")
        return Finding(name, not needed, "not installed", f"pip install {name}" if needed else "")


def _checked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except AssistantError as error:
        message, _, fix = str(error).partition(". ")
        return Finding(what, False, message + ".", fix or "See the message.")


def _embedder(settings: Settings) -> str:
    """Checks the vectors against those of full precision, which int8 misses where the processor lacks what it needs."""
    from assistant.errors import ModelError
    from assistant.networks.embeddings import load_embedder
    from assistant.networks.onnx_model import load_manifest

    embedder = load_embedder(settings.embedding_model, settings.threads)
    if settings.embedding_model:
        return f"{embedder.fingerprint}, {embedder.dimension} dimensions"
    expected = np.array(load_manifest("embedder")["self_check"]["cosines"])
    vectors = embedder.embed(list(TEXTS))
    given = (vectors @ vectors.T)[np.triu_indices(len(TEXTS), 1)]
    worst = float(np.abs(given - expected).max())
    if worst > 1 - MIN_COSINE:
        raise ModelError(
            f"The embedder gives other vectors on this processor: a cosine is off by {worst:.3f}, at most "
            f"{1 - MIN_COSINE:.2f} is expected. Set ASSISTANT_EMBEDDING_MODEL=sentence-transformers/all-MiniLM-L6-v2 to use the full model."
        )
    return f"{embedder.fingerprint}, {embedder.dimension} dimensions, cosines within {worst:.3f} of full precision"


def _reader(settings: Settings) -> str:
    from assistant.networks.reader import OnnxReader

    OnnxReader.load(settings.threads)
    return "weights as expected"


def _prompts() -> str:
    from assistant.answering.prompts import VARIABLES, load_prompt

    for name in VARIABLES:
        load_prompt(name)
    return f"{len(VARIABLES)} checked"


def _language_model(settings: Settings) -> str:
    if not settings.language_model:
        return "off (answers are the article's own sentences)"
    from assistant.answering.writer import open_language_model

    open_language_model(settings.language_model)
    return f"{settings.language_model} can be opened"


def _library(settings: Settings) -> str:
    from assistant.library.open_library import check

    return check(settings)
