"""Statements of a passage -> questions that want yes or no, settled by the sentence they were made from.

None of the question sets has them, and people ask them all the time. The answer has no span: what is learned is the
supporting sentence, and that such a question is answered.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.articles.sentences import split_sentences
from training.data import Example

_OPENERS = (
    "when if while although though because since after before there it this that these those what who how where in at on "
    "as by for from with he she they we i you his her their its one some many most all but and so however then both to"
).split()
_NOT_OPENING = rf"(?!(?:{'|'.join(_OPENERS)})\b)"
_AUXILIARY = re.compile(
    rf"^{_NOT_OPENING}(?P<subject>[^,;:()\"“”]{{3,50}}?) (?P<verb>is|are|was|were|has|have|had|can|could|will|would|should|must)"
    r"(?! (?:that|what|to)\b) (?P<rest>[^;:()\"“”]{8,150})\.$", re.I
)  # fmt: skip
_PAST = re.compile(
    rf"^{_NOT_OPENING}(?P<subject>(?:[Tt]he |[Aa]n? )?(?:[A-Z][\w’'-]+ ){{1,4}})(?P<verb>[a-z]{{2,}}ed) (?P<rest>[^;:()\"“”]{{8,150}})\.$"
)
_CLAUSE = re.compile(r",| (?:which|who|because|while|although|when|where|but|and|as|so that)\b")
_CAPITALS_KEPT = re.compile(r"^(?:The|A|An|Some|Many|Most|All|Each|Every|Several|Other|Another|New|Such|No) ")


def yes_no_question(example: Example, counts: Mapping[str, int], rng: random.Random) -> Example | None:
    """Returns a question made from a random sentence of the example's passage, None if none offers itself.

    Args:
        example: gives the passage.
        counts: how often each lower-case word occurs in all passages; tells "move" from "mov" for "moved".
        rng: source of chance.
    """
    sentences = split_sentences(example.context)
    rng.shuffle(sentences)
    for sentence in sentences[:6]:
        question = _asked(" ".join(sentence.text.split()), counts, rng)
        if question:
            return replace(
                example, id=f"{example.id}#yesno", question=question, history=(), answers=(), accepted=(), answerable=True,
                support=((sentence.start, sentence.end),), mismatch=(),
                kind="yes",
            )  # fmt: skip
    return None


def _asked(sentence: str, counts: Mapping[str, int], rng: random.Random) -> str:
    found = _AUXILIARY.match(sentence) or _PAST.match(sentence)
    if not found:
        return ""
    subject, verb, rest = found["subject"].strip(), found["verb"], found["rest"]
    if len(subject.split()) > 7 or _CLAUSE.search(subject):
        return ""
    if _CAPITALS_KEPT.match(subject):
        subject = subject[0].lower() + subject[1:]
    clause = _CLAUSE.search(rest)
    if clause and clause.start() > 12 and rng.random() < 0.8:
        rest = rest[: clause.start()]
    if found.re is _PAST:
        base = max(_bases(verb), key=lambda word: counts.get(word, 0))
        if not counts.get(base):
            return ""
        verb, rest = "did", f"{base} {rest}"
    return f"{verb.capitalize()} {subject} {rest}?"


def _bases(verb: str) -> list[str]:
    bases = [verb[:-2], verb[:-1]]
    if verb.endswith("ied"):
        bases.append(verb[:-3] + "y")
    if verb[-3:-2] == verb[-4:-3]:
        bases.append(verb[:-3])
    return bases
