"""Where the time goes: adding an article and asking, stage by stage, and how far the networks are from what the cores can do.

    python -m benchmarks.stages [--sentences 2000] [--repeat 5]

Each stage is timed as it runs in the product. "Of a plain product" is the share of the multiply-adds that a network needs, a second, in
those of one large matrix product on onnxruntime with as many threads: float32, and int8 where the network computes in int8.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from assistant.articles.article import make_article
from assistant.articles.sentences import split_sentences
from assistant.assistant import Assistant
from assistant.library.open_library import open_store
from assistant.networks.embeddings import Embedder, OnnxEmbedder, Progress, Vectors
from assistant.networks.onnx_model import MODELS, open_tokenizer, tokenizer_path
from assistant.networks.reader import Allows, OnnxReader, Passage, Reader, Reading, anything
from assistant.settings import Settings, shipped
from assistant.speech.speakers import attribute_speakers
from benchmarks import print_machine
from benchmarks.ask_speed import QUESTIONS
from benchmarks.embedding_speed import N_THREADS, sentences

ROWS, WIDTH, INNER = 256, 384, 1536  # of the plain product, a feed-forward layer of the networks


class Clock:
    """Seconds of each stage, one within another counted for both."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Adds the seconds inside to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - started


class TimedEmbedder(Embedder):
    """An embedder whose time and tokens are counted."""

    def __init__(self, inner: Embedder, clock: Clock) -> None:
        self._inner, self._clock = inner, clock
        self.fingerprint, self.dimension = inner.fingerprint, inner.dimension

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns the inner embedder's vectors."""
        with self._clock.of("embedding"):
            return self._inner.embed(texts, progress)


class TimedReader(Reader):
    """A reader whose time is counted, and its windows' words."""

    def __init__(self, inner: Reader, clock: Clock) -> None:
        self._inner, self._clock = inner, clock
        self.texts: list[str] = []

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        history: Sequence[tuple[str, str]] = (),
        allows: Allows = anything,
    ) -> list[Reading]:
        """Returns the inner reader's readings."""
        self.texts += [f"{question} {passage.text}" for passage in passages]
        with self._clock.of("reader"):
            return self._inner.read(question, passages, history, allows)


def main() -> None:
    """Prints both profiles and the distance to the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print_machine()
    plain = {kind: plain_product(kind) for kind in ("int8", "float32")}
    for kind, rate in plain.items():
        print(f"plain product, {kind}, {N_THREADS} threads: {rate:.0f} thousand million multiply-adds a second")
    embedder, reader = OnnxEmbedder.load(N_THREADS), OnnxReader.load(N_THREADS)
    embedder.embed(sentences(20, None))
    with tempfile.TemporaryDirectory() as folder:
        profile_adding(options.sentences, embedder, reader, Path(folder) / "add", plain["int8"])
        profile_asking(options.repeat, embedder, reader, Path(folder) / "ask", plain["float32"])


def profile_adding(n: int, embedder: Embedder, reader: Reader, folder: Path, plain: float) -> None:
    """Adds an article of n sentences, and prints what each stage took."""
    texts = sentences(n, None)
    text = "\n\n".join(" ".join(texts[at : at + 5]) for at in range(0, n, 5))
    alone = Clock()
    with alone.of("sentences"):
        split = split_sentences(make_article(text).text)
    with alone.of("speakers"):
        attribute_speakers(text, split)
    clock = Clock()
    settings = Settings(library=folder, n_threads=N_THREADS)
    timed = TimedEmbedder(embedder, clock)
    with Assistant(settings, open_store(settings, timed), timed, reader) as assistant, clock.of("all"):
        added = assistant.add(text)
    whole = clock.seconds["all"]
    print(f"\nadd, {len(added.sentences)} sentences: {whole:.1f} s, {len(added.sentences) / whole:.0f} a second")
    parts = {**alone.seconds, "embedding": clock.seconds["embedding"]}
    parts["tokens, within embedding"] = tokenising([s.text for s in added.sentences], "embedder")
    parts["the rest: storing"] = whole - sum(alone.seconds.values()) - clock.seconds["embedding"]
    show(parts, whole, 1)
    n_tokens = count_tokens([s.text for s in added.sentences], "embedder")
    limit("embedder", n_tokens, clock.seconds["embedding"], plain)


def profile_asking(repeat: int, embedder: Embedder, reader: Reader, folder: Path, plain: float) -> None:
    """Asks on the sample article, and prints what each step took."""
    clock = Clock()
    timed, reading = TimedEmbedder(embedder, clock), TimedReader(reader, clock)
    settings = Settings(library=folder, n_threads=N_THREADS)
    with Assistant(settings, open_store(settings, timed), timed, reading) as assistant:
        assistant.add_file(next(shipped("articles").glob("*.txt")))
        for question in QUESTIONS:
            assistant.ask(question)
        assistant.steps = {name: _timed(f"step {name}", step, clock) for name, step in assistant.steps.items()}
        clock.seconds.clear()
        reading.texts.clear()
        for _ in range(repeat):
            for question in QUESTIONS:
                with clock.of("all"):
                    assistant.ask(question)
    n_asked = repeat * len(QUESTIONS)
    whole = clock.seconds.pop("all")
    print(f"\nask, {n_asked} questions on the sample article: mean {1000 * whole / n_asked:.0f} ms")
    steps = sum(seconds for name, seconds in clock.seconds.items() if name.startswith("step "))
    show({**clock.seconds, "the rest: between the steps": whole - steps}, whole, n_asked)
    limit("reader", count_tokens(reading.texts, "reader"), clock.seconds["reader"], plain)


def _timed(name: str, step: Callable[[Any], Any], clock: Clock) -> Callable[[Any], Any]:
    def run(inquiry: Any) -> Any:
        with clock.of(name):
            return step(inquiry)

    return run


def show(parts: dict[str, float], whole: float, n: int) -> None:
    """Prints what each part took of the whole, the longest first."""
    for name, seconds in sorted(parts.items(), key=lambda part: -part[1]):
        print(f"  {name:<28} {1000 * seconds / n:9.1f} ms {100 * seconds / whole:5.1f} %")


def limit(model: str, n_tokens: int, seconds: float, plain: float) -> None:
    """Prints how much of a plain matrix product a network gets out of the cores."""
    each = multiply_adds(MODELS / f"{model}.onnx")
    rate = each * n_tokens / seconds / 1e9
    print(
        f"  {model}: {each / 1e6:.1f} million multiply-adds a token, {n_tokens} tokens: {rate:.0f} thousand million a second, "
        f"{100 * rate / plain:.0f} % of a plain product"
    )


def multiply_adds(path: Path) -> int:
    """Returns the multiply-adds of a network's linear layers for one token; attention adds a twentieth at a hundred tokens."""
    graph = onnx.load(path).graph
    sizes = {tensor.name: numpy_helper.to_array(tensor).size for tensor in graph.initializer if len(tensor.dims) == 2}
    # Weights are unfolded, turned or scaled before they are multiplied with.
    kept = {
        node.output[0]: list(node.input)
        for node in graph.node
        if node.op_type in ("DequantizeLinear", "Transpose", "Cast", "Mul")
    }

    def size_of(name: str) -> int:
        return sizes.get(name) or max(map(size_of, kept.get(name, ())), default=0)

    products = ("MatMul", "Gemm", "MatMulInteger", "DynamicQuantizeMatMul")
    return sum(max(map(size_of, node.input)) for node in graph.node if node.op_type in products)


def count_tokens(texts: Sequence[str], model: str) -> int:
    """Returns how many tokens texts are to a model."""
    tokenizer = open_tokenizer(tokenizer_path(model))
    return sum(len(tokenizer.encode(text).ids) for text in texts)


def tokenising(texts: Sequence[str], model: str) -> float:
    """Returns the seconds that it takes to cut texts into tokens, with as many threads as embedding has."""
    started = time.perf_counter()
    count_tokens(texts, model)
    return (time.perf_counter() - started) / N_THREADS


def plain_product(kind: str, seconds: float = 1.0) -> float:
    """Returns thousand millions of multiply-adds a second of one matrix product, in as many threads as embedding has."""
    types: dict[str, tuple[int, Any, str]] = {
        "int8": (TensorProto.INT8, np.int8, "MatMulInteger"),
        "float32": (TensorProto.FLOAT, np.float32, "MatMul"),
    }
    tensor, dtype, operator = types[kind]
    first = TensorProto.UINT8 if kind == "int8" else tensor
    weights = np.ones((WIDTH, INNER), dtype)
    graph = helper.make_graph(
        [helper.make_node(operator, ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", first, [ROWS, WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.INT32 if kind == "int8" else tensor, [ROWS, INNER])],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    given = {"x": np.ones((ROWS, WIDTH), np.uint8 if kind == "int8" else dtype)}
    counts = [0] * N_THREADS
    until = time.perf_counter() + seconds

    def work(place: int) -> None:
        while time.perf_counter() < until:
            session.run(None, given)
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(N_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) * ROWS * WIDTH * INNER / seconds / 1e9


if __name__ == "__main__":
    main()
