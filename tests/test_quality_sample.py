"""The question sets of our own hold what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation import QuestionSet, read_questions

SAMPLE = Path(__file__).parent / "quality" / "sample.jsonl"


class TestSample:
    def test_it_has_what_it_promises(self) -> None:
        questions = read_questions(SAMPLE)
        assert isinstance(questions, QuestionSet)
        by_group: dict[str, int] = {}
        for question in questions.questions:
            by_group[question.id.rsplit("-", 1)[0]] = by_group.get(question.id.rsplit("-", 1)[0], 0) + 1
        assert by_group == {"answerable": 40, "unanswerable": 27, "follow-up": 15, "whole": 8}
        assert sum(bool(question.history) for question in questions.questions) == 15
        assert len({(q.text, q.history) for q in questions.questions}) == 90

    def test_every_accepted_answer_stands_in_the_article_inside_what_supports_it(self) -> None:
        questions = read_questions(SAMPLE)
        assert isinstance(questions, QuestionSet)
        for question in questions.questions:
            text = questions.articles[question.article_id].text
            cited = [text[a:b] for need in question.needs for a, b in need] + [text[a:b] for a, b in question.also]
            for answer in question.answers:
                for part in answer.split("; "):
                    assert part in text, (question.id, part)
                    assert any(part in sentence for sentence in cited) or "\n" in part, (question.id, part)


@pytest.mark.parametrize(
    ("name", "n", "n_unanswerable", "n_articles"), [("listed", 108, 36, 12), ("reworded", 140, 40, 10)]
)
def test_the_further_sets_hold_what_they_promise(name: str, n: int, n_unanswerable: int, n_articles: int) -> None:
    questions = read_questions(SAMPLE.with_name(f"{name}.jsonl"), paths_below=SAMPLE.parent)
    assert isinstance(questions, QuestionSet)
    assert len(questions.questions) == len({q.id for q in questions.questions}) == n
    assert sum(not q.answerable for q in questions.questions) == n_unanswerable
    assert len(questions.articles) == n_articles
    for question in questions.questions:
        text = questions.articles[question.article_id].text
        assert bool(question.needs) is question.answerable, question.id
        assert all(answer in text for answer in question.answers), question.id
