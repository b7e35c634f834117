"""One question on its way through the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.answering.signs import Plan, Several, Signs
from assistant.articles.article import clean
from assistant.errors import ArticleError, AssistantError
from assistant.finding.ranking import Ranked
from assistant.finding.search import Candidate, Evidence
from assistant.library.filter import Filter
from assistant.library.store import Store
from assistant.networks.reader import Reader, Reading
from assistant.question.follow_ups import History, StandAlone
from assistant.question.intent import Intent
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.networks.embeddings import Embedder


MAX_TURN_CHARACTERS = 10_000  # of a question or an answer before
MAX_TURNS_KEPT = 20


@dataclass(frozen=True)
class Parts:
    """What the steps work with.

    Attributes:
        store: the library.
        embedder: makes the vectors of questions.
        reader: reads passages.
        settings: as they are now.
        open_language_model: gives the optional model.
        off: names of rules that are passed over, to see what they are worth; see `answering.decision`.
    """

    store: Store
    embedder: Embedder
    reader: Reader
    settings: Settings
    open_language_model: Callable[[], BaseChatModel]
    off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Inquiry:
    """One question on its way through the chain; each step adds what it found.

    Attributes:
        parts: store, models and settings.
        question: as asked.
        history: earlier (question, answer) turns, oldest first.
        article_ids: only these articles; None for all.
        chosen: what chose them besides.
        standalone: the question as understood, with what it takes from the turns before.
        intent: what kind of question it is.
        several: what is asked of several articles or two sides, and then what they have; None for any other question.
        candidates: what search found, best first.
        readings: what the reader made of the best passages.
        by_themselves: what it made of the likeliest sentences, each without those around it.
        ranked: the candidates after reading, best first.
        signs: what shows in the question and in what was read.
        answer: what will be said.
    """

    parts: Parts
    question: str
    history: History = ()
    article_ids: tuple[str, ...] | None = None
    chosen: Filter = field(default_factory=Filter)
    standalone: StandAlone = field(default_factory=lambda: StandAlone(""))
    intent: Intent = field(default_factory=lambda: Intent("nothing"))
    several: Plan | Several | None = None
    candidates: tuple[Candidate, ...] = ()
    readings: tuple[Reading, ...] = ()
    by_themselves: tuple[Reading, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    signs: Signs | None = None
    answer: Answer | None = None

    @property
    def asked(self) -> str:
        """The question as understood, without what is added of the turns before."""
        return self.standalone.text

    def evidence(self) -> list[Evidence]:
        """Returns the sentences that were found to help, best first: those of several sides, or as they are ranked."""
        if isinstance(self.several, Several):
            return sorted((e for side in self.several.sides for e in side.evidence), key=lambda e: -e.score)
        return [r.evidence() for r in self.ranked]


def question_of(question: object, max_characters: int) -> str:
    """Returns a question as the chain takes it, its middle left out where it is too long: what is asked stands at an end.

    Raises:
        AssistantError: if it is no text.
    """
    if not isinstance(question, str):
        raise AssistantError(f"The question is {question!r:.80}, expected a text.")
    question = clean(question)
    if len(question) <= max_characters:
        return question
    half = max_characters // 2
    return f"{question[:half]} … {question[-half:]}"


def history_of(history: object) -> History:
    """Returns the last turns as the chain takes them.

    Raises:
        AssistantError: if they are no pairs of texts.
    """
    if not isinstance(history, Iterable) or isinstance(history, str | bytes | Mapping):
        raise AssistantError(f"The history is {history!r:.80}, expected (question, answer) pairs, oldest first.")
    turns = []
    for turn in history:
        if (
            not isinstance(turn, Sequence)
            or isinstance(turn, str | bytes)
            or [type(part) for part in turn] != [str] * 2
        ):
            raise AssistantError(
                f"A turn of the history is {turn!r:.80}, expected a question and an answer, both texts."
            )
        turns.append((question_of(turn[0], MAX_TURN_CHARACTERS), question_of(turn[1], MAX_TURN_CHARACTERS)))
    return tuple(turns[-MAX_TURNS_KEPT:])


def article_ids_of(article: object) -> tuple[str, ...] | None:
    """Returns the ids that an article argument holds: one, several, or None for all.

    Raises:
        ArticleError: if it is neither.
    """
    if article is None:
        return None
    several = (
        article if isinstance(article, Iterable) and not isinstance(article, str | bytes | Mapping) else (article,)
    )
    ids = tuple(several)
    for one in ids:
        if not isinstance(one, str):
            raise ArticleError(f"An article id is {one!r:.80}, expected a text; None stands for all articles.")
    return tuple(clean(one) for one in ids)


def known_ids_of(article: object, store: Store) -> tuple[str, ...] | None:
    """Returns the ids that an article argument holds, as `article_ids_of`, all of them of the library.

    Raises:
        ArticleError: if it is neither, or one is of no article.
    """
    ids = article_ids_of(article)
    known = {entry.id for entry in store.contents()} if ids else set()
    for article_id in ids or ():
        if article_id not in known:
            raise ArticleError(
                f"There is no article {article_id!r} in the library. `assistant list` shows what there is.", "missing"
            )
    return ids


def chosen_ids_of(article: object, chosen: Filter, store: Store) -> tuple[str, ...] | None:
    """Returns the ids that an article argument holds, without those that a filter leaves out. Raises as `known_ids_of`."""
    ids = known_ids_of(article, store)
    if chosen == Filter():
        return ids
    return tuple(entry.id for entry in store.contents() if chosen.fits(entry) and (ids is None or entry.id in ids))
