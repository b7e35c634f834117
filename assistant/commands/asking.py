"""`assistant ask`, `assistant retrieve` and `assistant chat`: what is asked, and how an answer is printed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.commands.filters import filter_of, place_of
from assistant.commands.streams import print_json, say
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant

ENDS = frozenset(("", "quit", "exit", ":q"))
"""What ends a chat, as Ctrl-D does."""

MAX_TURNS_OF_HISTORY = 20
"""As many as the page passes on."""

MAX_SHORT_CHARACTERS = 220
WHOLE_SENTENCE = 0.8
"""A short answer that is as much of its sentence, or short answers that are longer, would only be read twice, as on the page."""


def ask(options: argparse.Namespace, assistant: Assistant) -> int:
    """Answers one question; returns 0."""
    answer = assistant.ask(" ".join(options.question), options.article, **filter_of(options))
    if options.json:
        print_json(answer.to_dict())
    else:
        print_answer(answer)
    return 0


def retrieve(options: argparse.Namespace, assistant: Assistant) -> int:
    """Lists the sentences that help; returns 0.

    Raises:
        AssistantError: if fewer than one is wanted.
    """
    if options.k is not None and options.k < 1:
        raise AssistantError(f"-k is {options.k}, expected 1 or more.")
    question, rerank = " ".join(options.question), not options.no_rerank
    evidence = assistant.retrieve(question, options.k, options.article, rerank=rerank, **filter_of(options))
    if options.json:
        print_json([e.to_dict() for e in evidence])
    for e in [] if options.json else evidence:
        say(f"{e.score:.2f}  {' '.join(e.sentence.text.split())}")
    return 0


def chat(options: argparse.Namespace, assistant: Assistant) -> int:
    """Answers one question after another, each with those before as its history, until an end is asked for; returns 0."""
    history: list[tuple[str, str]] = []
    say("Ask a question; an empty line, quit, exit, :q or Ctrl-D ends.")
    while True:
        try:
            question = input("\n> ").strip()
        except EOFError:
            return 0
        if question.lower() in ENDS:
            return 0
        answer = assistant.ask(question, options.article, history[-MAX_TURNS_OF_HISTORY:], **filter_of(options))
        understood = " ".join(answer.standalone_question.split())
        # With the turn before in brackets behind it, it is no question that anybody would ask.
        if understood != " ".join(question.split()) and understood.endswith("?"):
            say(f"Understood as: {understood}\n")
        print_answer(answer)
        history.append((question, answer.text))


def print_answer(answer: Answer) -> None:
    """Prints the short answers, the cited sentences and where they stand; of a refusal, its reason and what is closest."""
    short = short_answers(answer)
    for text, marker in short:
        say(text if len(short) == 1 else f"{text} [{marker}]")
    if short:
        say("")
    say(answer.as_markdown())
    if answer.citations:
        say("")
    for citation in answer.citations:
        say(f"[{citation.marker}] {place_of(citation)}")
    if answer.reason:
        say(f"\n{answer.reason}")
    if answer.closest:
        say("\nClosest sentences:")
        for evidence in answer.closest:
            say(f"  - {' '.join(evidence.sentence.text.split())}")


def short_answers(answer: Answer) -> list[tuple[str, int]]:
    """Returns each short answer with the marker of its citation, as the page shows them; none where they would be read twice."""
    sentences = [citation.sentence for citation in answer.citations]
    if answer.abstained or any(len(answer.short_answer) > WHOLE_SENTENCE * len(s.text) for s in sentences):
        return []
    found: dict[str, int] = {}
    for citation in answer.citations:
        sentence = citation.sentence
        for article_id, start, end in answer.short_spans:
            if article_id == citation.article_id and sentence.start <= start and end <= sentence.end:
                text = " ".join(sentence.text[start - sentence.start : end - sentence.start].split())
                found.setdefault(text, citation.marker)
    return list(found.items()) if sum(map(len, found)) <= MAX_SHORT_CHARACTERS else []
