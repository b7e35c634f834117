"""One score: a probability that rises with what search and the reader say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import Sentence
from assistant.finding.ranking import (
    ANSWER_FEATURES,
    BESIDE_FEATURES,
    BY_ITSELF_FEATURES,
    MAX_BY_ITSELF,
    MAX_WORSE_BY_ITSELF,
    answer_features,
    beside_features,
    beside_score,
    best_reading,
    by_itself_features,
    combined,
    holder_of,
    holding_sentence,
    likeliest,
    probability,
    rank,
    read_answer,
    short_answer,
)
from assistant.finding.search import FEATURES, Candidate
from assistant.library.store import StoredSentence
from assistant.networks.onnx_model import MODELS
from assistant.networks.reader import Passage, Reading
from assistant.networks.scores import coefficients, fitted_probability, logistic, logit
from assistant.question.intent import Intent

TEXTS = ("The base stays.", "Bananas are yellow.", "Nobody asked.")


def candidate(
    position: int, score: float, article_id: str = "a", covered: tuple[str, ...] = (), shares: float = 0.25
) -> Candidate:
    start = sum(len(text) + 1 for text in TEXTS[:position])
    sentence = Sentence(TEXTS[position], start, start + len(TEXTS[position]), position)
    stored = StoredSentence(10 + position, article_id, "Base", sentence)
    return Candidate(stored, 1, None, False, (0.0,) * len(FEATURES), score, dict.fromkeys(covered, shares))


def reading(support: tuple[float, ...], span: tuple[int, int] | None = (0, 4), span_score: float = 1.0) -> Reading:
    sentences = tuple(candidate(i, 0.5).stored.sentence for i in range(3))
    return Reading(Passage("a", " ".join(TEXTS), sentences), support, span, span_score, 0.2)


def by_itself(position: int, support: float, span_score: float, no_answer: float = 0.2) -> Reading:
    sentence = candidate(position, 0.5).stored.sentence
    passage = Passage("a", sentence.text, (sentence,))
    return Reading(passage, (support,), (sentence.start, sentence.end), span_score, no_answer)


probabilities = st.floats(0, 1)


@given(probabilities, probabilities, probabilities)
def test_scores_are_probabilities_and_never_fall_as_their_parts_rise(prior: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert 0 <= combined(prior, low) <= combined(prior, high) <= 1
    assert 0 <= combined(low, None) <= combined(high, None) <= 1
    assert combined(low, prior) <= combined(high, prior)


@given(probabilities)
def test_logit_and_logistic_undo_each_other(p: float) -> None:
    assert logistic(logit(p)) == pytest.approx(min(max(p, 1e-4), 1 - 1e-4), abs=1e-9)
    assert 0 <= logistic(1e9 * (p - 0.5)) <= 1


def test_what_was_read_is_ranked_by_the_reader() -> None:
    ranked = rank([candidate(i, 0.5) for i in range(3)], [reading((0.1, 0.9, 0.5))])
    assert [r.candidate.stored.sentence.position for r in ranked] == [1, 2, 0]
    assert [r.support for r in ranked] == [0.9, 0.5, 0.1]
    assert [r.evidence().score for r in ranked] == [r.score for r in ranked]


def test_read_by_themselves_are_the_holder_of_the_short_answer_and_the_best_that_were_read() -> None:
    short = TEXTS[0] + " " + TEXTS[1]
    read = reading((0.1, 0.2, 0.9), (len(short) + 1, len(short) + 4), 5.0)
    unread = [candidate(i, 0.99, "b") for i in range(3)]
    ranked = rank([*unread, *(candidate(i, 0.5) for i in (0, 1, 2))], [read])
    chosen = likeliest(ranked, [read])
    assert [r.candidate.stored.article_id for r in chosen] == ["a"] * MAX_BY_ITSELF
    assert [r.candidate.stored.sentence.position for r in chosen] == [2, 1]
    least = reading((0.1, 0.8, 0.9), (0, 4), 5.0)
    chosen = likeliest(rank([candidate(i, 0.5) for i in range(3)], [least]), [least])
    assert [r.candidate.stored.sentence.position for r in chosen] == [0, 2]
    assert likeliest(ranked, []) == [r for r in ranked if r.support is not None][:MAX_BY_ITSELF]
    assert likeliest([], []) == []


def test_of_two_that_are_alike_the_one_that_holds_up_by_itself_is_best() -> None:
    found, among = [candidate(0, 0.5), candidate(1, 0.5)], reading((0.5, 0.5, 0.1))
    assert [r.candidate.stored.sentence.position for r in rank(found, [among])] == [0, 1]
    ranked = rank(found, [among], [by_itself(0, 0.1, -5.0), by_itself(1, 0.9, 5.0)])
    assert [r.candidate.stored.sentence.position for r in ranked] == [1, 0]
    assert [r.by_itself is not None and r.by_itself.span_score for r in ranked] == [5.0, -5.0]


@given(probabilities, probabilities, st.floats(-30, 30), st.floats(-30, 30))
def test_a_better_short_answer_by_itself_never_lowers_the_score(
    prior: float, support: float, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    worse, better = by_itself(0, 0.5, low), by_itself(0, 0.5, high)
    assert 0 <= combined(prior, support, worse) <= combined(prior, support, better) <= 1


def test_whether_there_is_an_answer_also_depends_on_its_sentence_by_itself() -> None:
    among = reading((0.9, 0.1, 0.1))
    found = [candidate(i, 0.5) for i in range(3)]
    features = [
        answer_features(Intent("fact"), rank(found, [among], [by_itself(0, 0.9, score, missing)]), [among])
        for score, missing in ((8.0, 0.05), (-8.0, 0.95))
    ]
    values = [dict(zip(ANSWER_FEATURES, row, strict=True)) for row in features]
    assert [v["span_by_itself"] for v in values] == [8.0, -8.0]
    assert [v["answered_by_itself"] for v in values] == pytest.approx([logit(0.95), logit(0.05)])
    assert values[0]["answered"] == values[1]["answered"]
    assert probability("answerable", features[0]) > probability("answerable", features[1])


def test_after_the_best_comes_what_adds_to_it_and_then_what_repeats_it() -> None:
    best = candidate(0, 0.9, covered=("base", "stay"))
    repeats, adds = candidate(1, 0.5, covered=("base", "stay")), candidate(2, 0.5, covered=("base", "who"))
    ranked = rank([best, repeats, adds], [])
    assert [r.candidate.stored.sentence.position for r in ranked] == [0, 2, 1]
    assert ranked[0].score == ranked[0].alone
    assert ranked[1].alone == ranked[2].alone


@given(st.lists(st.tuples(probabilities, st.sets(st.sampled_from("abcd")), st.sampled_from("xy")), max_size=6))
def test_the_order_is_that_of_the_scores_and_begins_with_the_best_alone(
    rows: list[tuple[float, set[str], str]],
) -> None:
    found = [candidate(i % 3, prior, article, tuple(words)) for i, (prior, words, article) in enumerate(rows)]
    ranked = rank(found, [])
    scores = [r.score for r in ranked]
    assert scores == sorted(scores, reverse=True)
    assert not ranked or ranked[0].alone == max(r.alone for r in ranked)


def test_what_stands_beside_the_best_is_known_by_article_and_distance() -> None:
    best, beside, other = rank([candidate(0, 0.9), candidate(1, 0.5), candidate(1, 0.4, "b")], [])
    assert dict(zip(BESIDE_FEATURES, beside_features(best, beside), strict=True)) == {
        "score": logit(beside.alone),
        "adds": 0.0,
        "next": 1.0,
        "near": 1.0,
    }
    assert beside_features(best, other)[2:] == [0.0, 0.0]
    assert set(coefficients("beside")) == {"intercept", "cited_from", *BESIDE_FEATURES}


def test_the_best_of_several_readings_counts_and_other_articles_are_apart() -> None:
    ranked = rank([candidate(0, 0.5), candidate(0, 0.5, "b")], [reading((0.1, 0, 0)), reading((0.8, 0, 0))])
    assert {r.candidate.stored.article_id: r.support for r in ranked} == {"a": 0.8, "b": None}


def test_the_best_reading_is_the_one_whose_span_stands_out() -> None:
    far, near, none = (
        reading((0.5,) * 3, span_score=-2),
        reading((0.1,) * 3, span_score=3),
        reading((0.9,) * 3, None, 9),
    )
    assert best_reading([far, near, none]) is near
    assert best_reading([none]) is best_reading([]) is None


def test_the_short_answer_is_of_the_best_sentence_where_it_is_not_the_one_that_stands_out() -> None:
    found, among = [candidate(i, 0.5) for i in range(3)], reading((0.5, 0.5, 0.1), (0, 4), 3.0)

    def given(second: Reading, question: str = "What stays?") -> Reading | None:
        return read_answer(question, rank(found, [among], [by_itself(0, 0.1, -9.0), second]), [among])

    about_as_good = by_itself(1, 0.99, 3.0 - MAX_WORSE_BY_ITSELF)
    assert given(about_as_good) is about_as_good
    assert given(by_itself(1, 0.99, 2.9 - MAX_WORSE_BY_ITSELF)) is among
    assert given(about_as_good, "How many stay?") is among  # "Bananas are yellow." has no number
    assert given(replace(about_as_good, span=None)) is among
    still_best = rank(found, [among], [by_itself(0, 0.9, 3.0), by_itself(1, 0.1, 3.0)])
    assert read_answer("What stays?", still_best, [among]) is among
    assert read_answer("What stays?", rank(found, [among]), [among]) is among
    assert read_answer("What stays?", [], []) is None


def test_features_of_nothing_tell_that_nothing_was_found() -> None:
    nothing = answer_features(Intent("fact"), [], [])
    something = answer_features(Intent("fact"), rank([candidate(0, 0.9)], [reading((0.9,) * 3)]), [reading((0.9,) * 3)])
    assert len(nothing) == len(something) == len(ANSWER_FEATURES)
    assert probability("answerable", nothing) < 0.5
    assert probability("answerable", nothing) < probability("answerable", something)


def test_the_scores_file_is_complete_and_thresholds_rise() -> None:
    scores = json.loads((MODELS / "scores.json").read_text(encoding="utf-8"))
    for name in ("answerable", "right"):
        assert set(scores[name]) == {"intercept", *ANSWER_FEATURES}
    assert set(scores["by_itself"]) == {"intercept", *BY_ITSELF_FEATURES}
    assert 0 < scores["threshold"]["low"] < scores["threshold"]["normal"] < scores["threshold"]["high"] < 1


def test_whether_the_one_asked_about_says_nothing_of_it_is_a_feature() -> None:
    among = reading((0.9, 0.1, 0.1))
    silent = rank([candidate(i, 0.5) for i in range(3)], [among])
    speaking = [replace(r, candidate=replace(r.candidate, spoken=i == 2)) for i, r in enumerate(silent)]
    asked, nobody = Intent("said", speakers=("Ann Lee",)), Intent("said")
    missing = [
        answer_features(intent, ranked, [among])[-1] for intent in (asked, nobody) for ranked in (silent, speaking)
    ]
    assert missing == [1.0, 0.0, 0.0, 0.0]
    assert ANSWER_FEATURES[-1] == "speaker_missing"


@pytest.mark.parametrize(
    ("scores", "span_score", "margin"),
    [
        ((3.0,), 3.0, 0.0),
        ((1.0, 4.5), 4.5, 3.5),
        ((20.0, 1.0, 2.0), 15.0, 10.0),
        ((-20.0, -30.0), -15.0, 10.0),
        ((), -10.0, 0.0),
    ],
)
def test_how_much_a_short_answer_stands_out(scores: tuple[float, ...], span_score: float, margin: float) -> None:
    readings = [reading((0.5, 0.1, 0.1), span_score=score) for score in scores] + [reading((0.5,) * 3, None, 99.0)]
    features = answer_features(Intent("fact"), rank([candidate(0, 0.5)], readings), readings)
    values = dict(zip(ANSWER_FEATURES, features, strict=True))
    assert (values["span_score"], values["span_margin"]) == (span_score, margin)
    assert (values["answered_by_itself"], values["span_by_itself"]) == (logit(0.0), -10.0)


def test_the_least_sure_that_there_is_no_answer_counts_and_the_best_score() -> None:
    readings = [replace(reading((0.5, 0.1, 0.1)), no_answer=n) for n in (0.9, 0.3, 0.6)]
    ranked = rank([candidate(0, 0.5), candidate(1, 0.9)], readings)
    values = dict(zip(ANSWER_FEATURES, answer_features(Intent("fact"), ranked, readings), strict=True))
    assert values["answered"] == pytest.approx(logit(0.7))
    assert values["score"] == logit(ranked[0].score)


def test_features_of_nothing_are_the_lowest() -> None:
    nothing = [logit(0.0), -10.0, 0.0, logit(0.0), -10.0, 0.0, 0.0]
    ranked, readings = rank([candidate(0, 0.5)], []), [reading((0.5,) * 3)]
    assert answer_features(Intent("said", speakers=("Ann",)), [], readings) == nothing
    assert answer_features(Intent("said", speakers=("Ann",)), ranked, []) == nothing


def test_by_itself_counts_the_holder_of_the_short_answer_not_the_best_ranked() -> None:
    among = reading((0.1, 0.9, 0.1), (0, 4), 3.0)
    alone = [by_itself(0, 0.5, 2.0, 0.3), by_itself(1, 0.9, 4.0, 0.1)]
    ranked = rank([candidate(i, 0.5) for i in range(3)], [among], alone)
    assert ranked[0].candidate.stored.sentence.position == 1
    values = dict(zip(ANSWER_FEATURES, answer_features(Intent("fact"), ranked, [among]), strict=True))
    assert values["span_by_itself"] == 2.0
    assert values["answered_by_itself"] == pytest.approx(logit(0.7))
    far = rank([candidate(i, 0.5) for i in range(3)], [among], [by_itself(0, 0.5, -40.0), by_itself(1, 0.9, 40.0)])
    assert answer_features(Intent("fact"), far, [among])[4] == -15.0


def test_features_of_a_sentence_by_itself() -> None:
    values = by_itself_features(0.2, 0.7, by_itself(0, 0.9, 40.0))
    assert values == [logit(0.2), logit(0.7), logit(0.9), 15.0]
    assert by_itself_features(0.2, 0.7, by_itself(0, 0.9, -40.0))[3] == -15.0
    assert by_itself_features(0.2, 0.7, by_itself(0, 0.9, -14.0))[3] == -14.0


def test_each_path_has_a_logistic_of_its_own() -> None:
    given = by_itself(0, 0.9, 3.0)
    assert combined(0.3, None) == fitted_probability("unread", ("prior",), [logit(0.3)])
    assert combined(0.3, 0.6) == fitted_probability("read", ("prior", "support"), [logit(0.3), logit(0.6)])
    assert combined(0.3, 0.6, given) == fitted_probability(
        "by_itself", BY_ITSELF_FEATURES, by_itself_features(0.3, 0.6, given)
    )
    assert combined(0.3, None, given) == combined(0.3, None)  # what was not read among others counts as unread
    assert beside_score([1.0, 0.5, 1.0, 0.0]) == fitted_probability("beside", BESIDE_FEATURES, [1.0, 0.5, 1.0, 0.0])


def placed(position: int, article_id: str = "a") -> Candidate:
    sentence = Sentence("Words here.", position * 20, position * 20 + 11, position)
    return replace(candidate(0, 0.5), stored=StoredSentence(100 + position, article_id, "Base", sentence))


def test_near_is_up_to_three_sentences_before_or_behind_in_the_same_article() -> None:
    best = rank([placed(10)], [])[0]
    found = {p: beside_features(best, replace(best, candidate=placed(p)))[2:] for p in (6, 7, 9, 10, 11, 12, 13, 14)}
    assert found == {
        6: [0.0, 0.0], 7: [0.0, 1.0], 9: [1.0, 1.0], 10: [0.0, 1.0], 11: [1.0, 1.0], 12: [0.0, 1.0], 13: [0.0, 1.0],
        14: [0.0, 0.0],
    }  # fmt: skip
    assert beside_features(best, replace(best, candidate=placed(11, "b")))[2:] == [0.0, 0.0]


def test_what_a_sentence_adds_is_the_share_of_the_words_that_the_best_lacks() -> None:
    best, other = (
        candidate(0, 0.9, covered=("a", "b"), shares=0.2),
        candidate(1, 0.5, covered=("b", "c", "d"), shares=0.3),
    )
    one, two = rank([best, other], [])
    assert beside_features(one, two)[1] == pytest.approx(0.6)


def test_none_scores_above_the_best_and_of_equals_the_first_stored_comes_first() -> None:
    ranked = rank([candidate(2, 0.5), candidate(0, 0.5), candidate(1, 0.5)], [])
    assert [r.candidate.stored.sentence.position for r in ranked] == [0, 1, 2]
    assert all(r.score <= ranked[0].score for r in ranked)
    capped = rank([candidate(0, 0.2), *(candidate(i, 0.19, covered=("w",), shares=1.0) for i in (1, 2))], [])
    assert capped[1].score <= capped[0].score == capped[0].alone
    assert rank([], []) == []


def test_the_words_of_a_short_answer_and_the_sentence_that_holds_them() -> None:
    start = len(TEXTS[0]) + 1
    among = reading((0.5,) * 3, (start, start + 7))
    assert short_answer(among) == "Bananas"
    assert holding_sentence(among) == among.passage.sentences[1]
    later = tuple(replace(s, start=s.start + 100, end=s.end + 100) for s in among.passage.sentences)
    moved = replace(among, passage=replace(among.passage, sentences=later), span=(start + 100, start + 107))
    assert short_answer(moved) == "Bananas"
    assert holding_sentence(moved) == later[1]
    none = replace(among, span=None)
    assert (short_answer(none), holding_sentence(none), holding_sentence(None)) == ("", None, None)
    assert holding_sentence(replace(among, span=(start - 1, start + 3))) is None  # it begins between two sentences
    assert holding_sentence(replace(among, span=(500, 503))) is None


def test_the_holder_is_of_the_same_article() -> None:
    among = reading((0.5,) * 3, (0, 4))
    mine, other = rank([candidate(0, 0.5), candidate(0, 0.9, "b")], [])[::-1]
    assert holder_of([other, mine], among) == mine
    assert holder_of([other], among) is None
    assert holder_of([other, mine], None) is None


def test_without_preferring_the_best_the_one_that_stands_out_answers() -> None:
    among = reading((0.1, 0.9, 0.1), (0, 4), 3.0)
    ranked = rank([candidate(i, 0.5) for i in range(3)], [among], [by_itself(1, 0.99, 3.0)])
    assert read_answer("What is yellow?", ranked, [among]) is ranked[0].by_itself
    assert read_answer("What is yellow?", ranked, [among], prefers_best=False) is among
