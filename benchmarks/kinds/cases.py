"""Questions on short articles (kinds A to E, and H): what must be cited, what must not, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.evaluation.answer_measures import RIGHT_F1, normalise_answer, token_f1

NAMES = {
    "A": "whose quotation it is",
    "B": "speakers in less usual forms",
    "C": "questions in the text",
    "D": "lists",
    "E": "another's value",
    "H": "notices and instructions",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a case was answered rightly, and what was wrong with it, "" if nothing."""

    id: str
    kind: str
    answerable: bool
    wrong: str


def judged(assistant: Assistant, case: dict[str, Any]) -> Verdict:
    """Asks one case of its article alone, and returns what came of it."""
    article = assistant.add(case["article"])
    answer = assistant.ask(case["question"], article.id)
    return Verdict(case["id"], case["kind"], case["answerable"], wrong_with(answer, case))


def wrong_with(answer: Answer, case: dict[str, Any]) -> str:
    """Returns what is wrong with an answer: refused, not refused, not cited, cited wrongly, or the short answer."""
    if answer.abstained or not case["answerable"]:
        return "" if answer.abstained is not case["answerable"] else "refused" if answer.abstained else "answered"
    cited = [_plain(citation.sentence.text) for citation in answer.citations]
    if not all(any(_within(_plain(wanted), one) for one in cited) for wanted in case["support"]):
        return "not all cited"
    if any(_plain(unwanted) in cited for unwanted in case.get("not_cited", [])):
        return "cites what it must not"
    return "" if not case["answers"] or _is_right(_short(answer), case) else f"short answer {answer.short_answer!r}"


def _short(answer: Answer) -> list[str]:
    """Returns the words of each short answer, cut from the sentence that it stands in."""
    found = []
    for article_id, start, end in answer.short_spans:
        for citation in answer.citations:
            sentence = citation.sentence
            if citation.article_id == article_id and sentence.start <= start and end <= sentence.end:
                found.append(sentence.text[start - sentence.start : end - sentence.start])
                break
    # A question that wants yes or no has no short answer: the sentences are it.
    return found or [answer.short_answer or answer.text]


def _is_right(given: Sequence[str], case: dict[str, Any]) -> bool:
    accepted = case["answers"]
    if case.get("answers_all"):
        joined = normalise_answer(" ; ".join(given))
        return all(normalise_answer(item) in joined for item in accepted)
    return any(token_f1(one, accepted) >= RIGHT_F1 or _holds(one, accepted) for one in given)


def _holds(given: str, accepted: Sequence[str]) -> bool:
    return any(normalise_answer(a) and f" {normalise_answer(a)} " in f" {normalise_answer(given)} " for a in accepted)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _within(wanted: str, cited: str) -> bool:
    """A citation may be the whole line, with its list marker or speaker label, or a part of a long one."""
    return wanted in cited or (cited in wanted and len(cited) > len(wanted) / 2)
