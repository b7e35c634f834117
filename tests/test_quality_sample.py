"""The sample question set holds what it promises."""

from __future__ import annotations

from pathlib import Path

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
