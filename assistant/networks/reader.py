"""Question + passages -> support per sentence, an answer span, the probability of no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.articles.sentences import Sentence
from assistant.networks import token_windows
from assistant.networks.kept import Kept, digest_of
from assistant.networks.onnx_model import MODELS, open_model
from assistant.networks.scores import logistic
from assistant.networks.token_windows import FAR, Logits, Span, TokenisedPassage

# A word or two a token is ample; the tokenizer reads the whole text before it can be cut.
MAX_CHARACTERS_A_TOKEN = 40

# Where the best span cannot be the answer by its words, so many next ones are looked at, if they are not much worse.
N_SPANS = 20
MAX_STEP_DOWN = 6.0

Allows = Callable[[str], bool]
"""Tells whether words may be the answer to a question."""

Model = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[Logits, float]]


def anything(_: str) -> bool:
    """Returns that any words may be the answer."""
    return True


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one article that the reader sees together.

    Attributes:
        article_id: the article's id.
        text: the article's text from the first sentence's start to the last one's end.
        sentences: at least one, in article order; offsets count from the article's start.
    """

    article_id: str
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one passage.

    Attributes:
        passage: the passage read.
        support: for each sentence of the passage, the probability that it helps to answer; 0 to 1.
        span: article offsets (start, end) of the best short answer, None if there is none.
        span_score: logit of the best span minus that of "no answer"; comparable across passages.
        no_answer: probability that the passage does not answer the question; 0 to 1.
    """

    passage: Passage
    support: tuple[float, ...]
    span: tuple[int, int] | None
    span_score: float
    no_answer: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """What stands in front of every passage, and what may be the answer.

    Attributes:
        ids: token ids: the first one of all, the end of the history, a separator, the question, a separator.
        allows: tells whether words may be the answer.
    """

    ids: list[int]
    allows: Allows


class Reader(Protocol):
    """Reads passages for a question."""

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        history: Sequence[tuple[str, str]] = (),
        allows: Allows = anything,
    ) -> list[Reading]:
        """Returns one reading for each passage, in their order; each is the same alone or among others.

        Of the likeliest short answers it gives the first whose words `allows` lets pass.
        """
        ...


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become probabilities; fitted on held-back training articles, kept in `reader.json`.

    Attributes:
        support: (scale, offset) of a sentence's support logit.
        no_answer: weights of `WindowReading.features`, then an offset.
        threshold: refuse where `no_answer` is above it.
        window_tokens, question_tokens, history_tokens: most tokens of a window, and of its parts.
    """

    support: tuple[float, float]
    no_answer: tuple[float, ...]
    threshold: float
    window_tokens: int = 192
    question_tokens: int = 64
    history_tokens: int = 48

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> Calibration:
        """Returns the calibration in a manifest."""
        fields = dict(manifest["calibration"])
        return cls(**fields | {name: tuple(fields[name]) for name in ("support", "no_answer")})


@dataclass(frozen=True, slots=True)
class WindowReading:
    """What the model made of one window.

    Attributes:
        support: support logit of each sentence of the passage, `FAR` for those outside the window.
        span: the best span, None if there is none.
        features: logit of no answer, score of the best span.
    """

    support: Logits
    span: Span | None
    features: tuple[float, float]


class OnnxReader:
    """The shipped reader: one encoder over question and passage, int8, on onnxruntime.

    Windows go through the model one a call, spread over threads, so that a passage reads the same alone or among
    others. A passage longer than the window is read in overlapping windows: a sentence gets its highest support, the
    passage its best span and its lowest probability of no answer.

    Args:
        model: (ids, types), each (1, tokens) -> token logits (tokens, 4: start, end, support, mismatch) and the
            logit of no answer.
        tokenizer: of the model, neither padding nor truncating.
        calibration: how logits become probabilities.
        n_threads: windows read at a time.
        warm: makes the model ready before its first call.
        n_kept: windows whose logits are kept for when the same question meets the same words again.
    """

    def __init__(
        self,
        model: Model,
        tokenizer: Any,
        calibration: Calibration,
        n_threads: int = 2,
        warm: Callable[[], None] = lambda: None,
        n_kept: int = 0,
    ) -> None:
        self.calibration = calibration
        self._kept: Kept[tuple[Logits, float]] = Kept(n_kept)
        self._warm = warm
        self.tokenizer = tokenizer
        self._first, self._separator = token_windows.ends_of(tokenizer)
        self._model = model
        # One pool for all questions: they take turns at the cores instead of crowding them.
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="reader")

    @classmethod
    def load(cls, n_threads: int = 2, folder: Path = MODELS, n_kept: int = 0) -> OnnxReader:
        """Returns the reader, its files checked by SHA-256.

        Raises:
            ModelError: if a file is missing or not the one expected.
        """
        manifest, session, tokenizer = open_model("reader", folder)
        return cls(partial(run_session, session), tokenizer, Calibration.of(manifest), n_threads, session.warm, n_kept)

    def warm(self) -> None:
        """Opens the network now, else it is with the first question."""
        self._warm()

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        history: Sequence[tuple[str, str]] = (),
        allows: Allows = anything,
    ) -> list[Reading]:
        """Returns one reading for each passage, in their order; each is the same alone or among others.

        Of the likeliest short answers it gives the first whose words `allows` lets pass.
        """
        prompt = self.prompt(question, history, allows)
        tokens = [self._tokenise(passage) for passage in passages]
        room = self.calibration.window_tokens - len(prompt.ids) - 1
        jobs = [
            (number, part)
            for number, passage in enumerate(tokens)
            for part in token_windows.windows(passage.bounds, room)
        ]
        if len(jobs) > 1:
            results = list(self._pool.map(lambda job: self._read_window(prompt, tokens[job[0]], *job[1]), jobs))
        else:
            results = [self._read_window(prompt, tokens[number], *part) for number, part in jobs]
        grouped: list[list[WindowReading]] = [[] for _ in passages]
        for (number, _), result in zip(jobs, results, strict=True):
            grouped[number].append(result)
        return [self._merge(passage, parts) for passage, parts in zip(passages, grouped, strict=True)]

    def prompt(self, question: str, history: Sequence[tuple[str, str]] = (), allows: Allows = anything) -> Prompt:
        """Returns what every passage is read with."""
        limits = self.calibration
        ids = [self._first]
        if history:
            turns = " ".join(f"{asked} {answered}" for asked, answered in history)
            turns = turns[-limits.history_tokens * MAX_CHARACTERS_A_TOKEN :]
            ids += [*self._ids(turns)[-limits.history_tokens :], self._separator]
        asked = question[: limits.question_tokens * MAX_CHARACTERS_A_TOKEN]
        ids += [*self._ids(asked)[: limits.question_tokens], self._separator]
        return Prompt(ids, allows)

    def window_readings(self, prompt: Prompt, passage: Passage) -> list[WindowReading]:
        """Returns the raw readings of a passage's windows, for calibration and measurement."""
        tokens = self._tokenise(passage)
        room = self.calibration.window_tokens - len(prompt.ids) - 1
        return [self._read_window(prompt, tokens, *part) for part in token_windows.windows(tokens.bounds, room)]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _tokenise(self, passage: Passage) -> TokenisedPassage:
        origin = passage.sentences[0].start
        spans = [(s.start - origin, s.end - origin) for s in passage.sentences]
        return token_windows.tokenise(self.tokenizer, passage.text, spans)

    def _read_window(self, prompt: Prompt, passage: TokenisedPassage, first: int, last: int) -> WindowReading:
        n_head = len(prompt.ids)
        ids = np.array([[*prompt.ids, *passage.ids[first:last], self._separator]], dtype=np.int64)
        types = np.ones_like(ids)
        types[0, :n_head] = 0
        logits, no_answer = self._kept.get(digest_of(ids.tobytes(), types.tobytes()), lambda: self._model(ids, types))
        inside = logits[n_head : n_head + last - first]
        sentence = passage.sentence[first:last]
        support = token_windows.sentence_logits(inside[:, 2], sentence, len(passage.bounds))
        null = float(logits[0, 0] + logits[0, 1])
        found = token_windows.best_spans(inside[:, 0], inside[:, 1], sentence, null, N_SPANS)
        if not found:
            return WindowReading(support, None, (no_answer, FAR))
        spans = [self._span(passage, first, int(sentence[a]), a, b, score) for a, b, score in found]
        fitting = (s for s in spans if prompt.allows(passage.text[s.start : s.end]))
        span = next(fitting, spans[0])
        if spans[0].score - span.score > MAX_STEP_DOWN:
            span = spans[0]
        return WindowReading(support, span, (no_answer, span.score))

    def _span(self, passage: TokenisedPassage, offset: int, sentence: int, first: int, last: int, score: float) -> Span:
        low, high = passage.starts[passage.bounds[sentence][0]], passage.ends[passage.bounds[sentence][1] - 1]
        start, end = passage.starts[offset + first], passage.ends[offset + last]
        return Span(*token_windows.whole_words(passage.text, start, end, low, high), score)

    def _merge(self, passage: Passage, parts: Sequence[WindowReading]) -> Reading:
        spans = [part.span for part in parts if part.span is not None]
        if not spans:
            return Reading(passage, (0.0,) * len(passage.sentences), None, FAR, 1.0)
        scale, offset = self.calibration.support
        logits = np.max([part.support for part in parts], axis=0)
        best = max(spans, key=lambda span: span.score)
        origin = passage.sentences[0].start
        return Reading(
            passage=passage,
            support=tuple(logistic(scale * float(logit) + offset) for logit in logits),
            span=(origin + best.start, origin + best.end),
            span_score=best.score,
            no_answer=min(self.probability_of_no_answer(part.features) for part in parts),
        )

    def probability_of_no_answer(self, features: Sequence[float]) -> float:
        """Returns the calibrated probability that a window with these features has no answer."""
        *weights, offset = self.calibration.no_answer
        return logistic(sum(w * f for w, f in zip(weights, features, strict=True)) + offset)


def run_session(session: Any, ids: NDArray[np.int64], types: NDArray[np.int64]) -> tuple[Logits, float]:
    """Returns the token logits (tokens, 4) and the logit of no answer of one window, of networks with types or without."""
    given = {"input_ids": ids, "token_type_ids": types}
    tokens, passage = session.run(None, {node.name: given[node.name] for node in session.get_inputs()})
    return tokens[0], float(passage.flat[0])
