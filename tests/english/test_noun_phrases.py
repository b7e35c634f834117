"""The noun phrase at a place, and the subject in front of a verb, by word order alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.english.noun_phrases import MASK, head, noun_after, tokenize
from assistant.english.subjects import subject_before

# fmt: off
BEGINNINGS = [
    ('Ann Lee said', 'Ann Lee'),
    ('the old woman of the mill left', 'the old woman of the mill'),
    ('the mayor, Ann Lee, left', 'Ann Lee'),
    ('the mayor, Ann, left', 'the mayor'),
    ('the mayor, Ann Bo Cy Di Ed, left', 'the mayor'),
    ('the mayor, Ann Lee left', 'the mayor'),
    ('critics left', 'critics'),
    ('dogs', 'dogs'),
    ('ox left', ''),
    ('people left', 'people'),
    ('others left', 'others'),
    ('some left', 'some'),
    ('quickly the dog ran', 'the dog'),
    ('also then the dog ran', 'the dog'),
    ('he left', 'he'),
    ('of the town', ''),
    ('and the dog', ''),
    ('that dog ran', 'that dog'),
    ('12 dogs ran', ''),
    ("Dunmore's manager left", "Dunmore's manager"),
    ('Russian Ambassador Sergey Kopyrkin left', 'Russian Ambassador Sergey Kopyrkin'),
    ('the dog that ran', 'the dog'),
    ('the dog quickly ran', 'the dog'),
    ('the running dog', 'the running dog'),
    ('the dog running', 'the dog'),
    ('the dog was', 'the dog'),
    ('Bank of the North left', 'Bank of the North'),
    ('the Bank of England left', 'the Bank of England'),
    ("Bakers' Union left", "Bakers' Union"),
    (', he left', ''),
    ("the teacher's cat left", "the teacher's cat"),
    ('Ann of Elm left', 'Ann of Elm'),
    ('the mayor; Ann Lee, left', 'the mayor'),
    ('the mayor, Ann Lee', 'Ann Lee'),
    ('the mayor,', 'the mayor'),
]
# The verb stands between bars.
SUBJECTS = [
    ('Ann Lee |said| so.', 'Ann Lee'),
    ('The old woman of the mill |said| so.', 'The old woman of the mill'),
    ('The mayor, Ann Lee, |said| so.', 'Ann Lee'),
    ('Ann Lee, who is 34, |said| so.', 'Ann Lee'),
    ('Ann Lee, 34, |said| so.', 'Ann Lee'),
    ('Ann Lee (34) |said| so.', 'Ann Lee'),
    ('Ann Lee — the owner — |said| so.', 'Ann Lee'),
    ('Ann Lee, the owner (of it), |said| so.', 'Ann Lee'),
    ('Ann Lee, who |said| so.', 'Ann Lee'),
    ('The woman who |said| so.', 'The woman'),
    ('The man, who also |said| so.', 'The man'),
    ('Ann Lee has also |said| so.', 'Ann Lee'),
    ('He |said| so.', 'He'),
    ('Somebody |said| so.', 'Somebody'),
    ('The |said| so.', ''),
    ('Some |said| so.', 'Some'),
    ('Both |said| so.', 'Both'),
    ('To |said| so.', ''),
    ('He wants to |say| so.', ''),
    ('It rained: |said| so.', ''),
    ('Ann Lee left, |saying| so.', 'Ann Lee'),
    ('In the old town Ann Lee left, |saying| so.', 'Ann Lee'),
    ('The dog of the mill left and |said| so.', 'The dog of the mill'),
    ('He came but |said| so.', 'He'),
    ('These days the dog came and |said| so.', 'the dog'),
    ('This came and the dog |said| so.', 'the dog'),
    ('Critics |say| so.', 'Critics'),
    ('The critics of the plan |say| so.', 'The critics of the plan'),
    ('A spokesman for the mayor |said| so.', 'A spokesman for the mayor'),
    ('A man from Elm |said| so.', 'A man from Elm'),
    ('A man in Elm |said| so.', 'A man in Elm'),
    ('Ambassador to Armenia Sergey Kopyrkin |said| so.', 'Ambassador to Armenia Sergey Kopyrkin'),
    ('Teams of dogs |said| so.', 'Teams'),
    ('The University of Elm |said| so.', 'The University of Elm'),
    ('Jan van Dam |said| so.', 'Jan van Dam'),
    ("Bakers' Union |said| so.", "Bakers' Union"),
    ("Ann Lee's dog |said| so.", "Ann Lee's dog"),
    ('Ann and Bo |said| so.', 'Ann and Bo'),
    ('The Russian ambassador Ann Lee |said| so.', 'The Russian ambassador Ann Lee'),
    ('Yesterday the mayor |said| so.', 'the mayor'),
    ('In Elm |said| so.', ''),
    ('By Ann |said| so.', ''),
    ('12 |said| so.', ''),
    ('People |said| so.', 'People'),
    ('It rained, police |said| so.', 'police'),
    ('The plan, dogs of the town |said| so.', 'dogs of the town'),
    ('She |never| so.', 'She'),
    ('Nobody |said| so.', 'Nobody'),
    ('|Said| so.', ''),
    ('He always then |said| so.', 'He'),
    ('The quick brown red old fox |said| so.', 'The quick brown red old fox'),
    ('Old dogs |said| so.', 'Old dogs'),
]
# fmt: on


@pytest.mark.parametrize(("text", "phrase"), BEGINNINGS)
def test_the_noun_phrase_that_a_text_begins_with(text: str, phrase: str) -> None:
    span = noun_after(tokenize(text), 0)
    assert (text[slice(*span)] if span else "") == phrase


@pytest.mark.parametrize(("marked", "subject"), SUBJECTS)
def test_the_subject_in_front_of_a_verb(marked: str, subject: str) -> None:
    before, verb, after = marked.split("|")
    text = before + verb + after
    tokens = tokenize(text)
    index = next(i for i, token in enumerate(tokens) if token.start == len(before))
    span = subject_before(tokens, index)
    assert (text[slice(*span)] if span else "") == subject


@pytest.mark.parametrize(
    ("phrase", "noun"),
    [
        ("minister", 0),
        ("the foreign minister", 2),
        ("ambassador to Rovia", 0),
        ("the old head of the union", 2),
        ("of", 0),
        ("of the union", 2),
        ("", 0),
    ],
)
def test_what_a_phrase_is_about(phrase: str, noun: int) -> None:
    assert head(phrase.split()) == noun


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Mr. Lee's dog-house, isn’t it?", ["Mr.", "Lee's", "dog-house", ",", "isn’t", "it", "?"]),
        ("J. R. was 3.5 m (tall)", ["J.", "R.", "was", "3.5", "m", "(", "tall", ")"]),
        (f"{MASK * 5} said a_b 's", [MASK * 5, "said", "a", "_", "b", "'s"]),
        ("", []),
    ],
)
def test_words_marks_and_quotations_are_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == tokens


def test_what_begins_a_sentence_is_first_and_a_common_word_there_is_no_name() -> None:
    told = [(token.text, token.first, token.is_name) for token in tokenize("Some came. Trees fell: Ann left Some")]
    assert told == [
        ("Some", True, False), ("came", False, False), (".", False, False), ("Trees", True, True), ("fell", False, False),
        (":", False, False), ("Ann", True, True), ("left", False, False), ("Some", False, True),
    ]  # fmt: skip
    (offset,) = tokenize("Ann", 7)
    assert (offset.start, offset.end, offset.first, offset.lower, offset.is_word) == (7, 10, False, "ann", True)


PIECES = st.sampled_from(
    [MASK, *"Ann|Lee|the|old|mayor|of|,|who|said|and|(|)|—|is|to|12|'s|.|people|saying".split("|")]
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_tokens_and_phrases_stand_in_the_text(text: str) -> None:
    tokens = tokenize(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert "".join(token.text for token in tokens) == text.replace(" ", "")
    for index in range(len(tokens)):
        for span in (noun_after(tokens, index), subject_before(tokens, index)):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
