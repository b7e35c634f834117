"""Adding a text and asking take time in proportion to its length, stage by stage, whatever the text."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import pytest

from assistant.adding import with_sentences
from assistant.answering.asked_person import is_asked_person
from assistant.answering.swapped_names import swaps
from assistant.articles.article import make_article, normalise, title_of
from assistant.articles.blocks import split_blocks
from assistant.articles.boundaries import propose, sentence_starts
from assistant.articles.sentences import MAX_CHARACTERS, split_sentences
from assistant.english.languages import language_of
from assistant.english.names import find_people, names
from assistant.english.noun_phrases import noun_after, tokenize
from assistant.english.subjects import subject_before
from assistant.english.words import content_words, words
from assistant.errors import ArticleError
from assistant.finding.role_holders import holders
from assistant.loaders.markdown import load_markdown
from assistant.loaders.plain_text import decode, load_plain_text
from assistant.question.answer_type import answer_type, expected_of, holds, may_answer, wanted_of
from assistant.question.follow_ups import stand_alone
from assistant.question.intent import asks_for_statements, intent_of, matter_of, speaker_span, topic_of
from assistant.speech.quotations import find_quotations
from assistant.speech.reports import find_reports
from assistant.speech.speakers import attribute_speakers
from assistant.speech.statements import statement_span
from assistant.speech.transcripts import find_turns
from security.growth import superlinear

TEXTS: dict[str, Callable[[int], str]] = {
    "spaces between": lambda n: "a" + " " * n + "b",
    "spaces in lines": lambda n: "a\n" + (" " * 50 + "\n") * (n // 51) + "b",
    "one-letter lines": lambda n: "a\n" * (n // 2),
    "one-letter capital lines": lambda n: "A\n\n" * (n // 3),
    "newlines": lambda n: "a" + "\n" * n + "b",
    "one word": lambda n: "a" * n,
    "one word of capitals": lambda n: "A" * n,
    "words": lambda n: "word " * (n // 5),
    "capitals": lambda n: "Ab " * (n // 3),
    "initials": lambda n: "A. " * (n // 3),
    "glued initials": lambda n: "A." * (n // 2),
    "dots": lambda n: "a" + "." * n + "b",
    "dots apart": lambda n: "a" + ". " * (n // 2) + "b",
    "marks": lambda n: "a " + "!?" * (n // 2) + " b",
    "straight quotes": lambda n: "a" + '"' * n + "b",
    "straight quotes apart": lambda n: 'a "' * (n // 3),
    "single quotes": lambda n: "a" + "'" * n + "b",
    "single quotes apart": lambda n: "'a " * (n // 3),
    "curly quotes": lambda n: "“a” " * (n // 4),
    "open quotes": lambda n: "“a " * (n // 3),
    "open quotes in paragraphs": lambda n: "“a\n\n" * (n // 4),
    "open brackets": lambda n: "(" * n + "a",
    "brackets": lambda n: "a(" * (n // 4) + ")b" * (n // 4),
    "square brackets": lambda n: "[a](" * (n // 4),
    "brackets closed": lambda n: "[" * (n // 2) + "a" + "]" * (n // 2),
    "footnotes": lambda n: "a [1] " * (n // 6),
    "dashes": lambda n: "a" + "-" * n + "b",
    "hashes": lambda n: "#" * n + " a",
    "stars": lambda n: "*a " * (n // 3),
    "emphasis": lambda n: "*a_" * (n // 3),
    "backticks": lambda n: "`a" + "`" * n + "b",
    "tags": lambda n: "<a " * (n // 3),
    "quoted lines": lambda n: ">" * n + " a",
    "items": lambda n: "- a\n" * (n // 4),
    "numbers": lambda n: "1. " * (n // 3),
    "digits": lambda n: "1" * n,
    "table": lambda n: "| a | b |\n|---|---|\n" + "| a | b |\n" * (n // 10),
    "colons": lambda n: "Ab: " * (n // 4),
    "turns": lambda n: "Ab Cd: I am.\n" * (n // 13),
    "said": lambda n: "said Ab, " * (n // 9),
    "that": lambda n: "Ab said that " * (n // 13),
    "of": lambda n: "the man of " * (n // 11),
    "pronouns": lambda n: "He said so. " * (n // 12),
    "names": lambda n: "".join(f"Ab Cd{i} said so. " for i in range(n // 20)),
    "sayings": lambda n: "“A b c,” said Ab. " * (n // 18),
    "CJK": lambda n: "你好。" * (n // 3),
    "accents": lambda n: "e" + "\u0301" * n,
    "tokenised": lambda n: "a . '' `` " * (n // 10),
    "controls": lambda n: "a\x1c\x01" * (n // 3),
    "entities": lambda n: "&amp" * (n // 4),
    "slashes": lambda n: "\\" * n + "a",
    "links": lambda n: "[a][" * (n // 4),
    "images": lambda n: "![a" * (n // 3),
    "references": lambda n: "".join(f"[a{i}]: b\n" for i in range(n // 9)),
}  # fmt: skip
ARTICLE_STAGES: dict[str, Callable[[str], object]] = {
    "normalise": normalise,
    "title": title_of,
    "article": make_article,
    "blocks": lambda text: list(split_blocks(text)),
    "proposed": propose,
    "boundaries": sentence_starts,
    "sentences": split_sentences,
    "speakers": lambda text: attribute_speakers(text, split_sentences(text)),
    "segmented": lambda text: with_sentences(make_article(text)),
    "quotations": find_quotations,
    "turns": lambda text: find_turns(text, find_people(text)),
    "names": names,
    "words": words,
    "Markdown": lambda text: load_markdown(text.encode("utf-8", "replace"), "a.md"),
    "plain text": lambda text: load_plain_text(text.encode("utf-8", "replace"), "a.txt"),
    "bytes": lambda text: decode(text.encode(), "a.txt"),
    "old bytes": lambda text: decode(b"\xe9" + text.encode("cp1252", "replace"), "a.txt"),
    # This is given a sentence, which has an end; the rest of these too, but they are linear all the same.
    "reports": lambda text: [find_reports(text[at : at + MAX_CHARACTERS]) for at in range(0, len(text), MAX_CHARACTERS)],
    "tokens": tokenize,
    "statement": lambda text: statement_span(text[:MAX_CHARACTERS]),
    "role": lambda text: holders("minister", [text + " minister Ab"]),
    "language": language_of,
    "replaced": lambda text: swaps("Who is the Russian minister?", text),
    "held": lambda text: [holds(wanted, text) for wanted in ("number", "time", "person", "place", "reason")],
    "allowed": lambda text: [may_answer(t, text) for t in ("time", "duration", "price", "count", "person")],
    "asked person": lambda text: is_asked_person("Who will follow Ab?", "Cd", [text]),
}  # fmt: skip
QUESTION_STAGES: dict[str, Callable[[str], object]] = {
    "intent": intent_of,
    "statements": lambda text: asks_for_statements(text, intent_of(text)),
    "topic": lambda text: topic_of(text, intent_of(text)),
    "matter": lambda text: matter_of(f"What did Ab say {text}", intent_of(f"What did Ab say {text}")),
    "speaker": speaker_span,
    "wanted": wanted_of,
    "type": answer_type,
    "expected": expected_of,
    "stand alone": lambda text: stand_alone(text, [(text, text)]),
    "follow-up": lambda text: stand_alone("What about him?", [(text, text)] * 3),
    "what about": lambda text: stand_alone(f"What about {text}", [("What did Ab say?", text)]),
    "content words": content_words,
    "noun phrases": lambda text: [
        (noun_after(tokenize(text), 0), subject_before(tokens, len(tokens) - 1)) for tokens in [tokenize(text)] if tokens
    ],
    "role asked": lambda text: holders(text, ["The minister Ab Cd came."]),
    "names asked": lambda text: is_asked_person(text, "Cd", ["Ab Cd came."]),
    "specifics asked": lambda text: swaps(text, "The Armenian Minister spoke."),
}  # fmt: skip


def slow(
    work: Callable[[str], object], sizes: tuple[int, int], floor: float, kinds: Sequence[str] = tuple(TEXTS)
) -> list[str]:
    """Returns the kinds of text that a stage takes time out of proportion for."""
    found = []
    for name in kinds:
        text = TEXTS[name]
        given = {size: text(size) for size in sizes}

        def run(size: int, given: dict[int, str] = given) -> None:
            with contextlib.suppress(ArticleError):
                work(given[size])

        wrong = superlinear(run, sizes, floor=floor, most_at_first=5.0)
        found += [f"{name}: {wrong}"] if wrong else []
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("stage", ARTICLE_STAGES)
def test_a_stage_takes_time_in_proportion_to_the_article(stage: str) -> None:
    # A stage that runs others within itself is given a third of the texts: the others are given all of them.
    kinds = tuple(TEXTS)[:: 3 if stage in ("article", "sentences", "speakers", "segmented", "Markdown") else 1]
    assert slow(ARTICLE_STAGES[stage], (750, 12_000), 0.08, kinds) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("stage", ARTICLE_STAGES)
def test_a_stage_takes_time_in_proportion_to_a_long_article(stage: str) -> None:
    assert slow(ARTICLE_STAGES[stage], (3_000, 48_000), 0.15) == []


@pytest.mark.parametrize("stage", QUESTION_STAGES)
def test_a_stage_takes_time_in_proportion_to_the_question(stage: str) -> None:
    assert slow(QUESTION_STAGES[stage], (600, 9_600), floor=0.15) == []
