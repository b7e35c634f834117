"""The retrieval chain: what `ask` runs, as LangChain Runnables, one step after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.answering.answers import answer_of
from assistant.answering.inquiry import Inquiry
from assistant.answering.several import plan_of, what_they_say
from assistant.answering.signs import Plan
from assistant.answering.weighing import signs_of
from assistant.finding.passages import make_passage, passages
from assistant.finding.ranking import likeliest, rank
from assistant.finding.role_holders import with_holders
from assistant.finding.search import search
from assistant.finding.structure import asks, reply_to
from assistant.finding.subject import with_matter
from assistant.networks.reader import anything
from assistant.question.answer_type import expected_of
from assistant.question.follow_ups import stand_alone
from assistant.question.intent import intent_of

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable


StepFunction = Callable[[Inquiry], Inquiry]


@dataclass(frozen=True, slots=True)
class Step:
    """What the assistant is doing now: the step's name, and a line for the reader of the chat."""

    name: str
    detail: str


def understand(inquiry: Inquiry) -> Inquiry:
    """Adds the question that stands alone and its kind."""
    history = () if "follow_ups" in inquiry.parts.off else inquiry.history
    standalone = stand_alone(inquiry.question, history)
    return replace(inquiry, standalone=standalone, intent=intent_of(standalone.text, standalone.added))


def find(inquiry: Inquiry) -> Inquiry:
    """Adds the candidates, or of a question on several articles what is to be searched for in them."""
    plan = plan_of(inquiry)
    return searched(inquiry) if plan is None else replace(inquiry, several=plan)


def searched(inquiry: Inquiry) -> Inquiry:
    """Adds the candidates, and who is meant by a role. What is no question finds nothing."""
    if inquiry.intent.kind in ("nothing", "greeting"):
        return inquiry
    parts, intent = inquiry.parts, inquiry.intent
    if "roles" not in parts.off:
        intent = with_holders(intent, parts.store, inquiry.article_ids)
    found = search(parts.store, parts.embedder, inquiry.standalone.shown, intent, inquiry.article_ids)
    if "matter" not in parts.off:
        found = with_matter(found, inquiry.asked, intent, parts.store, parts.embedder)
    return replace(inquiry, intent=intent, candidates=tuple(found))


def read(inquiry: Inquiry) -> Inquiry:
    """Adds the readings of the passages around the best candidates, and the ranking that follows.

    The likeliest sentences are then read once more, each by itself; of a question in the text, its reply is. A follow-up that points back is read as in training,
    behind its history. A question that stands alone, as asked or put in words of its own, is read alone: what went before
    it would only mislead.
    """
    parts = inquiry.parts
    if isinstance(inquiry.several, Plan):
        return replace(inquiry, several=what_they_say(inquiry.several, parts.store, parts.embedder, parts.reader))
    chosen = passages(parts.store, inquiry.candidates)
    history = inquiry.history if inquiry.standalone.added else ()
    allows = anything if "span_of_type" in parts.off else expected_of(inquiry.asked).allows
    readings = parts.reader.read(inquiry.asked, chosen, history, allows) if chosen else []
    ranked = rank(inquiry.candidates, readings)
    sentences = [r.candidate.stored for r in likeliest(ranked, readings)]
    replies = {} if "replies" in parts.off else {s.id: reply_to(parts.store, s) for s in sentences if asks(s)}
    alone = [make_passage(s.article_id, [one.sentence for one in replies.get(s.id) or [s]]) for s in sentences]
    by_themselves = parts.reader.read(inquiry.asked, alone, history, allows) if alone else []
    read_again = zip(sentences, by_themselves, strict=True)
    of_questions = {(s.article_id, s.sentence.position): r for s, r in read_again if replies.get(s.id)}
    ranked = rank(inquiry.candidates, readings, by_themselves, of_questions)
    return replace(inquiry, readings=tuple(readings), by_themselves=tuple(by_themselves), ranked=tuple(ranked))


def weigh(inquiry: Inquiry) -> Inquiry:
    """Adds the signs that the question and what was read show."""
    return replace(inquiry, signs=signs_of(inquiry))


def answer(inquiry: Inquiry) -> Inquiry:
    """Adds the extractive answer or the refusal."""
    return replace(inquiry, answer=answer_of(inquiry))


def write(inquiry: Inquiry) -> Inquiry:
    """Holds what is cited against its article's text; lets the language model rephrase the answer, where one is set."""
    settings = inquiry.parts.settings
    if inquiry.answer is None:
        return inquiry
    inquiry.parts.store.check([*dict.fromkeys(citation.article_id for citation in inquiry.answer.citations)])
    if not settings.language_model:
        return inquiry
    from assistant.answering.writer import write as rephrase

    rephrased = rephrase(inquiry.answer, inquiry.parts.open_language_model, settings.language_model_timeout_seconds)
    return replace(inquiry, answer=rephrased)


STEPS: dict[str, StepFunction] = {
    "understand": understand,
    "search": find,
    "read": read,
    "weigh": weigh,
    "answer": answer,
    "write": write,
}

_SHIPPED = tuple(STEPS.items())

DETAILS = {
    "understand": "Understanding the question",
    "search": "Searching the article",
    "read": "Reading the best passages",
    "weigh": "Weighing what was read",
    "answer": "Choosing the sentences that answer",
    "write": "Rephrasing with the language model",
}
"""What the chat says while a step runs."""


def build_chain(steps: Mapping[str, StepFunction] = STEPS, last: str = "write") -> Runnable[Inquiry, Inquiry]:
    """Returns the steps up to `last` as one LCEL chain, Inquiry in and Inquiry out."""
    from langchain_core.runnables import RunnableLambda

    chain: Any = None
    for name, step in steps.items():
        runnable = RunnableLambda(step).with_config(run_name=name)
        chain = runnable if chain is None else chain | runnable
        if name == last:
            break
    built: Runnable[Inquiry, Inquiry] = chain
    return built


def run_chain(inquiry: Inquiry, steps: Mapping[str, StepFunction], last: str) -> Inquiry:
    """Returns what the steps up to `last` make of an inquiry; LangChain sends no traces, whatever the environment says."""
    from langsmith.run_helpers import tracing_context

    with tracing_context(enabled=False):
        if last == next(iter(steps)):
            return steps[last](inquiry)  # one step is no chain
        chain = _own_chain(last) if tuple(steps.items()) == _SHIPPED else build_chain(steps, last)
        return chain.invoke(inquiry)


@cache
def _own_chain(last: str) -> Runnable[Inquiry, Inquiry]:
    """Returns the chain of the shipped steps, built once: building takes a tenth of a search alone."""
    return build_chain(dict(_SHIPPED), last)
