"""From questions to results: judging, running, resuming and comparing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation_fakes import ARTICLE, SENTENCES, TEXT, FakeAssistant, Faults, answer, question, refusal, span

import assistant.evaluation
from assistant.answer import Answer, Citation
from assistant.articles.article import make_article
from assistant.articles.sentences import Sentence
from assistant.errors import QuestionSetError
from assistant.evaluation import Question, QuestionSet, Results, evaluate, read_questions
from assistant.evaluation.questions import ArticleText, RetrievalSet
from assistant.evaluation.retrieval_run import evaluate_retrieval
from assistant.evaluation.rows import Row, judge, same_sentence
from assistant.evaluation.run import evaluate_questions
from assistant.evaluation.systems import System
from assistant.finding.search import Evidence

SAMPLE = Path(__file__).parents[1] / "quality" / "sample.jsonl"


def judged(q: Question, a: Answer, *found: int) -> Row:
    return judge(q, ARTICLE, a, [Evidence(SENTENCES[n], "article", "Ada", 0.5) for n in found], 0.01)


class TestJudging:
    def test_a_right_answer_with_its_sentence(self) -> None:
        row = judged(question(), answer(0), 2, 0)
        assert (row.outcome, row.f1, row.exact_match, row.support_f1) == ("right", 1.0, 1.0, 1.0)
        assert row.citations == ((*span(0), "right"),)
        assert row.found == ((), (0,))
        assert row.n_broken == 0

    def test_alternatives_also_and_wrong_sentences_are_told_apart(self) -> None:
        q = question(needs=((span(0), span(1)), (span(2),)), also=(span(3),))
        row = judged(q, answer(0, 1, 3))
        assert [label for _, _, label in row.citations] == ["right", "right", "free"]
        assert row.needs_met == (0,)
        assert row.support_f1 == pytest.approx(2 / 3)
        assert [label for _, _, label in judged(question(), answer(0, 2)).citations] == ["right", "wrong"]

    def test_the_five_outcomes(self) -> None:
        unanswerable = question(answerable=False, answers=(), needs=())
        assert judged(question(), answer(2, short="Charles")).outcome == "wrong answer"
        assert judged(question(), refusal()).outcome == "wrongly refused"
        assert judged(unanswerable, answer(0)).outcome == "should have refused"
        assert judged(unanswerable, refusal()).outcome == "rightly refused"
        assert judged(unanswerable, answer(0)).n_wrong_citations == 1

    def test_an_answer_without_short_answer_is_held_by_its_text_not_as_a_refusal(self) -> None:
        unanswerable = question(answerable=False, answers=(), needs=())
        assert judged(unanswerable, answer(0, short="")).f1 == 0.0
        assert judged(question(), answer(0, short="")).f1 == pytest.approx(0.4)

    def test_without_a_labelled_short_answer_the_sentences_decide(self) -> None:
        whole = question(answers=())
        assert judged(whole, answer(0)).f1 is None
        assert judged(whole, answer(0)).outcome == "right"
        assert judged(whole, answer(2)).outcome == "wrong answer"

    def test_sentences_nobody_labelled_are_neither_right_nor_wrong(self) -> None:
        assert judged(question(needs=()), answer(2)).citations == ((*span(2), "free"),)

    @pytest.mark.parametrize(
        "broken",
        [
            answer(0, citations=(Citation(SENTENCES[0], "other", "Ada", 0.9, 1),)),
            answer(0, citations=(Citation(SENTENCES[0], "article", "Ada", 0.9, 2),)),
            answer(0, citations=(Citation(Sentence("Ada wrote", 0, 10, 0), "article", "Ada", 0.9, 1),)),
            answer(0, short_spans=(("article", 30, 35),)),
            refusal(citations=(Citation(SENTENCES[0], "article", "Ada", 0.9, 1),)),
        ],
        ids=["other article", "marker", "offsets", "short span", "citation on a refusal"],
    )
    def test_what_does_not_reproduce_the_article_is_broken(self, broken: Answer) -> None:
        assert judged(question(), broken).n_broken == 1

    def test_sentences_cut_elsewhere_are_the_same_if_they_share_half(self) -> None:
        assert same_sentence((0, 10), (5, 30))
        assert not same_sentence((0, 10), (6, 30))
        assert not same_sentence((0, 10), (10, 12))

    def test_a_row_survives_json(self) -> None:
        row = judged(question(history=(("a", "b"),)), answer(0), 1, 0)
        assert Row.from_dict(json.loads(json.dumps(row.to_dict()))) == row


def told(results: Results) -> dict[str, Any]:
    """Returns the figures as they are written down."""
    return {name: value for name, value in results.to_dict().items() if name in {"figures", "kinds"}}


def two_articles() -> QuestionSet:
    articles = {}
    questions = []
    for name in ("one", "two"):
        text = TEXT + f" The end of {name}."
        own = ArticleText(make_article(text).id, name, text)
        articles[own.id] = own
        for asked in ("Who wrote the first program?", "Who built the engine?", "Whales?"):
            questions.append(question(id=f"{name}-{asked}", text=asked, article_id=own.id, kind=name))
    # Asked in turns, to see that each article is still added once.
    return QuestionSet("two", tuple(questions[::2] + questions[1::2]), articles, "digest")


class TestRunning:
    def test_each_article_is_added_once_asked_alone_and_removed(self) -> None:
        fake = FakeAssistant()
        added: list[str] = []
        fake.add, add = lambda text, title="": (added.append(title), add(text, title))[1], fake.add  # type: ignore[method-assign]
        results = evaluate_questions(two_articles(), fake)
        assert added == ["one", "two"]
        assert fake.held == []
        assert [row.id for row in results.rows] == [q.id for q in two_articles().questions]

    def test_figures_and_kinds_of_a_small_set(self) -> None:
        results = evaluate_questions(two_articles(), FakeAssistant(Faults(threshold=0.2)))
        assert results.figures["abstention.answered"].value == pytest.approx(4 / 6)
        assert results.figures["citations.intact"].value == 1.0
        assert results.figures["retrieval.recall@1"].n == 6
        assert {kind: figure.n for kind, figure in results.kinds.items()} == {"one": 3, "two": 3}

    def test_the_same_questions_give_the_same_figures(self) -> None:
        first, second = (evaluate(SAMPLE, FakeAssistant()) for _ in range(2))
        assert isinstance(first, Results)
        assert isinstance(second, Results)
        assert told(first) == told(second)

    def test_processes_give_the_rows_that_one_process_gives(self) -> None:
        questions = read_questions(SAMPLE)
        assert isinstance(questions, QuestionSet)
        alone = evaluate_questions(questions, System("lexical"), workers=1)
        spread = evaluate_questions(questions, System("lexical"), workers=2)
        assert [{**row.to_dict(), "seconds": 0} for row in alone.rows] == [
            {**row.to_dict(), "seconds": 0} for row in spread.rows
        ]
        assert told(alone) == told(spread)

    def test_an_interrupted_run_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        questions = two_articles()
        whole = evaluate_questions(questions, FakeAssistant())

        def stop(done: int, _: int) -> None:
            if done == 4:
                raise KeyboardInterrupt

        first = FakeAssistant()
        with pytest.raises(KeyboardInterrupt):
            evaluate_questions(questions, first, folder=tmp_path, on_progress=stop)
        with (tmp_path / "unfinished.jsonl").open("a") as file:
            file.write('{"id": "cut sho')
        second = FakeAssistant()
        steps: list[int] = []
        results = evaluate_questions(questions, second, folder=tmp_path, on_progress=lambda done, _: steps.append(done))
        assert (len(first.asked), len(second.asked)) == (4, 2)
        assert steps == [4, 5, 6]
        assert told(results) == told(whole)
        assert not (tmp_path / "unfinished.jsonl").exists()

    def test_rows_of_another_set_or_system_are_not_taken_over(self, tmp_path: Path) -> None:
        (tmp_path / "unfinished.jsonl").write_text('{"fingerprint": "other"}\n{"id": "one-Whales?"}\n')
        fake = FakeAssistant()
        evaluate_questions(two_articles(), fake, folder=tmp_path)
        assert len(fake.asked) == 6

    def test_baselines_do_what_they_are_called(self) -> None:
        first = evaluate(SAMPLE, "first:2")
        assert isinstance(first, Results)
        assert all(len(row.citations) == 2 and row.citations[0][0] == 0 for row in first.rows)
        refusing = evaluate(SAMPLE, "abstain")
        assert isinstance(refusing, Results)
        assert refusing.figures["abstention.recall"].value == 1.0
        assert refusing.figures["abstention.auroc"].value == 0.5
        with pytest.raises(QuestionSetError, match="expected a number of sentences after the colon, as in lexical:2"):
            evaluate(SAMPLE, "lexical:x")

    def test_retrieval_ranks_documents_by_their_best_sentence(self) -> None:
        texts = {"cats": "Cats purr. Cats sleep.", "dogs": "Dogs bark. Dogs run.", "hens": "Hens lay eggs."}
        documents = {name: ArticleText(make_article(text).id, name, text) for name, text in texts.items()}
        questions = RetrievalSet("beasts", documents, {"q": "Which animals bark?"}, {"q": {"dogs": 2, "cats": 1}})
        results = evaluate_retrieval(questions, FakeAssistant(), k=1)
        assert results.rows[0].documents[0] == "dogs"
        assert results.figures["passages.recall@1"].value == 0.5
        assert results.figures["passages.mrr"].value == 1.0

    def test_the_package_gives_evaluate_as_a_function_twice(self) -> None:
        for _ in range(2):
            assert callable(assistant.evaluation.evaluate)


class TestComparing:
    def test_a_broken_retriever_is_significantly_worse_and_itself_is_not(self) -> None:
        good = evaluate(SAMPLE, FakeAssistant())
        bad = evaluate(SAMPLE, FakeAssistant(Faults(reversed_ranking=True)), compare=good)
        same = evaluate(SAMPLE, FakeAssistant(), compare=good)
        assert isinstance(bad, Results)
        assert isinstance(same, Results)
        verdicts = {d.name: d.verdict for d in bad.differences}
        assert verdicts["retrieval.recall@5"] == verdicts["support.f1"] == "worse"
        assert {d.verdict for d in same.differences} == {"no clear difference"}
        assert all(d.low <= d.after - d.before <= d.high for d in bad.differences)

    def test_another_set_cannot_be_compared(self) -> None:
        with pytest.raises(QuestionSetError, match="are of another question set"):
            evaluate(SAMPLE, FakeAssistant(), compare=evaluate_questions(two_articles(), FakeAssistant()))
