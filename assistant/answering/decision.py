"""The one place that decides: an ordered table of rules over what the reader makes of the best passages.

A rule sees the signs of a question that was searched and read, and has one effect:

    answers   it is answered without the reader: a hint, an overview, an empty library
    cites     these sentences answer, whatever the reader makes of them, with a probability of their own
    doubts    the reader's answer is none: answering is as unlikely as where such a sign stands
    refuses   nothing is answered, however sure the rest is

Of each effect the first rule that applies holds. Where none does, the reader decides. Which rule decided stands on the
answer. `python -m benchmarks.rules` switches each off in turn and tells what it mends and breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.inquiry import Inquiry
from assistant.answering.signs import Cited, Signs
from assistant.networks.scores import coefficients
from assistant.settings import Carefulness

Effect = Literal["answers", "cites", "doubts", "refuses"]

READER = "reader"
"""What decided where no rule did."""

# "Who is the Russian minister?" is not answered by "the Armenian minister", nor "How many soldiers?" by "the 102nd". From
# `benchmarks/ruled_out.py`, where two in five questions have no answer: 0.28 % of 60 against 3.67 % of 40.
ANSWERABLE_THOUGH_DOUBTED = 0.1


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table.

    Attributes:
        name: as it stands on an answer that it decided.
        effect: what follows where it applies.
        applies: what it sees in the signs: a truth, or the sentences that it cites.
        source: where its figure comes from.
    """

    name: str
    effect: Effect
    applies: Callable[[Signs], bool | Cited]
    source: str


def _is_for(signs: Signs, rule: str) -> bool:
    return signs.several is not None and signs.several.rule == rule


RULES: tuple[Rule, ...] = (
    Rule("no_question", "answers", lambda s: s.kind == "nothing", "no letter and no digit"),
    Rule("greeting", "answers", lambda s: s.kind == "greeting", "the wording alone"),
    Rule("no_article", "answers", lambda s: not s.holds_articles, "the library"),
    Rule("each_article", "answers", lambda s: _is_for(s, "each_article"), "training.fit_about"),
    Rule("which_articles", "answers", lambda s: _is_for(s, "which_articles"), "training.fit_about"),
    Rule("compared", "answers", lambda s: _is_for(s, "compared"), "training.fit_about"),
    Rule(
        "whole_article", "answers", lambda s: s.is_on_the_whole, "training.fit_whole; its confidence is stated as 0.5"
    ),
    Rule("other_language", "refuses", lambda s: bool(s.language), "the models read English alone"),
    Rule("events", "cites", lambda s: s.events, "benchmarks.event_quality"),
    Rule("statements", "cites", lambda s: s.statements, "benchmarks.speaker_quality, benchmarks.role_quality"),
    Rule("statements_near", "cites", lambda s: s.statements_near, "training.fit_matter"),
    Rule("item", "cites", lambda s: s.item, "benchmarks.kinds"),
    Rule("list", "cites", lambda s: s.whole_list, "benchmarks.kinds"),
    Rule("wrong_type", "doubts", lambda s: s.is_of_wrong_type and not s.wants_yes_no, "benchmarks.ruled_out"),
    Rule("asked_person", "doubts", lambda s: s.names_the_asked and not s.wants_yes_no, "benchmarks.ruled_out"),
    Rule("swapped_names", "doubts", lambda s: s.swaps_names and not s.wants_yes_no, "benchmarks.ruled_out"),
    Rule("said_by_others", "doubts", lambda s: s.is_said_by_others, "benchmarks.rules"),
)
"""The table. "No" is an answer too: another name or number may settle a question that wants yes or no."""

SEARCHING = (
    "follow_ups",
    "roles",
    "matter",
    "span_of_type",
    "best_sentence",
    "replies",
    "coordination",
    "in_a_row",
    "learned_whole",
)
"""Rules that choose what is looked at before anything is decided; they can be switched off like those of the table."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is answered, and why.

    Attributes:
        rule: the name of the rule that decided, or READER.
        effect: its effect; "answers" is for whoever words the hint or the overview.
        answers: whether the article answers.
        probability: that it does; of a refusal too.
        cited: the sentences that a rule cites; None where they are the reader's.
    """

    rule: str
    effect: Effect | None
    answers: bool
    probability: float
    cited: Cited | None = None


def decide(signs: Signs, carefulness: Carefulness, off: frozenset[str] = frozenset()) -> Decision:
    """Returns what the table makes of the signs; rules named in `off` are passed over."""

    def first(effect: Effect) -> tuple[str, bool | Cited]:
        for rule in RULES:
            if rule.effect == effect and rule.name not in off and (found := rule.applies(signs)):
                return rule.name, found
        return "", False

    low = threshold(carefulness)
    name, _ = first("answers")
    if name and signs.several is not None:
        likeliest = max((side.probability for side in signs.several.sides), default=0.0)
        return Decision(name, "answers", likeliest >= low, likeliest)
    if name:
        return Decision(name, "answers", name == "whole_article", 1.0)
    citing, cited = first("cites")
    doubting, _ = first("doubts")
    likely = min(signs.answerable, ANSWERABLE_THOUGH_DOUBTED) if doubting else signs.answerable
    certainty = cited.certainty if isinstance(cited, Cited) else 0.0
    probability = max(likely, certainty)
    answers = signs.found_any and probability >= low
    chosen = cited if isinstance(cited, Cited) else None
    refusing, _ = first("refuses")
    if refusing:
        return Decision(refusing, "refuses", answers, probability, chosen)
    if answers:
        by = citing if chosen and (certainty or signs.answerable >= low) else READER
        return Decision(by, "cites" if chosen else None, True, probability, chosen)
    is_doubt = bool(doubting) and signs.answerable >= low
    return Decision(doubting if is_doubt else READER, "doubts" if is_doubt else None, False, probability)


def decided(inquiry: Inquiry) -> Decision:
    """Returns what the table makes of an inquiry that was weighed."""
    if inquiry.signs is None:
        raise ValueError("The inquiry was not weighed yet.")
    return decide(inquiry.signs, inquiry.parts.settings.carefulness, inquiry.parts.off)


def threshold(carefulness: Carefulness) -> float:
    """Returns the probability of being answerable below which is abstained, chosen on held-back training questions."""
    return coefficients("threshold")[carefulness]


def names_of_rules() -> Sequence[str]:
    """Returns the name of everything that can be switched off, in the order in which it has its say."""
    return (*SEARCHING, *(rule.name for rule in RULES))
