"""The words of a statement, without who says it and the quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.speech.statements import statement_span

# fmt: off
CASES = {
    '“We cannot go on like this,” Petrova told reporters.': 'We cannot go on like this',
    'Baker said: ‘The Pirates’ bus won’t leave before noon.’': 'The Pirates’ bus won’t leave before noon',
    'This is known at every level of the service,’ Orlov remarked, waving it away.': 'This is known at every level of the service',
    '“She knows it,” he said, “but she will never publish the figures.”': 'but she will never publish the figures',
    '“She will never publish the figures,” he said, “but she knows it.”': 'She will never publish the figures',
    'The minister, who stated that nothing had been signed.': 'nothing had been signed',
    'According to Anil Rao, every kilometre of track costs £30m.': 'every kilometre of track costs £30m',
    'Every kilometre of track, according to Anil Rao, costs £30m.': 'Every kilometre of track, according to Anil Rao, costs £30m',
    'Every kilometre of track costs £30m according to Anil Rao.': 'Every kilometre of track costs £30m according to Anil Rao',
    'The stocks, he added, were deliberate: it had bought before a price rise that its supplier has announced.': 'The stocks, he added, were deliberate: it had bought before a price rise that its supplier has announced',
    "Mark O'Neill said the project would cost billions.": 'the project would cost billions',
    "Mark O'Neill said he was tired.": 'he was tired',
    "Mark O'Neill said quietly he was tired of it.": "Mark O'Neill said quietly he was tired of it",
    "Mark O'Neill said he left.": "Mark O'Neill said he left",
    "Mark O'Neill said so, and that the town would pay for it.": "Mark O'Neill said so, and that the town would pay for it",
    'He called it “a success”.': 'He called it “a success”',
    'He called the long walk a “great success”, noting that the town had paid for it.': 'He called the long walk a “great success”, noting that the town had paid for it',
    'Halvorsen: We rang a bell by hand.': 'We rang a bell by hand',
    'He said “yes” and “no” and “so what is it”.': 'so what is it',
    'It is late” he said.': 'It is late',
    'It is far too late” he said.': 'It is far too late',
    'It is far too late”. Then he left.': 'It is far too late”. Then he left',
    'It is far too late” and “so on”.': 'It is far too late” and “so on”',
    "It is far too late, '' he said .": 'It is far too late',
    'The pool, Ana Ruiz concedes, may never pay for itself.': 'The pool, Ana Ruiz concedes, may never pay for itself',
    'In Rob Tull’s view, the pier is fine.': 'the pier is fine',
    'Rob Tull asked whether anybody cared.': 'Rob Tull asked whether anybody cared',
    'Rob Tull said that.': 'Rob Tull said that',
    'Rob Tull said that it leaks.': 'Rob Tull said that it leaks',
    'Go': 'Go',
    '...': '...',
    '“…”': '“…”',
    '“, . ”': '“, . ”',
    'He left . ': 'He left',
    '“a b” c.': '“a b” c',
    'Bo said it. Ann Lee noted that nobody in the town had come, and that was that.': 'nobody in the town had come, and that was that',
    'Ann Lee left.': 'Ann Lee left',
    'According to the old and grey mayor, the pool, or what is left of it, is cold.': 'the pool, or what is left of it, is cold',
    'As the town and all its people know, according to the mayor, the pool is cold.': 'As the town and all its people know, according to the mayor, the pool is cold',
    'It leaked, the men of the town said, according to the mayor.': 'It leaked, the men of the town said, according to the mayor',
}
# fmt: on


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
    assert asked.decided_by == "statements"
    assert about.abstained
