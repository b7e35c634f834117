"""A sentence tells who reports something: the verb of speech, its subject, and whether the sentence itself holds what is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.english.noun_phrases import MASK
from assistant.english.speech_verbs import VERBS
from assistant.speech.reports import Report, find_reports

# In each: the sentence, with █ for a quotation; the words of subject and verb, the subject in brackets; the verb.
# What is said is a clause of the verb.
WITH_A_CLAUSE = [
    ("Ann Lee said that it rained.", "[Ann Lee] said", "said"),
    ("Ann Lee said the pier would close.", "[Ann Lee] said", "said"),
    ("Ann Lee said: █", "[Ann Lee] said", "said"),
    ("Ann Lee said in May that █.", "[Ann Lee] said", "said"),
    ("Ann Lee noted that it rained.", "[Ann Lee] noted", "noted"),
    ("Ann Lee noted the pier was cold.", "[Ann Lee] noted", "noted"),
    ("Ann Lee noted in passing how cold it was.", "[Ann Lee] noted", "noted"),
    ("Ann Lee noted what is new.", "[Ann Lee] noted", "noted"),
    ("Ann Lee wondered whether it rained.", "[Ann Lee] wondered", "wondered"),
    ("Ann Lee wondered if it rained.", "[Ann Lee] wondered", "wondered"),
    ("Ann Lee wondered why it rained.", "[Ann Lee] wondered", "wondered"),
    ("Ann Lee explained how it works.", "[Ann Lee] explained", "explained"),
    ("Ann Lee wrote that the letter had come.", "[Ann Lee] wrote", "wrote"),
    ("Ann Lee added, that it rained.", "[Ann Lee] added", "added"),
    ("Ann Lee told reporters that it rained.", "[Ann Lee] told", "told"),
    ("Ann Lee told the paper it would rain.", "[Ann Lee] told", "told"),
    ("Ann Lee told Bo Ray he was late.", "[Ann Lee] told", "told"),
    ("Ann Lee told the Courier she was late.", "[Ann Lee] told", "told"),
    ("Ann Lee asked if anyone knew.", "[Ann Lee] asked", "asked"),
    ("Ann Lee left early, adding that he was tired.", "[Ann Lee] left early, adding", "adding"),
    ("The dogs claim that it rained.", "[The dogs] claim", "claim"),
    ("The dog would claim that it rained.", "[The dog] would claim", "claim"),
    ("They say that it rained.", "[They] say", "say"),
    ("We say that it rained.", "[We] say", "say"),
    ("I think that it rained.", "[I] think", "think"),
    ("You say that it rained.", "[You] say", "say"),
    ("Some say that it rained.", "[Some] say", "say"),
    ("Many say that it rained.", "[Many] say", "say"),
    ("People say that it rained.", "[People] say", "say"),
    ("Most say that it rained.", "[Most] say", "say"),
    ("Police say that it rained.", "[Police] say", "say"),
    ("Ann Lee and Bo Ray say that it rained.", "[Ann Lee and Bo Ray] say", "say"),
    ("Scientists at the institute warn that it rained.", "[Scientists at the institute] warn", "warn"),
    ("Fans from Elm say that it rained.", "[Fans from Elm] say", "say"),
    ("Bakers in Elm say that it rained.", "[Bakers] in Elm say", "say"),
    ("Heads of the union say that it rained.", "[Heads] of the union say", "say"),
    ("The town fears that it rains.", "[The town] fears", "fears"),
    ("The head of the study said that it rained.", "[The head of the study] said", "said"),
    ("Ann Lee is adamant that it rained.", "[Ann Lee] is adamant that", "adamant"),
    ("The men are worried that it rained.", "[The men] are worried that", "worried"),
    ("Ann Lee was sure whether it rained.", "[Ann Lee] was sure whether", "sure"),
    ("Ann Lee remains hopeful that it rained.", "[Ann Lee] remains hopeful that", "hopeful"),
    ("█, she is sure that it rained.", "[she] is sure that", "sure"),
]
# The sentence holds what is said, in no clause of the verb.
WITHOUT = [
    ("Ann Lee said, and left.", "[Ann Lee] said", "said"),
    ("Ann Lee says (again) it leaks.", "[Ann Lee] says", "says"),
    ("Ann Lee said █.", "[Ann Lee] said", "said"),
    ("Ann Lee said in a low voice: █", "[Ann Lee] said", "said"),
    ("The pool, Ann Lee added, is cold.", "[Ann Lee] added", "added"),
    ("The pool, Ann Lee told reporters on a call, is cold.", "[Ann Lee] told", "told"),
    ("The pool, as Ann Lee noted, is cold.", "[Ann Lee] noted", "noted"),
    ("The pool is cold, Ann Lee noted.", "[Ann Lee] noted", "noted"),
    ("The pool is cold as Ann Lee noted on Monday.", "[Ann Lee] noted", "noted"),
    ("█ Ann Lee noted.", "[Ann Lee] noted", "noted"),
    ("█ said Ann Lee.", "said [Ann Lee]", "said"),
    ("█ said the old woman of the mill.", "said [the old woman of the mill]", "said"),
    ("█ then said they.", "said [they]", "said"),
    ("█, he told Bo Ray.", "[he] told", "told"),
    ("█, said Ann Lee of the union.", "said [Ann Lee]", "said"),
    ("█ said Ann Lee on the way home.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee in May.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee on Monday.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee at noon.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee after lunch.", "said [Ann Lee]", "said"),
    ("The pool is cold, said Ann Lee, who swims.", "said [Ann Lee]", "said"),
    ("The pool is cold, said the mayor.", "said [the mayor]", "said"),
    ("The pool is cold, said his sister.", "said [his sister]", "said"),
    ("Ann Lee called it █.", "[Ann Lee] called", "called"),
    ("Ann Lee called it “a mess” at once.", "[Ann Lee] called", "called"),
    ("Ann Lee called the long delay of the new line █ and left.", "[Ann Lee] called", "called"),
    ("Ann Lee describes the town as █.", "[Ann Lee] describes", "describes"),
    ("According to Ann Lee, it rained.", "According to [Ann Lee]", "according"),
    ("It rained, according to the mayor of Elm.", "according to [the mayor of Elm]", "according"),
    (
        "According to the long-serving former deputy secretary general of the great and very old Bakers' Union of the town of Sandholm, it rained.",
        "According to [the long-serving former deputy secretary general]",
        "according",
    ),
    ("In the words of Ann Lee, it rained.", "In the words of [Ann Lee]", "according"),
    ("in the words of Ann Lee, it rained", "in the words of [Ann Lee]", "according"),
    ("In the opinion of Ann Lee, it rained.", "In the opinion of [Ann Lee]", "according"),
    ("In the view of Ann Lee, it rained.", "In the view of [Ann Lee]", "according"),
    ("It was a mess, as claimed by Ann Lee.", "claimed by [Ann Lee]", "according"),
    ("It was, as first claimed by Ann Lee, a mess.", "claimed by [Ann Lee]", "according"),
    ("It was a song described by Ann Lee as █.", "described by [Ann Lee]", "according"),
    ("The plan called █ by Ann Lee failed.", "called █ by [Ann Lee]", "according"),
    ("In Ann Lee's words, it rained.", "In [Ann Lee]'s words", "according"),
    ("In Ann Lee’s own words: █", "In [Ann Lee]’s own words", "according"),
    ("In her opinion, it rained.", "In [her] opinion", "according"),
    ("It rained, in his view.", "in [his] view", "according"),
    ("In their own words, it rained.", "In [their] own words", "according"),
    ("In James' view, it rained.", "In [James]' view", "according"),
]
# Somebody speaks, but what is said is the quotation beside it, or is not told.
TAGS = [
    ("Ann Lee said nothing.", "[Ann Lee] said", "said"),
    ("Ann Lee said to leave.", "[Ann Lee] said", "said"),
    ("Ann Lee noted the rain.", "[Ann Lee] noted", "noted"),
    ("Ann Lee noted that same day the rain.", "[Ann Lee] noted", "noted"),
    ("Ann Lee noted that day the rain.", "[Ann Lee] noted", "noted"),
    ("Ann Lee wrote a letter to the king.", "[Ann Lee] wrote", "wrote"),
    ("Ann Lee wrote the letter had come.", "[Ann Lee] wrote", "wrote"),
    ("Ann Lee told the crowd. █", "[Ann Lee] told", "told"),
    ("Ann Lee told the crowd in May: █", "[Ann Lee] told", "told"),
    ("Ann Lee told a long story.", "[Ann Lee] told", "told"),
    ("Ann Lee asked for tea.", "[Ann Lee] asked", "asked"),
    ("The pool is cold, Ann Lee noted with joy and left.", "[Ann Lee] noted", "noted"),
    ("█ Ann Lee noted with joy and left.", "[Ann Lee] noted", "noted"),
    ("█ so cried Bo Ray.", "cried [Bo Ray]", "cried"),
    ("█ thus wrote Bo Ray, laughing.", "wrote [Bo Ray]", "wrote"),
    ("█ asked Bo Ray.", "asked [Bo Ray]", "asked"),
    ("█ – cried Bo Ray, laughing.", "cried [Bo Ray]", "cried"),
    ("█ whispered Bo Ray again.", "whispered [Bo Ray]", "whispered"),
    ("█ They called Bo Ray.", "[They] called", "called"),
    ("The pool is cold, cried Ann Lee.", "cried [Ann Lee]", "cried"),
    ("The pool is cold, called Ann Lee.", "called [Ann Lee]", "called"),
    ("The pool is cold, noted Ann Lee: nobody came.", "noted [Ann Lee]", "noted"),
    ("Ann Lee whispered a word █.", "[Ann Lee] whispered", "whispered"),
    ("Ann Lee cried in a very loud and clear voice, █", "[Ann Lee] cried", "cried"),
    ("Ann Lee called. █", "[Ann Lee] called", "called"),
    ("Ann Lee praised █.", "[Ann Lee] praised", "praised"),
    ("Ann Lee left early, saying █.", "[Ann Lee] left early, saying", "saying"),
    ("The claim said by the mayor that it rained was false.", "said by [the mayor]", "according"),
    ("It was a song described by Ann Lee.", "described by [Ann Lee]", "according"),
    ("As the song described by Ann Lee ended, it rained.", "described by [Ann Lee]", "according"),
    ("The dogs went quietly: █", "[The dogs] went", "went"),
    ("They had never told: █", "[They] had never told", "told"),
    ("She noted again and again and again and again and again that it rained.", "[She] noted", "noted"),
]
# Nobody says anything.
NOBODY = [
    "Ann Lee thought he might stay.",
    "█ told Bo Ray.",
    "Then said Ann Lee it rained.",
    "Said Ann Lee: █",
    "The pool is cold – said Ann Lee.",
    "The pool is cold. Cried Ann Lee, it is.",
    "It rained and whispered Ann Lee.",
    "Ann Lee whispered.",
    "Ann Lee whispered: go home.",
    "Ann Lee called it a mess at once.",
    "The base was noted for its size.",
    "It is often said that it rained.",
    "It was also claimed that it rained.",
    "It's said that it rained.",
    "The plan, being called █, failed.",
    "The dog claim that it rained.",
    "Who say that it rained?",
    "The owner of the pools say that it rained.",
    "Critics by the river say that it rained.",
    "Men on the pier say that it rained.",
    "Owners with dogs say that it rained.",
    "Owners for change say that it rained.",
    "Her claims can be dealt with later.",
    "The town claims may be late.",
    "The town fears are real.",
    "There said that it rained.",
    "That said that it rained.",
    "What said that it rained?",
    "This said that it rained.",
    "The hat, which said that it rained, is red.",
    "The study said that it rained.",
    "Two studies said that it rained.",
    "The findings of the team said that it rained.",
    "The data used by Ann Lee suggest that it rained.",
    "The idea in the book said that it rained.",
    "The note for the guard said that it rained.",
    "The film by Bo Ray suggests that it rained.",
    "The law on dogs states that it rained.",
    "Lee’s said that it rained.",
    "According to legend, it rained.",
    "According to it, it rained.",
    "According to which it rained.",
    "In the very old and grey mayor's view, it rained.",
    "It is certain that it rained.",
    "There is sure that it rained.",
    "That is sure that it rained.",
    "This is sure that it rained.",
    "Who is sure that it rained?",
    "What is sure that it rained?",
    "The study is sure that it rained.",
    "Is afraid that it rained.",
    "█ Ann Lee █ said that it rained.",
    "According to The law, it rained.",
    "Noted by Ann Lee in May as █.",
    "Noted by Ann Lee in May.",
    "The pool is cold - said Ann Lee.",
    "The pool is cold — said Ann Lee.",
]


def reports(sentence: str) -> list[Report]:
    return find_reports(sentence.replace("█", MASK * 3))


def shown(sentence: str, report: Report) -> tuple[str, str]:
    """Returns the words of a report, its subject in brackets, and its verb."""
    text, end = sentence.replace("█", MASK * 3), report.subject_start + len(report.subject)
    assert text[report.subject_start : end] == report.subject
    words = f"{text[report.start : report.subject_start]}[{report.subject}]{text[end : report.end]}"
    return words.replace(MASK * 3, "█"), report.verb


@pytest.mark.parametrize(
    ("sentence", "words", "verb", "holds", "own_clause"),
    [(*case, True, True) for case in WITH_A_CLAUSE]
    + [(*case, True, False) for case in WITHOUT]
    + [(*case, False, False) for case in TAGS],
)
def test_who_says_it_and_where_what_is_said_stands(
    sentence: str, words: str, verb: str, holds: bool, own_clause: bool
) -> None:
    (report,) = reports(sentence)
    assert shown(sentence, report) == (words, verb)
    assert (report.reports, report.own_clause) == (holds, own_clause)


@pytest.mark.parametrize("sentence", NOBODY)
def test_no_report(sentence: str) -> None:
    assert reports(sentence) == []


def test_reports_come_in_the_order_of_their_words() -> None:
    sentence = "According to the mayor, Ann Lee said █ and Bo Ray added that it was late."
    assert [(report.subject, report.verb) for report in reports(sentence)] == [
        ("the mayor", "according"),
        ("Ann Lee", "said"),
        ("Bo Ray", "added"),
    ]


def test_a_verb_with_a_colon_of_its_own_has_a_clause_but_reports_nothing_where_it_only_tags() -> None:
    (report,) = reports("People put: █")
    assert (report.subject, report.reports, report.own_clause) == ("People", False, True)


PIECES = [
    MASK * 2,
    *sorted(VERBS),
    *"Ann|Lee|the mayor|it|that|by|was|according to|adamant that|,|.|:|who|they".split("|"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_a_report_holds_its_subject_and_stands_in_the_sentence(sentence: str) -> None:
    found = find_reports(sentence)
    assert [report.start for report in found] == sorted(report.start for report in found)
    for report in found:
        assert 0 <= report.start <= report.subject_start < report.end <= len(sentence)
        assert report.subject
        assert MASK not in report.subject
        assert report.verb == report.verb.lower()
