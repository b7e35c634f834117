"""What comes back, as the description of the interface tells it.

Nothing is made by these models: `to_dict()` makes every answer, so that there is one form, and tests hold the two together.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["waiting", "running", "done", "failed", "stopped"]
"""Of an evaluation."""


class EvidenceReply(BaseModel):
    """A sentence of an article; offsets count characters of its text."""

    model_config = ConfigDict(extra="forbid")

    text: str
    article_id: str
    title: str
    start: int
    end: int
    position: int
    speaker: str
    page: int | None
    section: str
    place: str
    boxes: list[list[float]]
    url: str
    score: float


class CitationReply(EvidenceReply):
    """A sentence that an answer rests on."""

    marker: int


class SideReply(BaseModel):
    """What is said of one of several articles, or of one of two things compared; no markers where nothing is."""

    model_config = ConfigDict(extra="forbid")

    name: str
    article_ids: list[str]
    markers: list[int]


class AnswerReply(BaseModel):
    """An answer, or that the article does not say."""

    model_config = ConfigDict(extra="forbid")

    question: str
    standalone_question: str
    text: str
    short_answer: str
    short_spans: list[tuple[str, int, int]]
    citations: list[CitationReply]
    closest: list[EvidenceReply]
    sides: list[SideReply]
    confidence: float
    abstained: bool
    mode: Literal["extractive", "written"]
    reason: str
    decided_by: str
    seconds: float


class KeptAnswerReply(AnswerReply):
    """An answer, and where it is kept."""

    chat: dict[str, Any] | None = Field(
        default=None, description="where the question is kept, if a conversation was named"
    )
    turn: int | None = Field(default=None, description="its id there, for feedback")


class EvidencesReply(BaseModel):
    """Sentences, best first."""

    evidence: list[EvidenceReply]


class ArticleReply(BaseModel):
    """An article, without its text where it is one of many."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    source: str
    added: str
    author: str
    date: str | None
    tags: list[str]
    url: str
    n_sentences: int
    n_words: int
    n_pages: int
    notes: list[str] | None = None
    text: str | None = None
    sentences: list[dict[str, Any]] | None = None


class ArticlesReply(BaseModel):
    """A part of the list; `next` is the cursor of the one after it, null at the end."""

    articles: list[ArticleReply]
    n_articles: int
    next: str | None


class EvaluationReply(BaseModel):
    """An evaluation: how far it is; its results, once it is done; what went wrong, if it has failed."""

    model_config = ConfigDict(extra="forbid")

    id: str
    questions: str = Field(description="the name of the set")
    n_questions: int
    compare: str
    started: str
    state: State
    done: int
    total: int = Field(description="questions to be asked, of what is run beside as well")
    problem: dict[str, str] | None = Field(default=None, description="`code` and `detail`, as of a problem")
    results: dict[str, Any] | None = Field(default=None, description="what `assistant evaluate` writes to results.json")


class EvaluationsReply(BaseModel):
    """The caller's evaluations, the last one first."""

    evaluations: list[EvaluationReply]


class ProblemReply(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str = ""
    errors: list[dict[str, str]] = []
