"""The retrieval chain: what `ask` runs, as LangChain Runnables, one step after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.answering.answering import answered
from assistant.finding.passages import make_passage, passages
from assistant.finding.ranking import likeliest, rank
from assistant.finding.role_holders import with_holders
from assistant.finding.search import search
from assistant.finding.subject import with_matter
from assistant.inquiry import Inquiry
from assistant.question.answer_type import ADDED
from assistant.question.follow_ups import stand_alone
from assistant.question.intent import intent_of

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable


StepFunction = Callable[[Inquiry], Inquiry]


def understand(inquiry: Inquiry) -> Inquiry:
    """Adds the question that stands alone and its kind."""
    standalone = stand_alone(inquiry.question, inquiry.history)
    return replace(inquiry, standalone=standalone, intent=intent_of(standalone))


def find(inquiry: Inquiry) -> Inquiry:
    """Adds the candidates, and who is meant by a role. What is no question finds nothing."""
    if inquiry.intent.kind in ("nothing", "greeting"):
        return inquiry
    parts = inquiry.parts
    intent = with_holders(inquiry.intent, parts.store, inquiry.article_ids)
    found = search(parts.store, parts.embedder, inquiry.standalone, intent, inquiry.article_ids)
    found = with_matter(found, inquiry.standalone, intent, parts.store, parts.embedder)
    return replace(inquiry, intent=intent, candidates=tuple(found))


def read(inquiry: Inquiry) -> Inquiry:
    """Adds the readings of the passages around the best candidates, and the ranking that follows.

    The likeliest sentences are then read once more, each by itself.
    """
    chosen = passages(inquiry.parts.store, inquiry.candidates)
    # A follow-up that points back is read as in training, behind its history. A question that stands alone, as asked or
    # put in words of its own, is read alone: what went before it would only mislead.
    asked, bare = " ".join(inquiry.question.split()), ADDED.sub("", inquiry.standalone)
    if inquiry.standalone != asked and inquiry.standalone.startswith(asked):
        bare = asked  # whatever brackets an earlier answer has
    points_back = bare != inquiry.standalone and asked != inquiry.standalone
    question, history = (bare, inquiry.history) if points_back else (inquiry.standalone, ())
    readings = inquiry.parts.reader.read(question, chosen, history) if chosen else []
    ranked = rank(inquiry.candidates, readings)
    sentences = [r.candidate.stored for r in likeliest(ranked, readings)]
    alone = [make_passage(stored.article_id, [stored.sentence]) for stored in sentences]
    by_themselves = inquiry.parts.reader.read(question, alone, history) if alone else []
    ranked = rank(inquiry.candidates, readings, by_themselves)
    return replace(inquiry, readings=tuple(readings), by_themselves=tuple(by_themselves), ranked=tuple(ranked))


def answer(inquiry: Inquiry) -> Inquiry:
    """Adds the extractive answer or the refusal."""
    return replace(inquiry, answer=answered(inquiry))


def write(inquiry: Inquiry) -> Inquiry:
    """Lets the language model rephrase the answer, where one is set."""
    settings = inquiry.parts.settings
    if not settings.language_model or inquiry.answer is None:
        return inquiry
    from assistant.answering.writer import write as rephrase

    rephrased = rephrase(inquiry.answer, inquiry.parts.open_language_model, settings.language_model_timeout_seconds)
    return replace(inquiry, answer=rephrased)


STEPS: dict[str, StepFunction] = {
    "understand": understand,
    "search": find,
    "read": read,
    "answer": answer,
    "write": write,
}


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
        return build_chain(steps, last).invoke(inquiry)
