"""Opening a shipped ONNX model: files checked against their manifest, one thread a call."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from assistant.errors import ModelError

MODELS = Path(__file__).parents[1] / "models"


@runtime_checkable
class Warmed(Protocol):
    """What is slow when it is first used, unless it was warmed before."""

    def warm(self) -> None:
        """Makes ready now what else the first use would wait for."""
        ...


class LaterSession:
    """A session of onnxruntime that is opened when it is first used; may be shared by threads.

    Half of the time in which a command starts would go into networks that it does not use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._session: Any = None

    def warm(self) -> None:
        """Opens it now. Raises ModelError as `open_session`."""
        with self._lock:
            if self._session is None:
                self._session = open_session(self._path)

    def run(self, outputs: list[str] | None, given: dict[str, Any]) -> Any:
        """Returns the outputs for what is given. Raises ModelError if it cannot be opened."""
        self.warm()
        return self._session.run(outputs, given)

    def get_inputs(self) -> Any:
        """Returns what it takes. Raises ModelError if it cannot be opened."""
        self.warm()
        return self._session.get_inputs()


class ShippedModel(NamedTuple):
    """A model that travels with the code.

    Attributes:
        manifest: what it is, and what it needs to be used.
        session: of onnxruntime.
        tokenizer: neither padding nor truncating.
    """

    manifest: dict[str, Any]
    session: LaterSession
    tokenizer: Any


def open_model(name: str, folder: Path = MODELS) -> ShippedModel:
    """Returns the model `folder/name.onnx`, its files checked by SHA-256, its session opened when it is used.

    Raises:
        ModelError: if a file is missing or not the one expected.
    """
    manifest = load_manifest(name, folder)
    return ShippedModel(manifest, LaterSession(folder / f"{name}.onnx"), open_tokenizer(tokenizer_path(name, folder)))


def tokenizer_path(name: str, folder: Path = MODELS) -> Path:
    """Returns the tokenizer of a model: its own, or the one that models of one vocabulary share."""
    own = folder / f"{name}-tokenizer.json"
    return own if own.exists() else folder / "tokenizer.json"


def load_manifest(name: str, folder: Path = MODELS) -> dict[str, Any]:
    """Returns `folder/name.json` once every file that it lists has the SHA-256 it states.

    Raises:
        ModelError: if the manifest or a file is missing, truncated or altered.
    """
    path = folder / f"{name}.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        expected: list[tuple[str, str]] = list(manifest["sha256"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The model's manifest {path} cannot be read ({error}). {_REINSTALL}") from error
    for file, digest in expected:
        try:
            given = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(
                f"The model file {folder / file} cannot be read ({error.strerror}). {_REINSTALL}"
            ) from error
        if given != digest:
            raise ModelError(
                f"The model file {folder / file} is not the one expected: its SHA-256 is {given[:12]}…, "
                f"expected {digest[:12]}…. It was truncated or altered. {_REINSTALL}"
            )
    return manifest


def models_fingerprint(folder: Path = MODELS) -> str:
    """Returns a digest of the manifests and fitted scores: what was derived with other models is out of date."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json")):
        if path.name != "tokenizer.json":  # its own digest stands in the manifests
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def open_session(path: Path) -> Any:
    """Returns an onnxruntime session that runs each call on the calling thread alone.

    Work is spread over the cores by calling from several threads: a text then gives the same numbers alone or
    among others, and no thread pool spins between questions.

    Raises:
        ModelError: if onnxruntime cannot load the file.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Memory of one long text would otherwise be kept for good.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"onnxruntime cannot load {path}: {error}. {_REINSTALL}") from error


def open_tokenizer(path: Path) -> Any:
    """Returns the tokenizer of a `tokenizer.json`, neither padding nor truncating.

    Raises:
        ModelError: if the file is not a tokenizer.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"The tokenizer {path} cannot be read: {error}. {_REINSTALL}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


_REINSTALL = (
    "Reinstall the package (pip install --force-reinstall --no-deps article-assistant), or `git checkout` the file."
)
