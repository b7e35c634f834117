"""A question set: questions, what a right answer is, and the articles they are asked of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

Span = tuple[int, int]
"""Character offsets into the article's text, end exclusive."""

Need = tuple[Span, ...]
"""Something an answer must show: any one of these sentences does."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what a right answer to it is.

    Attributes:
        id: unique in its set.
        kind: groups figures; "" if the set has no kinds.
        tags: group figures too; a question may have several.
        is_draft: whether nobody has looked through it yet.
        text: the question.
        history: earlier turns, (question, answer), oldest first.
        article_id: the article it is asked of.
        answers: accepted short answers; empty where none is expected or the article does not answer.
        needs: what the cited sentences must show; empty if not labelled.
        also: sentences that are neither right nor wrong.
        answerable: whether the article answers.
    """

    id: str
    text: str
    article_id: str
    answerable: bool
    answers: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    also: tuple[Span, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    tags: tuple[str, ...] = ()
    is_draft: bool = False

    @property
    def has_short_answer(self) -> bool:
        """Whether exact match and F1 apply: a short answer is labelled, or a refusal is."""
        return bool(self.answers) or not self.answerable


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article of a question set.

    Attributes:
        id: hash of the text, as in the library.
        title: "" if none is given.
        text: normalised, as the library keeps it.
    """

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class QuestionSet:
    """Questions with their articles.

    Attributes:
        name: of the file, without folder and suffix.
        questions: in the order of the file.
        articles: by id.
        digest: SHA-256 of the file and its articles: change a label or an article and it changes.
        derived_needs: whether the needed sentences are not labelled but those that hold an accepted answer.
        warnings: what is likely meant otherwise, a line each, with its place.
    """

    name: str
    questions: tuple[Question, ...]
    articles: dict[str, ArticleText] = field(repr=False)
    digest: str
    derived_needs: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RetrievalSet:
    """A set in the form of BEIR: documents, queries and judgements of which documents are relevant.

    Attributes:
        name: of the folder.
        documents: by id.
        queries: by id; only those with a judgement.
        judgements: by query id, the grade of each judged document.
    """

    name: str
    documents: dict[str, ArticleText] = field(repr=False)
    queries: dict[str, str] = field(repr=False)
    judgements: dict[str, dict[str, int]] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of queries, judgements and documents."""
        whole = [self.queries, self.judgements, {i: d.text for i, d in self.documents.items()}]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
