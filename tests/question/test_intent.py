"""The wording of a question tells what kind of answer it wants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.intent import (
    WHOLE_ARTICLE,
    Intent,
    asks_for_statements,
    intent_of,
    kind_of_speech,
    matter_of,
    speaker_span,
    topic_of,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the base established?", "fact"),
        ("Which countries border Armenia?", "fact"),
        ("What did Mirzoyan say?", "said"),
        ("According to Kopyrkin, what is not on the agenda?", "said"),
        ("What happened in 2020?", "happened"),
        ("And what else took place on May 9?", "happened"),
        ("What happened in 2020 in Yerevan?", "fact"),  # more than the time is asked for
        ("What happened to Mirzoyan?", "fact"),
        ("What happened in it?", "about"),
        ("Who said that?", "speaker"),
        ("And who also warned against it? (What is feared? A war.)", "speaker"),
        ("Who added the tower?", "fact"),
        ("Did Mirzoyan resign?", "yes_no"),
        ("Isn’t the base closing?", "yes_no"),
        ("What is this article about?", "about"),
        ("Please summarise the article.", "about"),
        ("TL;DR", "about"),
        ("What are the main points?", "about"),
        ("Who is mentioned?", "mentioned"),
        ("Who said what?", "who_said_what"),
        ("Hello!", "greeting"),
        ("thanks a lot", "greeting"),
        ("", "nothing"),
        ("?! …", "nothing"),
        ("🙂", "nothing"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert intent_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Mirzoyan say?", ("Mirzoyan",)),
        ("What did Mirzoyan say about Turkey?", ("Mirzoyan",)),
        ("What is the base, according to Kopyrkin?", ("Kopyrkin",)),
        ("When was Gyumri founded?", ()),
    ],
)
def test_speakers_are_those_who_are_asked_about(question: str, speakers: tuple[str, ...]) -> None:
    assert intent_of(question).speakers == speakers


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("What happened in 2020?", ("2020",)),
        ("What happened in the 1990s?", ("1990s",)),
        ("what happened on May 9, 1945", ("may", "9", "1945")),
        ("What happened in the summer of 1990?", ("1990",)),
        ("What happened in Yerevan?", ()),
        ("What did Mirzoyan say in 2020?", ()),
    ],
)
def test_the_time_that_events_are_asked_for(question: str, times: tuple[str, ...]) -> None:
    assert intent_of(question).times == times


@given(st.text(max_size=150))
def test_every_question_is_of_some_kind(question: str) -> None:
    intent = intent_of(question)
    assert intent.kind == "nothing" or any(c.isalnum() for c in question)
    assert set(intent.speakers) <= set(intent.names)
    assert intent.kind == "said" or intent.speakers == ()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did Mirzoyan say?", set()),
        ("What did Mirzoyan say about the base?", {"base"}),
        ("What did the Armenian foreign minister Ararat Mirzoyan say?", set()),
        ("What did the union say about it?", set()),
        ("According to the ambassador, what is on the agenda?", {"agenda"}),
    ],
)
def test_what_somebody_is_asked_to_have_spoken_of(question: str, topic: set[str]) -> None:
    assert topic_of(question, intent_of(question)) == topic


@pytest.mark.parametrize(
    ("question", "called"),
    [
        ("What did the Rovian coach say?", "the Rovian coach"),
        ("what did mirzoyan say about tea", "mirzoyan"),
        ("According to Anna Lee, why?", "Anna Lee"),
        ("When was it built?", None),
    ],
)
def test_who_is_asked_to_have_spoken_stands_in_the_question(question: str, called: str | None) -> None:
    span = speaker_span(question)
    assert (question[slice(*span)] if span else None) == called


# fmt: off
INTENTS = [
    ('When was the base established?', Intent('fact')),
    ('Why did Ann Lee say that?', Intent('fact', names=('Ann Lee',))),
    ('And when did Ann Lee say that?', Intent('fact', names=('Ann Lee',))),
    ('Who said that?', Intent('speaker')),
    ('And who also warned against it?', Intent('speaker')),
    ('Who was it that said it rained?', Intent('speaker')),
    ('Who recently claimed it?', Intent('speaker')),
    ('Who added the tower?', Intent('fact')),
    ('What happened in 2020?', Intent('happened', times=('2020',))),
    ('And what else took place on May 9?', Intent('happened', times=('may', '9'))),
    ('what happened in the year of 1990', Intent('happened', times=('1990',))),
    ('What happened in late May 2020?', Intent('happened', times=('may', '2020'))),
    ('What happened in 2020 in Yerevan?', Intent('fact', names=('Yerevan',))),
    ('What happened to Mirzoyan?', Intent('fact', names=('Mirzoyan',))),
    ('Did Mirzoyan resign?', Intent('yes_no', names=('Mirzoyan',))),
    ('So did Mirzoyan resign or stay?', Intent('fact', names=('Mirzoyan',))),
    ('What is this article about?', Intent('about')),
    ('Please summarise the article.', Intent('about')),
    ('Can you give me a short summary of the text in three sentences, please?', Intent('about')),
    ('TL;DR', Intent('about', names=('TL', 'DR'))),
    ('In short, what are the main points?', Intent('about')),
    ('What happened in it?', Intent('about')),
    ('What does the whole report say?', Intent('about')),
    ('Describe this.', Intent('about', names=('Describe',))),
    ('Who is mentioned?', Intent('mentioned')),
    ('Which people are named in the article?', Intent('mentioned')),
    ('The main people', Intent('mentioned')),
    ('Who said what?', Intent('who_said_what')),
    ('Which opinions are expressed?', Intent('who_said_what')),
    ('All the quotes in the text', Intent('who_said_what')),
    ('Who is quoted in it?', Intent('who_said_what')),
    ('How does it end?', Intent('ending')),
    ('What is the conclusion?', Intent('ending')),
    ('Summarise the match', Intent('about')),
    ('Give me a short summary of the study in two sentences', Intent('about')),
    ('What is this about in a nutshell?', Intent('about')),
    ('What should I remember from this?', Intent('about')),
    ('What are the arguments?', Intent('point')),
    ('What does the author propose?', Intent('point')),
    ('What do the researchers conclude?', Intent('point')),
    ('What is new?', Intent('point')),
    ('What were the results of the election?', Intent('fact')),
    ('Hello!', Intent('greeting')),
    ('thanks a lot', Intent('greeting')),
    ('Hi there, who are you?', Intent('greeting')),
    ('', Intent('nothing')),
    ('?! …', Intent('nothing')),
    ('x', Intent('nothing')),
    ('hm', Intent('nothing')),
    ('12', Intent('nothing')),
    ('1995', Intent('fact')),
    ('é', Intent('fact')),
    ('ok', Intent('greeting')),
    ('Did Ann say that Bo said it?', Intent('yes_no', names=('Ann', 'Bo'))),
    ('What did Ann say when she thought of tea?', Intent('fact', names=('Ann',))),
    ('AND Why did Ann Lee say that?', Intent('fact', names=('Ann Lee',))),
    ('HM, x', Intent('nothing')),
    ('Describe this now', Intent('fact', names=('Describe',))),
    ('when did it happen and what did Ann Lee say about tea', Intent('fact', names=('Ann Lee',))),
]
# A question on what somebody said, its intent, how it calls who spoke, the stems of what they spoke of, the words for that,
# and whether what they said is asked for as a whole.
SAID = [
    ('What did Mirzoyan say?', Intent('said', names=('Mirzoyan',), speakers=('Mirzoyan',)), 'Mirzoyan', '', '', True),
    ('what did mirzoyan say about tea', Intent('said', roles=('mirzoyan',)), 'mirzoyan', 'tea', 'tea', True),
    ('What did the Rovian coach say?', Intent('said', names=('Rovian',), roles=('Rovian coach',)), 'the Rovian coach', '', '', False),
    ('What did the coach and the captain say about it?', Intent('said', roles=('coach', 'captain')), 'the coach and the captain', '', '', True),
    ('What did the coach and captain each say?', Intent('said', roles=('coach', 'captain')), 'the coach and captain each', '', '', False),
    ('What did Ann Lee and Bo Ray both say?', Intent('said', names=('Ann Lee', 'Bo Ray'), speakers=('Ann Lee', 'Bo Ray')), 'Ann Lee and Bo Ray both', '', '', True),
    ('What did Ann Lee and the coach say?', Intent('said', names=('Ann Lee',), roles=('Ann Lee', 'coach')), 'Ann Lee and the coach', '', '', False),
    ('What did the Minister say?', Intent('said', roles=('Minister',)), 'the Minister', '', '', False),
    ('What did he say?', Intent('said'), 'he', '', '', False),
    ('What did the article say about Elm?', Intent('said', names=('Elm',)), 'the article', 'elm', 'Elm', True),
    ('What has the coach also said?', Intent('said', roles=('coach',)), 'the coach', '', '', False),
    ('What does Ann Lee think of the pier?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'pier', 'the pier', False),
    ("What is Ann Lee's opinion of the pier?", Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', 'pier', 'the pier', False),
    ('What are Ann Lee’s views on the pier?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', 'pier', 'the pier', False),
    ('What is the position of Ann Lee on the pier?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', 'pier', 'Ann Lee on the pier', False),
    ('What was quoted Ann Lee?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', '', '', True),
    ('According to Kopyrkin, what is not on the agenda?', Intent('said', names=('Kopyrkin',), speakers=('Kopyrkin',)), 'Kopyrkin', 'agenda', '', False),
    ('What is the base, according to the ambassador?', Intent('said', roles=('ambassador',)), 'the ambassador', 'base', '', False),
    ('According to the old ambassador, why?', Intent('said', roles=('old ambassador',)), 'the old ambassador', '', '', False),
    ('What did Ann Lee tell Bo Ray about the pier?', Intent('said', names=('Ann Lee', 'Bo Ray'), speakers=('Ann Lee',)), 'Ann Lee', 'bo pier ray', 'the pier', True),
    ('What did Ann Lee tell the paper regarding tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'paper regard tea', 'tea', True),
    ('What did Ann Lee say concerning tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'concern tea', 'tea', True),
    ('What else did Ann Lee say?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'els', '', False),
    ('And what did Ann Lee say about tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'tea', 'tea', True),
    ("What did Ann Lee's dog say?", Intent('said', names=('Ann Lee',), roles=("Ann Lee's dog",)), "Ann Lee's dog", '', '', False),
    ('What was said by Ann Lee about tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', 'tea', 'tea', False),
    ('What did Ann Lee say will stay?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'stay', '', False),
    ('What did Lee say to Mr. Ash of Elm?', Intent('said', names=('Lee', 'Ash of Elm'), speakers=('Lee',)), 'Lee', 'ash elm mr', '', False),
    ('What remarks did Ann Lee make?', Intent('said', names=('Ann Lee',)), '', 'ann lee make', '', False),
    ('What did Ann Lee give her comments on?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', '', '', True),
    ('Ann Lee said what about tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), '', 'tea', 'tea', False),
    ('What, according to Ann and Bo, is it?', Intent('said', names=('Ann', 'Bo'), speakers=('Ann', 'Bo')), 'Ann and Bo', '', '', True),
    ("What did the union's members themselves say about pay?", Intent('said', roles=("union's members",)), "the union's members", 'pay themselv', 'pay', True),
    ('What did that old woman first tell us about the sea?', Intent('said', roles=('old woman',)), 'that old woman', 'first sea', 'the sea', True),
    ('What do they think about tea?', Intent('said'), 'they', 'tea', 'tea', True),
    ('What did Ann Lee say Bo Ray thinks of tea?', Intent('said', names=('Ann Lee', 'Bo Ray'), speakers=('Ann Lee', 'Bo Ray')), 'Ann Lee', 'tea', 'tea', False),
    ('WHAT DID ANN LEE SAY ABOUT TEA?', Intent('said', names=('ANN LEE SAY', 'TEA')), 'ANN LEE', 'tea', 'TEA', True),
    ('What Did THE Coach AND The Captain EACH Say?', Intent('said', names=('AND', 'EACH Say'), roles=('Coach', 'Captain')), 'THE Coach AND The Captain EACH', '', '', False),
    ("WHAT IS ANN LEE'S OPINION OF TEA?", Intent('said', names=("ANN LEE'S OPINION", 'TEA'), speakers=('TEA',)), '', 'ann lee', 'TEA', False),
    ('According To THE Coach, What Is It?', Intent('said', roles=('Coach',)), 'THE Coach', '', '', False),
    ('What did He say?', Intent('said'), 'He', '', '', False),
    ('What did he and the coach say?', Intent('said'), 'he and the coach', '', '', False),
    ('What does Ann Lee think about what Bo Ray said about tea?', Intent('said', names=('Ann Lee', 'Bo Ray'), speakers=('Ann Lee', 'Bo Ray')), 'Ann Lee', 'tea', 'what Bo Ray said about tea', True),
    ('What did Ann Lee say of her position on tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'tea', 'tea', False),
    ('What did Ann say aboutish tea?', Intent('said', names=('Ann',), speakers=('Ann',)), 'Ann', 'aboutish tea', '', False),
    ('What is said about tea?', Intent('said'), '', 'tea', 'tea', False),
    ('What did Ann Lee say? What about tea?', Intent('said', names=('Ann Lee',), speakers=('Ann Lee',)), 'Ann Lee', 'tea', 'tea', True),
]
# fmt: on


@pytest.mark.parametrize(("question", "intent"), INTENTS)
def test_the_intent_of_a_question(question: str, intent: Intent) -> None:
    assert intent_of(question) == intent
    assert not asks_for_statements(question, intent)
    assert matter_of(question, intent) == ""


@pytest.mark.parametrize(("question", "intent", "called", "topic", "matter", "whole"), SAID)
def test_what_is_asked_of_a_speaker(
    question: str, intent: Intent, called: str, topic: str, matter: str, whole: bool
) -> None:
    assert intent_of(question) == intent
    span = speaker_span(question)
    assert (question[slice(*span)] if span else "") == called
    assert " ".join(sorted(topic_of(question, intent))) == topic
    assert matter_of(question, intent) == matter
    assert asks_for_statements(question, intent) is whole


def test_what_the_turns_before_add_counts_for_its_names_alone() -> None:
    assert intent_of("What did he say?", "Did Ann Lee say that?") == Intent("said", names=("Ann Lee",))
    assert intent_of("Why?", "What did Ann Lee say?") == Intent("fact", names=("Ann Lee",))
    assert intent_of("Why?") == Intent("fact")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What are these articles about?", "about"),
        ("What is each of my reports about?", "about"),
        ("What are the texts about?", "about"),
        ("What do all the documents say?", "about"),
        ("Summarise both papers.", "about"),
        ("Sum up each one", "about"),
        ("How do the three articles end?", "ending"),
        ("What do the reports say?", "said"),
        ("What do the articles say about bees?", "said"),
        ("What are the bees about?", "fact"),
    ],
)
def test_several_articles_may_be_asked_about_as_a_whole(question: str, kind: str) -> None:
    assert intent_of(question).kind == kind


def test_questions_on_the_whole_article_are_of_five_kinds() -> None:
    assert {"about", "point", "ending", "mentioned", "who_said_what"} == WHOLE_ARTICLE


@pytest.mark.parametrize(
    ("question", "kind", "one_kind"),
    [
        ("What did Ann Lee promise?", "said", "pledged"),
        ("What did Ann Lee deny?", "said", "denied"),
        ("What has Ann Lee predicted about the lake?", "said", "forecast"),
        ("What did Ann Lee warn?", "said", "cautioned"),
        ("What did Ann Lee tweet?", "said", "tweeted"),
        ("What did Ann Lee write on Monday?", "said", "wrote"),
        ("What did Ann Lee insist?", "said", ""),
        ("What did Ann Lee say?", "said", ""),
        ("What did the promised bridge cost?", "fact", ""),
        ("What peace have Elm and Oak maintained?", "fact", ""),
        ("What did Ann Lee report?", "fact", ""),
    ],
)
def test_each_verb_of_speech_asks_for_statements(question: str, kind: str, one_kind: str) -> None:
    intent = intent_of(question)
    assert intent.kind == kind
    assert (one_kind in kind_of_speech(question)) if one_kind else not kind_of_speech(question)
    if kind == "said":
        assert intent.speakers == ("Ann Lee",)
        assert topic_of(question, intent) <= {"lake", "monday"}
