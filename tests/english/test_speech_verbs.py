"""Verbs of speech: each list once, and what the lists promise one another."""

from __future__ import annotations

import pytest

from assistant.english.speech_verbs import BASE, NAMING, PARTICIPLES, SAY, TAG_ONLY, THAT, VERBS


def test_all_verbs_are_those_of_the_lists() -> None:
    assert VERBS == SAY | THAT | TAG_ONLY | NAMING | PARTICIPLES
    assert all(verb == verb.lower() and verb.isalpha() for verb in VERBS)


def test_a_verb_reports_with_any_object_or_with_a_clause_but_not_both() -> None:
    assert SAY.isdisjoint(THAT)
    assert (SAY | THAT).isdisjoint(TAG_ONLY - {"thought"})
    assert PARTICIPLES.isdisjoint(SAY | THAT | TAG_ONLY)
    assert all(verb.endswith("ing") for verb in PARTICIPLES)


def test_base_forms_have_a_form_of_the_third_person_among_the_verbs() -> None:
    missing = {verb for verb in BASE & VERBS if not {f"{verb}s", f"{verb}es", f"{verb[:-1]}ies"} & VERBS}
    assert missing <= {"demand", "fear", "doubt", "hope", "warn"}, missing


@pytest.mark.parametrize(
    ("verb", "lists"),
    [
        ("said", {"SAY"}), ("noted", {"THAT"}), ("whispered", {"TAG_ONLY"}), ("called", {"TAG_ONLY", "NAMING"}),
        ("adding", {"PARTICIPLES"}), ("say", {"SAY", "BASE"}), ("think", {"THAT", "BASE"}), ("ran", set()),
    ],
)  # fmt: skip
def test_what_a_verb_needs(verb: str, lists: set[str]) -> None:
    known = {"SAY": SAY, "THAT": THAT, "TAG_ONLY": TAG_ONLY, "NAMING": NAMING, "PARTICIPLES": PARTICIPLES, "BASE": BASE}
    assert {name for name, verbs in known.items() if verb in verbs} == lists
