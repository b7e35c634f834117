"""Optional: a language model rephrases the cited sentences; every sentence it writes is checked against them."""

from __future__ import annotations

import contextvars
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer import NO_ANSWER, Answer, Citation
from assistant.answering.prompts import load_prompt
from assistant.english.names import names
from assistant.english.words import content_words
from assistant.errors import AssistantError, LanguageModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Share of a written sentence's content words that its cited sentences must hold.
MIN_SHARE_FOUND = 0.5

# Providers whose package is an extra of ours.
EXTRAS = {"ollama": "ollama"}

_MARKERS = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_WRITTEN = re.compile(r"\S.*?(?:[.!?…][\"'”’)]*(?:\s*\[[\d,\s]+\])+|[.!?…][\"'”’)]*(?=\s|$)|$)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def open_language_model(name: str) -> BaseChatModel:
    """Returns the chat model that LangChain's `init_chat_model` opens by this name, for example "openai:gpt-5-mini".

    Raises:
        LanguageModelError: if its package or key is missing, or there is no such model.
    """
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name, temperature=0)
    except ImportError as error:
        raise LanguageModelError(
            f"The language model {name!r} cannot be opened: {missing_package(name, error)}"
        ) from error
    except Exception as error:
        raise LanguageModelError(
            f"The language model {name!r} cannot be opened: {error} Give a name such as 'openai:gpt-5-mini' or "
            "'ollama:llama3.2', install its LangChain package and set its key; or leave the language model off."
        ) from error


def missing_package(name: str, error: ImportError) -> str:
    """Returns what to install for a chat model whose package is missing: our extra, or else what LangChain says."""
    extra = EXTRAS.get(name.partition(":")[0], "")
    if not extra:
        return f"{error} Or leave the language model off."
    return (
        f"it needs a package that is not installed. pip install 'article-assistant[{extra}]', in a checkout "
        f"pip install -c constraints.txt -e '.[{extra}]'; or leave the language model off."
    )


def write(answer: Answer, open_model: Callable[[], BaseChatModel], timeout_seconds: float) -> Answer:
    """Returns the answer rephrased by a language model, or the extractive answer with the reason why not.

    Args:
        answer: an extractive answer with citations; a refusal is returned as it is, and what has sides, which would be mixed.
        open_model: gives the chat model.
        timeout_seconds: how long to wait for it.
    """
    if answer.abstained or not answer.citations or answer.sides:
        return answer
    try:
        text = _within(timeout_seconds, lambda: _invoke(answer, open_model()))
        return checked(answer, text)
    except AssistantError as error:
        return replace(answer, reason=f"Shown in the article's own words: {error}")


def checked(answer: Answer, text: str) -> Answer:
    """Returns the written answer, its citations numbered anew.

    Raises:
        LanguageModelError: if a sentence cites nothing, or says what the sentences it cites do not.
    """
    by_marker = {citation.marker: citation for citation in answer.citations}
    sentences: list[str] = []
    used: set[int] = set()
    for match in _WRITTEN.finditer(text.strip()):
        written = match.group().strip()
        markers = [int(n) for group in _MARKERS.findall(written) for n in group.split(",")]
        plain = " ".join(_MARKERS.sub("", written).split()).replace(" .", ".")
        if plain.rstrip(".") == NO_ANSWER.rstrip("."):
            raise LanguageModelError("the language model found no answer in the cited sentences.")
        _check_sentence(plain, markers, by_marker)
        sentences.append(plain)
        used.update(markers)
    if not sentences:
        raise LanguageModelError("the language model wrote nothing.")
    kept = tuple(replace(c, marker=n) for n, c in enumerate((by_marker[m] for m in sorted(used)), start=1))
    return replace(answer, text=" ".join(sentences), citations=kept, mode="written", reason="")


def _check_sentence(plain: str, markers: Sequence[int], by_marker: dict[int, Citation]) -> None:
    if not any(character.isalnum() for character in plain):
        raise LanguageModelError("the language model wrote a marker without a sentence.")
    if not markers:
        raise LanguageModelError("the language model wrote a sentence that cites nothing.")
    unknown = [marker for marker in markers if marker not in by_marker]
    if unknown:
        raise LanguageModelError(f"the language model cited [{unknown[0]}], which is none of the sentences given.")
    cited = " ".join(f"{by_marker[m].sentence.text} {by_marker[m].sentence.speaker}" for m in markers)
    missing = set(_NUMBER.findall(plain)) - set(_NUMBER.findall(cited))
    if missing:
        raise LanguageModelError(f"the language model wrote {sorted(missing)[0]!r}, which its citations do not hold.")
    found = set(content_words(cited))
    for name in names(plain):
        if not set(content_words(name)) <= found:
            raise LanguageModelError(f"the language model wrote {name!r}, which its citations do not hold.")
    stems = content_words(plain)
    if stems and sum(stem in found for stem in stems) / len(stems) < MIN_SHARE_FOUND:
        raise LanguageModelError("the language model wrote a sentence that its citations do not support.")


def _invoke(answer: Answer, model: BaseChatModel) -> str:
    sentences = "\n".join(f"[{c.marker}] {' '.join(c.sentence.text.split())}" for c in answer.citations)
    messages = load_prompt("answer").invoke({"question": answer.standalone_question, "sentences": sentences})
    try:
        return str(model.invoke(messages).text)
    except Exception as error:
        raise LanguageModelError(f"the language model failed ({type(error).__name__}: {error}).") from error


def _within(seconds: float, work: Callable[[], str]) -> str:
    """Returns what `work` returns, unless it takes longer; it is then left to end by itself."""
    future: Future[str] = Future()
    # The context says that nothing is traced; a thread has none of its own.
    context = contextvars.copy_context()

    def run() -> None:
        try:
            future.set_result(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            future.set_exception(error)

    # A daemon: a model that hangs must not keep the process from ending, as a pool's thread would.
    threading.Thread(target=run, name="language-model", daemon=True).start()
    try:
        return future.result(timeout=seconds)
    except FutureTimeoutError as error:
        raise LanguageModelError(f"the language model took longer than {seconds:g} seconds.") from error
