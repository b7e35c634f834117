"""What did X say about a matter, in other words than X's."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import WordEmbedder

from assistant.articles.sentences import Sentence
from assistant.assistant import Assistant
from assistant.finding.search import Candidate, search
from assistant.finding.subject import MATTER_FEATURES, matter_features, on_matter, with_matter
from assistant.library.store import StoredSentence
from assistant.networks.scores import fitted_probability
from assistant.question.intent import intent_of, matter_of
from training.fit_matter import QUESTIONS, MatterQuestion, asked, read, with_another_matter

Open = Callable[..., Assistant]
TALKS = (
    "Peru and Bolivia will patrol the lake together. “We have signed documents before,” Elena Carbajal said. “What we lacked "
    "was anyone to enforce them.” She added that the ambassador would go back to La Paz in May. Tomás Larico, president "
    "of the fishermen's union, said nets would be banned close to the shore. The European Union pays for six boats. "
    "Larico said his members had not been consulted."
)


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What did Carbajal say about earlier agreements?", "earlier agreements"),
        ("what does Carbajal think of the boats", "the boats"),
        ("What is Carbajal's view on fishing at night?", "fishing at night"),
        ("What did Larico tell reporters about the union's members?", "the union's members"),
        ("What did Carbajal say?", ""),
        ("What is the opinion of Carbajal?", ""),
        ("Who spoke about the boats?", ""),
        ("What did Carbajal say will stay?", ""),
    ],
)
def test_the_matter_is_what_stands_behind_about(question: str, matter: str) -> None:
    assert matter_of(question, intent_of(question)) == matter


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    from assistant.settings import Settings

    assistant = Assistant.open(Settings(library=tmp_path_factory.mktemp("talks")))
    assistant.add(TALKS)
    return assistant


def test_a_statement_on_the_matter_is_given_in_whatever_words_it_is_asked_for(talks: Assistant) -> None:
    answer = talks.ask("What did Carbajal say about earlier agreements?")
    assert "“We have signed documents before,” Elena Carbajal said." in [c.sentence.text for c in answer.citations]
    assert {c.sentence.speaker for c in answer.citations} == {"Elena Carbajal"}
    assert 0.5 < answer.confidence < 1


@pytest.mark.parametrize(
    "question",
    [
        "What did Carbajal say about the nets?",  # Larico did
        "What did Carbajal say about the price of copper?",
        "What did Larico say about the European Union?",  # a name is no matter of likeness
    ],
)
def test_what_somebody_did_not_speak_of_is_refused(talks: Assistant, question: str) -> None:
    assert talks.ask(question).abstained


def test_careful_readers_are_given_less(talks: Assistant) -> None:
    near, probability = on_matter(
        talks.inquire("What did Carbajal say about the price of copper?", last="search").candidates
    )
    assert {c.stored.sentence.speaker for c in near} == {"Elena Carbajal"}
    assert probability < 0.4
    assert len(near) == 2


def test_candidates_have_no_likeness_where_no_matter_is_asked_for(talks: Assistant) -> None:
    for question in ("What did Carbajal say?", "How many boats are there?", "What did Nobody say about boats?"):
        assert all(c.likeness is None for c in talks.inquire(question, last="search").candidates)


def candidate(i: int, text: str, spoken: bool, likeness: float | None = None) -> Candidate:
    stored = StoredSentence(i, "a", "Talks", Sentence(text, i * 100, i * 100 + len(text), i))
    return Candidate(stored, None, None, spoken, (), 0.5, {}, likeness)


def test_the_two_likest_statements_of_the_speaker_are_on_the_matter() -> None:
    found = [candidate(i, "Tea.", i != 2, likeness) for i, likeness in enumerate([0.3, 0.9, 0.95, 0.5, None])]
    chosen, probability = on_matter(found)
    assert [c.stored.id for c in chosen] == [1, 3]
    assert matter_features(found) == [0.9, 0.95]
    assert probability == fitted_probability("matter", MATTER_FEATURES, [0.9, 0.95])
    assert on_matter(found[:1])[1] == fitted_probability("matter", MATTER_FEATURES, [0.3, 0.0])
    assert on_matter(found[4:]) == on_matter(found[2:3]) == on_matter([]) == ([], 0.0)
    assert matter_features([]) == [0.0, 0.0]


def test_likeness_is_the_cosine_with_the_matter_unless_a_name_in_it_is_not_spoken_of(
    quick: Open,
) -> None:
    assistant = quick()
    assistant.add("Ann Lee said that Norway is cold. Ann Lee said that tea is hot. The tea of Norway is green.")
    embedder = WordEmbedder()

    def likenesses(question: str) -> list[float | None]:
        intent = intent_of(question)
        found = search(assistant.store, embedder, question, intent)
        told = with_matter(found, question, intent, assistant.store, embedder)
        assert [replace(c, likeness=None) for c in told] == found
        return [c.likeness for c in sorted(told, key=lambda c: c.stored.id)]

    def cosine(matter: str, text: str) -> float:
        one, other = embedder.embed([matter, text])
        return float(one @ other)

    texts = [s.text for s in assistant.articles()[0].sentences]
    assert likenesses("What did Ann Lee say about tea?") == pytest.approx([cosine("tea", t) for t in texts], abs=1e-6)
    norway = likenesses("What did Ann Lee say about Norway?")
    assert norway[1] is None  # she does not speak of Norway there
    assert [norway[0], norway[2]] == pytest.approx([cosine("Norway", texts[i]) for i in (0, 2)], abs=1e-6)
    assert likenesses("What did Ann Lee say?") == [None] * 3
    assert likenesses("Is tea hot in Norway?") == [None] * 3
    assert likenesses("What did Bo Ray say about tea?") == [None] * 3  # he says nothing


@pytest.mark.models
class TestFit:
    def test_the_questions_hold_what_they_promise(self) -> None:
        questions = read(QUESTIONS)
        assert len(questions) == 120
        assert sum(bool(q.support) for q in questions) == 60
        assert len({q.text for q in questions}) == 30
        assert all(q.matter for q in questions)
        assert all(sentence in q.text for q in questions for sentence in q.support)

    def test_another_matter_takes_the_place_of_the_one_asked_for(self) -> None:
        one = MatterQuestion("Tea", "Ann spoke.", "What did Ann say about tea?", ("Ann spoke.",))
        other = MatterQuestion("Rain", "Bo spoke.", "What does Bo think of rain in May?")
        asked_instead = "What did Ann say about rain in May?"
        assert with_another_matter(one, other) == MatterQuestion("Tea", "Ann spoke.", asked_instead)

    def test_features_and_labels_of_an_article(self) -> None:
        support = "“We have signed documents before,” Elena Carbajal said."
        one = MatterQuestion("Talks", TALKS, "What did Carbajal say about earlier agreements?", (support,))
        other = MatterQuestion("Tea", "Nothing.", "What did Ann say about the price of tea?")
        features, right, answerable, titles = asked([one, other], random.Random(0))
        assert titles == ["Talks", "Talks"]  # nobody speaks in the other one
        assert list(right) == [True, False]
        assert list(answerable) == [True, False]
        assert features[0][0] > features[1][0]
