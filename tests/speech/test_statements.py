"""The words of a statement, without who says it and the quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.weighing import SPEAKER_PRECISION
from assistant.assistant import Assistant
from assistant.speech.statements import statement_span

CASES = {
    "“We cannot go on like this,” Petrova told reporters.": "We cannot go on like this",
    "Baker said: ‘The Pirates’ bus won’t leave before noon.’": "The Pirates’ bus won’t leave before noon",
    "This is known at every level of the service,’ Orlov remarked, waving it away.": (
        "This is known at every level of the service"
    ),
    "“She knows it,” he said, “but she will never publish the figures.”": "but she will never publish the figures",
    "The minister, who stated that nothing had been signed.": "nothing had been signed",
    "According to Anil Rao, every kilometre of track costs £30m.": "every kilometre of track costs £30m",
    "The stocks, he added, were deliberate: it had bought before a price rise that its supplier has announced.": (
        "The stocks, he added, were deliberate: it had bought before a price rise that its supplier has announced"
    ),
    "Mark O'Neill said the project would cost billions.": "the project would cost billions",
    "He called it “a success”.": "He called it “a success”",
    "Halvorsen: We rang a bell by hand.": "We rang a bell by hand",
}


@pytest.mark.parametrize(("sentence", "words"), CASES.items())
def test_statement_is_what_is_said(sentence: str, words: str) -> None:
    start, end = statement_span(sentence)
    assert sentence[start:end] == words


@given(st.text(min_size=1, max_size=200).filter(lambda text: text.strip() == text))
def test_statement_is_a_part_of_the_sentence_and_never_empty(sentence: str) -> None:
    start, end = statement_span(sentence)
    assert 0 <= start < end <= len(sentence)


def test_what_somebody_said_is_as_sure_as_the_speakers_are(sample: Assistant) -> None:
    asked, about = sample.ask("What did Mirzoyan say?"), sample.ask("What did Putin say?")
    assert [c.sentence.speaker for c in asked.citations] == ["Ararat Mirzoyan", "Ararat Mirzoyan"]
    assert asked.confidence == SPEAKER_PRECISION
    assert about.abstained
