from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.english.names import find_names, fullest, may_be_person, names, with_title

WORDS = st.sampled_from(
    [
        "Ann",
        "Lee's",
        "the",
        "The",
        "of",
        "Mr.",
        "U.S.",
        "Minister",
        "to",
        "Russian",
        "J.",
        "said",
        "“",
        "’",
        "\n",
        ".",
        "?",
        "Will",
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did Mirzoyan say?", ["Mirzoyan"]),
        ("what did mirzoyan say?", []),
        ("Why?", []),
        ("", []),
        ("Who is the Armenian Foreign Minister?", []),
        ("Did Mirzoyan's minister visit Yerevan?", ["Mirzoyan", "Yerevan"]),
        ("Does Kopyrkin’s view differ from Moscow’s?", ["Kopyrkin", "Moscow"]),
        ("What did the Bakers' Union say to Lee?", ["Bakers' Union", "Lee"]),
        ("The Women’s Institute met the Teachers’ Association.", ["Women’s Institute", "Teachers’ Association"]),
        ("The Rovers' Tom Archer scored.", ["Rovers", "Tom Archer"]),
        ("Armenia's Foreign Ministry", ["Armenia", "Foreign Ministry"]),
        ("Did Chief Executive Ann Lee sign Executive Order 9?", ["Ann Lee", "Executive Order"]),
        ("Did Chief Financial Officer Ann Lee leave?", ["Ann Lee"]),
        ("When was the Treaty of Elm signed in New Holt?", ["Treaty of Elm", "New Holt"]),
        ("Is J. R. R. Tolkien from the University of Oxford?", ["J. R. R. Tolkien", "University of Oxford"]),
        ("When was Lt. Col. F. W. Harding born?", ["F. W. Harding"]),
        ("Did Ambassador to Armenia Sergey Kopyrkin's wife sing?", ["Armenia", "Sergey Kopyrkin"]),
        ("President Obama met Prime Minister of Japan Shinzo Abe.", ["Obama", "Japan", "Shinzo Abe"]),
        ("The State Council and Judge Mara O’Neil met.", ["State Council", "Mara O’Neil"]),
        ("I think I'm in Paris, and they've left on Monday.", ["Paris"]),
        ("Trees fell. Some trees stood.", []),
        ("However, Ludwig van Beethoven and Anne-Marie Duff agreed.", ["Ludwig van Beethoven", "Anne-Marie Duff"]),
        ("Ann met Bo. Ann left Bo.", ["Ann", "Bo"]),
    ],
)
def test_names_are_found_without_titles_possessives_and_first_words(text: str, expected: list[str]) -> None:
    assert names(text) == expected
    assert names(text) == expected


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)))
def test_names_stand_where_they_are_said_to_stand(text: str) -> None:
    found = find_names(text)
    for name in found:
        assert text[name.start : name.end].startswith(name.text.split(" ")[0])
        assert name.text[0].isupper()
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert len(set(names(text))) == len(names(text))


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("Kopyrkin", ["Armenia", "Sergey Kopyrkin"], "Sergey Kopyrkin"),
        ("Kopyrkin’s", ["Sergey Kopyrkin"], "Sergey Kopyrkin"),
        ("Ararat", ["Ararat Mirzoyan"], "Ararat Mirzoyan"),
        ("Mr. Dee", ["Ian Dee", "Deedee Ray"], "Ian Dee"),
        ("Lee", ["Harper Lee", "Bruce Lee"], "Harper Lee"),
        ("Lee", ["Bruce Lee", "Harper Lee"], "Bruce Lee"),
        ("Harper Lee", ["Lee", "Harper"], "Harper Lee"),
        ("George Bush", ["George H. W. Bush"], "George Bush"),
        ("Nobody", [], "Nobody"),
        ("", ["Ann Lee"], ""),
    ],
)
def test_the_fullest_form_of_a_name(name: str, candidates: list[str], expected: str) -> None:
    assert fullest(name, candidates) == expected


def test_a_title_stays_only_where_a_single_name_needs_it() -> None:
    (pell,), (dee,), (osric,) = (find_names(f"so {text} left") for text in ("Mr. Pell", "Prof. Ian Dee", "King Osric"))
    assert [with_title(name) for name in (pell, dee, osric)] == ["Mr. Pell", "Ian Dee", "King Osric"]


def test_places_and_bodies_are_no_persons() -> None:
    told = ["Ann Lee", "Aspenclog", "Yale University", "Turkey", "Russian", "NATO", "Lake Orrin"]
    assert [may_be_person(name) for name in told] == [True, True, False, False, False, False, False]
