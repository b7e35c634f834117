"""What shows in a question and in the sentences that were read. Each sign is one fact; `decision` tells what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.finding.ranking import Ranked
from assistant.finding.search import Evidence
from assistant.networks.reader import Reading
from assistant.question.intent import Kind

MAX_CITATIONS = 4

Place = tuple[str, int]
"""An article and a position in it."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Sentences that answer whatever the reader makes of them.

    Attributes:
        chosen: the sentences, best first.
        certainty: share of such sentences that are what is asked for, 0 where the reader decides whether there is an answer.
        confidence: probability that this answer is right, fitted; that of `certainty` where none is.
        items: ids of the sentences that each begin an item, where it is a list, which is cited whole.
    """

    chosen: tuple[Ranked, ...]
    certainty: float
    confidence: float = 0.0
    items: tuple[int, ...] = ()

    @property
    def shown(self) -> tuple[Ranked, ...]:
        """The sentences that are cited: all of a list, else the first few."""
        return self.chosen if self.items else self.chosen[:MAX_CITATIONS]

    def __bool__(self) -> bool:
        """Returns whether there are any."""
        return bool(self.chosen)


NOTHING_CITED = Cited((), 0.0)


@dataclass(frozen=True, slots=True)
class SideFound:
    """One article, or one of two things that are compared, and what there is on the matter.

    Attributes:
        name: how it is called: an article's title, or the question's words.
        article_ids: the articles that were asked for it.
        probability: that they say something about the matter.
        evidence: the sentences that would be cited, the likeliest first.
    """

    name: str
    article_ids: tuple[str, ...]
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SideAsked:
    """A side of a comparison before anything is searched: its name, its articles, and whether it is one of these articles.

    A side that is no article is something, or somebody, that the articles speak of.
    """

    name: str
    article_ids: tuple[str, ...]
    is_article: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be searched for a question on several articles or two sides.

    Attributes:
        rule: the name of the rule that it is for.
        matter: what they are asked about, "" for the sides as a whole.
        sides: those compared; empty where each of the articles is asked.
        article_ids: the articles asked, in the library's order; None for all.
        n_asked: how many these are.
        wants_one: whether one article alone is asked for.
        is_of_speakers: whether what two people say is compared.
    """

    rule: str
    matter: str
    sides: tuple[SideAsked, ...] = ()
    article_ids: tuple[str, ...] | None = None
    n_asked: int = 0
    wants_one: bool = False
    is_of_speakers: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """What several articles, or two sides, have on a matter.

    Attributes:
        rule: the name of the rule that this is for.
        sides: in the order in which they are told.
        n_asked: how many articles were asked.
        names_silent: whether a side that says nothing is told of all the same.
    """

    rule: str
    sides: tuple[SideFound, ...]
    n_asked: int
    names_silent: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """What shows in a question and in the sentences that were read.

    Attributes:
        kind: of the question.
        holds_articles: whether there is any article to ask.
        is_on_the_whole: whether the question is on the article as a whole.
        wants_yes_no: whether it wants yes or no.
        wants_several: whether more than one thing may be asked for: what, which, who.
        wants_statements: whether what somebody said is asked for as a whole.
        has_unnamed_speaker: whether the question names nobody who might have said it.
        language: that the question seems to be in, "" for the article's own.
        central: the sentences for a question on the article as a whole.
        several: what several articles or two sides have on a matter, where that is asked for.
        left_out: how many articles are asked about beyond those that `central` tells of.
        found_any: whether search found a sentence.
        answerable: probability that the article answers, as the reader has it.
        right: probability that the short answer is right.
        reading: the reading that gives the short answer.
        by_reader: the sentences that the reader would cite, best first.
        events: those that tell of the time asked for.
        statements: those by the one asked about, on the matter asked about if there is one.
        item: the item of a list whose number is asked for.
        whole_list: the list that the reader's choice heads or belongs to, if all of it is asked for.
        statements_near: those nearest to the matter in meaning, where none names all of it.
        is_of_wrong_type: whether the short answer cannot be one by its words, or repeats the question.
        names_the_asked: whether it is another name of somebody whom the question names.
        swaps_names: whether its sentence has another name or number in the place of one of the question's.
        is_said_by_others: whether its sentence is not by whom it is asked of, or only others name the matter.
        spans: where, in its article, the words of a statement stand, for sentences that may be cited as such.
    """

    kind: Kind
    holds_articles: bool = True
    is_on_the_whole: bool = False
    wants_yes_no: bool = False
    wants_several: bool = False
    wants_statements: bool = False
    has_unnamed_speaker: bool = False
    language: str = ""
    central: tuple[Evidence, ...] = ()
    several: Several | None = None
    left_out: int = 0
    found_any: bool = False
    answerable: float = 0.0
    right: float = 0.0
    reading: Reading | None = None
    by_reader: tuple[Ranked, ...] = ()
    events: Cited = NOTHING_CITED
    statements: Cited = NOTHING_CITED
    statements_near: Cited = NOTHING_CITED
    item: Cited = NOTHING_CITED
    whole_list: Cited = NOTHING_CITED
    is_of_wrong_type: bool = False
    names_the_asked: bool = False
    swaps_names: bool = False
    is_said_by_others: bool = False
    spans: Mapping[Place, tuple[int, int]] = field(default_factory=dict)
