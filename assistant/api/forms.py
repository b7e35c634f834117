"""What programs may send, checked strictly; and the form of an article that they get."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.articles.article import Article
from assistant.finding.search import Evidence
from assistant.library.entry_form import entry_form
from assistant.library.filter import FilterOptions
from assistant.library.store import Entry
from assistant.settings import Carefulness

MAX_TURNS = 1000

Turn = Annotated[list[str], Field(min_length=2, max_length=2)]
Tags = str | list[str]


class Whole(BaseModel):
    """What is sent, lone surrogates replaced, as the page does; but for an article's text, which is refused with them."""

    @model_validator(mode="before")
    @classmethod
    def _replaced(cls, value: Any) -> Any:
        return whole(value)


class Sent(Whole):
    """What is sent: of the right types, and nothing that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Filtered(Sent):
    """Which articles: all that have everything given."""

    tags: Tags = Field(default=[], description="all of them; in one text, commas between")
    since: str | None = Field(default=None, description="articles of this day or later, as 2024-02-29")
    until: str | None = Field(default=None, description="articles of this day or earlier")
    author: str = Field(default="", description="stands in the author's name")
    source: str = Field(default="", description="stands in the source or the address")
    title: str = Field(default="", description="words of the title")

    def only(self) -> FilterOptions:
        """Returns the filter, as `ask` takes it."""
        return {
            "tags": self.tags,
            "since": self.since,
            "until": self.until,
            "author": self.author,
            "source": self.source,
            "title": self.title,
        }


class Chosen(Filtered):
    """Which articles: those of these ids that have everything given."""

    article: str | list[str] | None = Field(default=None, description="an id, several, or null for all")


class Asked(Chosen):
    """A question, and the conversation before it."""

    question: str
    history: list[Turn] = Field(default=[], max_length=MAX_TURNS, description="[question, answer] pairs, oldest first")

    def turns(self) -> list[tuple[str, str]]:
        """Returns the history, as `ask` takes it."""
        return [(question, answer) for question, answer in self.history]


class Question(Asked):
    """A question, and how careful its answer is."""

    carefulness: Carefulness | None = Field(default=None, description="of this question; null for that of the settings")


class AskBody(Question):
    """What `ask` takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "What did Mirzoyan say?"},
                {
                    "question": "When?",
                    "history": [["What opens in May?", "The bridge opens in May."]],
                    "tags": "bridges",
                },
            ]
        }
    )

    chat: str | None = Field(
        default=None,
        description="a conversation to keep the question in, whose turns are its history; an empty text begins one",
    )


class RetrieveBody(Asked):
    """What `retrieve` takes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "What did Mirzoyan say?", "k": 3}]})

    k: int | None = Field(default=None, ge=1, le=1000, description="how many sentences; null for that of the settings")
    rerank: bool = Field(default=True, description="false for what search finds, without the reader: faster")


class Described(Sent):
    """What is said of an article; what is left out stays as it is, or as its file states it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "On bees", "tags": ["bees"], "date": "2024-02-29"}]}
    )

    title: str | None = None
    author: str | None = Field(default=None, description="an empty text takes it away")
    date: str | None = Field(default=None, description="a day as 2024-02-29; an empty text takes it away")
    tags: Tags | None = Field(default=None, description="all that it has then")


class AddBody(Described):
    """An article: its text, or the address of a page."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Ada Moss said: “The bridge opens in May.”", "title": "The bridge", "tags": ["bridges"]},
                {"url": "https://example.org/article"},
            ]
        }
    )

    text: str | None = None
    url: str | None = Field(default=None, description="fetched once, from the public web")
    source: str = Field(default="", description="where a text comes from")


class ReplaceBody(Sent):
    """The new text of an article."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The bridge opens in June."}]})

    text: str


class FeedbackBody(Sent):
    """What a reader thought of an answer that was kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"turn": 12, "rating": 1}]})

    turn: int = Field(ge=0, le=2**53, description="its id")
    rating: Literal[1, 0, -1]


class TokenBody(Sent):
    """A token to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "nightly", "scopes": ["ask"], "days": 90}]})

    name: str
    scopes: list[str] = ["ask"]
    days: int | None = None


def whole(value: Any) -> Any:
    """Returns JSON with every text such as can be written, but for those that are named `text`."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {whole(name): one if name == "text" else whole(one) for name, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list) else value


def article_form(article: Article, with_text: bool = False, with_sentences: bool = False) -> dict[str, Any]:
    """Returns what a program gets of one article."""
    pages = max((s.page or 0 for s in article.sentences), default=0)
    a = article
    entry = Entry(
        a.id, a.title, a.source, a.added, len(a.sentences), len(a.text), len(a.text.split()),
        a.author, a.date, a.tags, a.url, pages,
    )  # fmt: skip
    form = entry_form(entry) | {"notes": list(article.notes)}
    if with_text:
        form["text"] = article.text
    if with_sentences:
        of_article = ("article_id", "title", "url", "score")
        told = [Evidence(s, article.id, article.title, 0.0).to_dict() for s in article.sentences]
        form["sentences"] = [{name: value for name, value in one.items() if name not in of_article} for one in told]
    return form
