"""The gate: the assistant holds its floors on the sample questions, and planted faults turn the gate red."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_fakes import FakeAssistant, Faults
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import QuestionSetError
from assistant.evaluation import QuestionSet, Results, evaluate, read_questions
from assistant.evaluation.command import add_arguments, run
from assistant.evaluation.figures import LOWER_IS_BETTER, Figure
from assistant.evaluation.gate import Floors, fallen, pinned, raised, read_floors, rounded, write_floors
from assistant.evaluation.run import evaluate_questions

QUALITY = Path(__file__).parent / "quality"
SAMPLE = QUALITY / "sample.jsonl"
FLOORS = QUALITY / "floors.json"


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    questions = read_questions(SAMPLE)
    assert isinstance(questions, QuestionSet)
    return questions


@pytest.fixture(scope="module")
def healthy(questions: QuestionSet) -> Results:
    return evaluate_questions(questions, FakeAssistant())


@pytest.fixture(scope="module")
def floors(healthy: Results) -> Floors:
    return pinned(healthy.digest, healthy.k, healthy.figures)


def fell(floors: Floors, questions: QuestionSet, faults: Faults) -> set[str]:
    """Returns the names of the figures that a fault makes fall."""
    results = evaluate_questions(questions, FakeAssistant(faults))
    return {line.split()[0] for line in fallen(floors, results.digest, results.k, results.figures)}


class TestPlantedFaults:
    def test_without_a_fault_the_gate_is_green(self, floors: Floors, questions: QuestionSet) -> None:
        assert fell(floors, questions, Faults()) == set()

    def test_a_reversed_retriever_turns_it_red(self, floors: Floors, questions: QuestionSet) -> None:
        assert {"retrieval.recall@5", "retrieval.mrr", "support.f1"} <= fell(
            floors, questions, Faults(reversed_ranking=True)
        )

    @pytest.mark.parametrize(
        ("threshold", "expected"),
        [(0.0, {"abstention.recall"}), (1.0, {"abstention.answered", "abstention.precision"})],
    )
    def test_a_moved_threshold_turns_it_red(
        self, floors: Floors, questions: QuestionSet, threshold: float, expected: set[str]
    ) -> None:
        assert expected <= fell(floors, questions, Faults(threshold=threshold))

    def test_one_citation_of_the_next_sentence_turns_it_red(self, floors: Floors, questions: QuestionSet) -> None:
        fault = Faults(wrong_neighbour_for="Who is the Armenian foreign minister?")
        assert {"citations.precision", "support.recall"} <= fell(floors, questions, fault)

    def test_one_citation_off_by_one_character_turns_it_red(self, floors: Floors, questions: QuestionSet) -> None:
        fault = Faults(shifted_offsets_for="Who is the Armenian foreign minister?")
        assert fell(floors, questions, fault) == {"citations.intact"}

    def test_one_broken_citation_turns_it_red_whatever_the_margin(
        self, healthy: Results, questions: QuestionSet
    ) -> None:
        lenient = pinned(healthy.digest, healthy.k, healthy.figures, margin=0.5)
        fault = Faults(shifted_offsets_for="Who is the Armenian foreign minister?")
        assert fell(lenient, questions, fault) == {"citations.intact"}


def figures(**values: float) -> dict[str, Figure]:
    return {name.replace("__", "."): Figure(value, value, value, 9) for name, value in values.items()}


class TestFloors:
    def test_a_fallen_figure_is_named_with_both_numbers(self) -> None:
        floors = Floors("d", 5, {"answers.f1": 0.8, "confidence.ece": 0.1, "support.f1": 0.5})
        lines = fallen(floors, "d", 5, figures(answers__f1=0.79994, confidence__ece=0.10006))
        assert lines == [
            "answers.f1 fell to 0.7999, its floor is 0.8000",
            "confidence.ece rose to 0.1001, at most 0.1000 is allowed",
            "support.f1 is not measured any more, its floor is 0.5000",
        ]

    def test_another_set_or_k_is_red_by_itself(self) -> None:
        floors = Floors("before" * 3, 5, {"answers.f1": 0.1})
        assert "the question set or its article changed" in fallen(floors, "now", 5, figures(answers__f1=1))[0]
        assert fallen(floors, "before" * 3, 7, figures(answers__f1=1)) == [
            "evaluated with --k 7, the floors are for --k 5"
        ]

    def test_raising_never_lowers(self) -> None:
        floors = Floors("d", 5, {"answers.f1": 0.8, "support.f1": 0.5, "confidence.ece": 0.1, "gone": 0.3})
        now = figures(answers__f1=0.7, support__f1=0.9, confidence__ece=0.05)
        assert raised(floors, "d", 5, now).figures == {
            "answers.f1": 0.8,
            "support.f1": 0.9,
            "confidence.ece": 0.05,
            "gone": 0.3,
        }
        with pytest.raises(QuestionSetError, match="The floors cannot be raised: the question set or its article"):
            raised(floors, "other", 5, now)

    def test_a_margin_is_left_below_a_floor_and_above_a_ceiling(self) -> None:
        now = figures(answers__f1=0.8, confidence__ece=0.1, citations__intact=1.0)
        assert pinned("d", 5, now, margin=0.02).figures == {
            "answers.f1": 0.78,
            "citations.intact": 1.0,
            "confidence.ece": 0.12,
        }

    @given(st.floats(0, 1), st.sampled_from(["answers.f1", *sorted(LOWER_IS_BETTER)]))
    def test_a_figure_always_reaches_the_floor_set_at_it(self, value: float, name: str) -> None:
        now = {name: Figure(value, value, value, 1)}
        assert fallen(pinned("d", 5, now), "d", 5, now) == []
        assert abs(rounded(name, value) - value) <= 1e-4 + 1e-9

    def test_floors_survive_the_file_and_other_files_are_refused(self, tmp_path: Path, floors: Floors) -> None:
        write_floors(floors, tmp_path / "floors.json")
        assert read_floors(tmp_path / "floors.json") == floors
        for text in ("{", "[]", '{"digest": "d", "k": 5}', '{"digest": "d", "k": 5, "figures": {"a": "b"}}'):
            (tmp_path / "floors.json").write_text(text)
            with pytest.raises(QuestionSetError, match="expected floors as `--raise-floors` writes them"):
                read_floors(tmp_path / "floors.json")


class TestCommand:
    def evaluate(self, floors: Path, *arguments: str) -> int:
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        return run(parser.parse_args([str(SAMPLE), "--baseline", "lexical", "--floors", str(floors), *arguments]))

    def test_floors_rise_by_one_flag_and_fall_only_by_the_other(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "floors.json"
        assert self.evaluate(path, "--raise-floors") == 0
        measured = read_floors(path)
        assert measured.figures["abstention.recall"] == 0.0
        assert self.evaluate(path) == 0
        write_floors(replace(measured, figures={**measured.figures, "support.f1": 0.99}), path)
        capsys.readouterr()
        assert self.evaluate(path) == 1
        told = capsys.readouterr().err
        assert "Below its floor: support.f1 fell to " in told
        assert told.rstrip().endswith("its floor is 0.9900")
        assert self.evaluate(path, "--raise-floors") == 1
        assert read_floors(path).figures["support.f1"] == 0.99
        assert self.evaluate(path, "--lower-floors") == 0
        assert read_floors(path) == measured

    def test_missing_floors_are_an_error_not_a_pass(self, tmp_path: Path) -> None:
        with pytest.raises(QuestionSetError, match="expected floors as"):
            self.evaluate(tmp_path / "none.json")

    def test_floors_of_another_set_are_red(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "floors.json"
        self.evaluate(path, "--raise-floors")
        values = json.loads(path.read_text())
        path.write_text(json.dumps({**values, "digest": "0" * 64}))
        assert self.evaluate(path) == 1
        assert "the question set or its article changed" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real() -> Results:
    results = evaluate(SAMPLE)
    assert isinstance(results, Results)
    return results


class TestAssistant:
    def test_it_holds_its_floors(self, real: Results) -> None:
        assert fallen(read_floors(FLOORS), real.digest, real.k, real.figures) == []

    def test_every_citation_reproduces_the_article_and_refusals_have_none(self, real: Results) -> None:
        assert [row.id for row in real.rows if row.n_broken] == []
        assert [row.id for row in real.rows if row.abstained and row.citations] == []

    def test_a_factual_question_has_at_most_four_citations(self, real: Results) -> None:
        factual = {"name", "date", "place", "number", "fact", "paraphrase", "yes-no", "reason"}
        assert [row.id for row in real.rows if row.kind in factual and len(row.citations) > 4] == []

    def test_questions_on_the_whole_article_are_never_refused(self, real: Results) -> None:
        assert [row.id for row in real.rows if row.kind == "whole" and row.abstained] == []

    def test_yes_no_questions_get_no_invented_short_answer(self, real: Results) -> None:
        assert [row.id for row in real.rows if row.kind == "yes-no" and row.short_answer] == []
