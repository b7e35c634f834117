"""Names and numbers of a question that a sentence puts others in the place of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.swapped_names import swaps

MINISTER = "The position was echoed by Armenian Foreign Minister Ararat Mirzoyan."
AMBASSADOR = "In an interview, Russian Ambassador to Armenia Sergey Kopyrkin spoke."
BASE = "The 102nd military base was opened in 1995, and it is bordered by Turkey, Iran and Georgia."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the Russian foreign minister?", MINISTER),
        ("Who is Armenia’s ambassador to Russia?", AMBASSADOR),
        ("When was the 101st military base opened?", BASE),
        ("What was opened in 1994?", BASE),
        ("What is bordered by Spain?", BASE),
        ("What did Mayow prove?", "In 1667 Boyle proved that air is needed."),
    ],
)
def test_another_name_or_number_is_noticed(question: str, sentence: str) -> None:
    assert swaps(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the Armenian foreign minister?", MINISTER),
        ("Who is Armenia's foreign minister?", MINISTER),
        ("Who is Russia's ambassador to Armenia?", AMBASSADOR),
        ("When was the 102nd military base opened?", BASE),
        ("What is bordered by Iran?", BASE),
        ("What is bordered by Georgia?", BASE),
        ("What did Kopyrkin say?", AMBASSADOR),
        ("Who is the Russian minister?", "The Armenian Minister flew to Russia."),  # may be either's
        ("What is Godel's theorem?", "In 1931 Gödel’s theorem was new."),
        ("Who leads the 15th army?", "General Moss leads army 15, the 15 army of old."),
        ("Was the base opened in 1994 or 1995?", BASE),
        ("Is it the 101st or the 102nd military base?", BASE),
        ("What opened in 1995?", "What opened in 12 places was closed later."),
        ("who is it", MINISTER),
        ("", BASE),
        ("Who is the Russian foreign minister?", ""),
    ],
)
def test_what_fits_or_stands_nowhere_is_let_be(question: str, sentence: str) -> None:
    assert not swaps(question, sentence)


@given(st.text(max_size=120))
def test_no_text_replaces_what_it_says_itself(text: str) -> None:
    assert not swaps(text, text)


# A question, a sentence, and whether that has another name or number in a place of the question's.
# fmt: off
PLACES = [
    ('Who is the Russian minister?', 'The Armenian Minister Ararat Mirzoyan spoke.', True),
    ('Who is the Russian minister?', 'The Russian Minister Ararat Mirzoyan spoke.', False),
    ('Who is the Russian minister?', 'The russian minister spoke.', False),
    ('How many soldiers of the 102nd base left?', 'The 101st base lost 5 soldiers.', True),
    ('How many soldiers of the 102nd base left?', 'The 102nd base lost 5 soldiers.', False),
    ('Where is the 1,500 men camp?', 'The 1500 men camp is here.', False),
    ('Where is the 1,500 men camp?', 'The 2500 men camp is here.', False),
    ('What did 500 soldiers do?', 'The 1,500 soldiers ran.', False),
    ('What did 1,500 soldiers do?', 'The 500 soldiers ran.', False),
    ('What happened to the 1994 treaty?', 'The 1995 treaty ended.', True),
    ('What happened to the 1994 treaty?', 'The 12 treaty ended.', False),
    ('What happened to the 12 men?', 'The 1995 men ended.', False),
    ('What happened to the 12 men?', 'The 3000 men ended.', True),
    ('What happened to the 12 men?', 'The 1,995 men ended.', True),
    ('What happened to the 12 men?', 'The 19955 men ended.', True),
    ('What happened to the 12 men?', 'The Armenian men ended.', False),
    ('What happened to the Armenian men?', 'The 12 men ended.', False),
    ('Who is the ambassador to Armenia?', 'He is ambassador to Georgia.', True),
    ('Who is the ambassador to Armenia?', 'He is ambassador to Armenia.', False),
    ('Who is the ambassador to Armenia?', 'He is ambassador to the Georgia.', True),
    ('Who is the ambassador to the Congo?', 'He is ambassador to Georgia.', True),
    ('Who is the ambassador to Armenia?', 'He is ambassador of Georgia.', False),
    ('Who is the ambassador to Armenia?', 'He is ambassador Georgia.', False),
    ('Which land is bordered by Turkey?', 'Armenia is bordered by Iran, Georgia and Turkey.', False),
    ('Which land is bordered by Turkey?', 'Armenia is bordered by Iran, Georgia and the Congo.', True),
    ('Which land is bordered by Turkey, Iran?', 'Armenia is bordered by Georgia.', True),
    ('Which land is bordered by Turkey or Iran?', 'It is bordered by Iran.', False),
    ('Which land is bordered by Iran. Turkey?', 'It is bordered by Iran but Georgia.', False),
    ("What did Lee's base do?", "Moor's base stayed.", False),
    ('What did Lee’s base do?', 'Moor’s base stayed.', False),
    ('What did Lee’s base do?', 'Lee’s base stayed.', False),
    ('When did the Lee base go to the Moor camp?', 'The Moor base went to the Lee camp.', True),
    ('When did the Lee base go to the Moor camp?', 'The Moor base of Lee went.', False),
    ('When did the Lee base stay?', 'The Moor base of Lee stayed.', False),
    ('When did the Lee base of Lee stay?', 'The Moor base of Moor, not of Lee stayed.', False),
    ('Was Godel house big?', 'Gödel house is big.', False),
    ('Was Gödel house big?', 'Godel house is big.', False),
    ('Was the Lee house big?', 'A lee house is big.', False),
    ('Lee house?', 'Moor house.', False),
    ('The Lee house?', 'The Moor house.', True),
    ('the Lee House?', 'the Moor House.', False),
    ('the Lee house?', 'the Moor House.', True),
    ('the Lee the?', 'the Moor the.', False),
    ('the Lee of?', 'the Moor of.', False),
    ('the Lee to a?', 'the Moor to a.', False),
    ('the Lee 5?', 'the Moor 5.', False),
    ('the However house?', 'the Moor house.', False),
    ('the Lee house?', 'the However house.', False),
    ('of Lee it was', 'of Moor it was', False),
    ('a man of Lee', 'a man of Moor', True),
    ('Man of Lee', 'man of Moor', False),
    ('a man in Lee', 'a man in Moor', True),
    ('a man for Lee', 'a man for Moor', True),
    ('a man from Lee', 'a man from Moor', True),
    ('a man with Lee', 'a man with Moor', True),
    ('a man at Lee', 'a man at Moor', True),
    ('a man on Lee', 'a man on Moor', True),
    ('a man between Lee', 'a man between Moor', True),
    ('a man against Lee', 'a man against Moor', True),
    ('a man under Lee', 'a man under Moor', True),
    ('a man beside Lee', 'a man beside Moor', False),
    ('a man of the Lee', 'a man of Moor', True),
    ('the end of Lee', 'of the of Moor', False),
    ('a man, of Lee', 'a man, of Moor', False),
    ('a man of Lee', 'a man of Leeds', True),
    ('a man of Armenia', 'a man of Armeni', False),
    ('a man of Armenia', 'a man of Armada', True),
    ('a man of Lee', 'a man of lee and Moor', False),
    ('a man of 5', 'a man of 5.5', False),
    ('a man of 12', 'a man of 1-2', False),
    ('a man of A-1', 'a man of B-1', True),
    ('a man of 5', 'a man of 6 and 5', False),
    ('in 1994 or 1995 men', 'in 1995 men', False),
    ('the year 1994 men', 'the year 1996 men in 1994', False),
    ('a Lee-Moor base', 'a Moor-Lee base', True),
    ('', '', False),
    ('Who?', '', False),
    ('', 'The Armenian Minister spoke.', False),
    ("the Lee's base?", "the Moor's base.", True),
    ('the Lee’s base?', 'the Moor’s base.', True),
    ("the Lee's old base?", "the Moor's old camp.", True),
    ("the Lee's?", "the Moor's.", False),
    ('a man of Lee, Moor', 'a man of Ash and Bo', True),
    ('a man of the Lee and the Moor', 'a man of Ash', True),
    ('a man of Ash', 'a man of Lee and Moor', True),
    ('a man of Ash', 'a man of Lee and Ash', False),
    ('a man of Ash', 'a man of Lee or Ash, Bo', False),
    ('a man of Ash', 'a man of Lee but Ash', False),
    ('a man of Ash and Lee', 'a man of Lee', False),
    ('a man of Lee', 'a man of the Moor AND the Ash', True),
    ('A man OF Lee', 'a man of Moor', True),
    ('a Man of Lee', 'a Man of Moor', False),
    ('a man of Lee', 'a Man of Moor', True),
    ('a man of THE Lee', 'a man of Moor', True),
    ('a man of 7', 'a man of Lee 8', True),
    ('a man of 7 or Lee', 'a man of Moor', True),
    ('a man of Armen', 'a man of Armed', False),
    ('the man of Arme', 'the man of Armb', True),
    ('the Zoé base', 'the Zoe base', False),
    ('a man of Gödel', 'a man of Godel', False),
    ('the old Jo5 base', 'the old Bo5 base', True),
    ('a 5x base', 'a 6x base', True),
    ('a Xy5 base', 'a 55 base', False),
    ('the Moor who?', 'the Ash who.', False),
    ('the Moor with', 'the Ash with', False),
    ('a base from to Moor', 'a base from to Ash', False),
    ('its Moor base and its Moor camp', 'its Ash base and its Ash camp of Moor', False),
    ('its Lee base and its Moor camp', 'its Ash base, its Bo camp, the Lee and the Moor', True),
]
# fmt: on


@pytest.mark.parametrize(("question", "sentence", "swapped"), PLACES)
def test_places_are_told_by_the_word_beside_them(question: str, sentence: str, swapped: bool) -> None:
    assert swaps(question, sentence) is swapped
