"""What to evaluate, in a form that a worker process can open: the assistant with settings, or a baseline."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from assistant.evaluation.baselines import NAMES, Answering, open_baseline

ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class System:
    """The assistant or a baseline.

    Attributes:
        name: "assistant", the name of a baseline (lexical, dense, first, abstain) or of a chat model.
        settings: changes to the assistant's settings, as JSON types; the library is always a temporary one.
    """

    name: str = ASSISTANT
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The system in words, for reports."""
        if self.name != ASSISTANT:
            return f"baseline {self.name}" if self.name.partition(":")[0] in NAMES else f"chat model {self.name}"
        changes = ", ".join(f"{name}={value}" for name, value in sorted(self.settings.items()))
        return f"assistant {_version()}" + (f" ({changes})" if changes else "")

    @property
    def fingerprint(self) -> str:
        """Changes with whatever may change an answer: version, settings, model weights."""
        from assistant.onnx_model import MODELS

        parts = [self.name, json.dumps(self.settings, sort_keys=True, default=str), _version()]
        manifests = (path for path in sorted(MODELS.glob("*.json")) if path.stem != "tokenizer")
        parts.extend(path.read_text(encoding="utf-8") for path in manifests)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @contextmanager
    def open(self, n_threads: int = 0) -> Iterator[Answering]:
        """Yields the system with an empty library in a temporary folder, gone afterwards.

        Args:
            n_threads: for its models; 0 for one a core.
        """
        if self.name != ASSISTANT:
            yield open_baseline(self.name, n_threads or 2)
            return
        from assistant.assistant import Assistant
        from assistant.settings import Settings

        with tempfile.TemporaryDirectory(prefix="assistant-evaluation-") as folder:
            threads = {"n_threads": n_threads} if n_threads else {}
            settings = Settings(**{**self.settings, **threads, "library": Path(folder)})
            with Assistant.open(settings) as assistant:
                yield cast(Answering, assistant)


def _version() -> str:
    try:
        return metadata.version("article-assistant")
    except metadata.PackageNotFoundError:
        return "0"
