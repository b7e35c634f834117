"""Questions on the whole article get a few central sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from fakes import WordEmbedder, article_of
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.overview import N_ABOUT, N_MENTIONED, N_SAID, N_SUMMARY, centrality, overview
from assistant.articles.article import Article

EMBEDDER = WordEmbedder()


def article(*sentences: str, speakers: tuple[str, ...] = ()) -> Article:
    made = article_of("\n\n".join(sentences))
    spoken = zip(made.sentences, speakers or ("",) * len(made.sentences), strict=True)
    return replace(made, sentences=tuple(replace(s, speaker=who) for s, who in spoken))


def texts(kind: str, given: Article, wants_summary: bool = False) -> list[str]:
    vectors = EMBEDDER.embed([s.text for s in given.sentences])
    return [e.sentence.text for e in overview(kind, wants_summary, given, vectors)]  # type: ignore[arg-type]


LINES = tuple(f"The base in region {i} is about security and treaties." for i in range(12))


def test_about_is_short_and_a_summary_longer_both_in_order() -> None:
    made = article(*LINES)
    about, summary = texts("about", made), texts("about", made, wants_summary=True)
    assert (len(about), len(summary)) == (N_ABOUT, N_SUMMARY)
    assert about == sorted(about, key=LINES.index)
    assert summary == sorted(summary, key=LINES.index)


def test_the_chosen_sentences_differ_from_one_another() -> None:
    same = "The treaty on the base was signed by both sides."
    made = article(
        same, same.replace("both", "all"), "Bananas and apples grew on the island that year.", same.replace("was", "is")
    )
    assert "Bananas and apples grew on the island that year." in texts("about", made)


def test_everyone_who_speaks_is_heard_before_anybody_is_heard_twice() -> None:
    speakers = ("Ann",) * 8 + ("Ben",) + ("Cem",) + ("",) * 2
    made = article(*LINES, speakers=speakers)
    said = texts("who_said_what", made)
    assert len(said) == N_SAID
    assert LINES[8] in said
    assert LINES[9] in said
    assert LINES[10] not in said


def test_the_sentences_that_name_most_are_chosen_for_who_is_mentioned() -> None:
    made = article(
        "Nobody came at all.", "Ann Lee met Ben Hur in Paris.", "Then they met once more.", "Cem Kaya was late."
    )
    assert texts("mentioned", made) == ["Ann Lee met Ben Hur in Paris.", "Cem Kaya was late."]
    assert (
        len(texts("mentioned", article(*[f"Person{chr(65 + i)} Smith{chr(65 + i)} came late." for i in range(12)])))
        == N_MENTIONED
    )


def test_the_ending_is_the_last_sentences() -> None:
    assert texts("ending", article(*LINES))[-1] == LINES[-1]


def test_where_nobody_speaks_or_is_named_central_sentences_are_given() -> None:
    made = article("nothing here is said by anyone at all.", "all of it is in small letters too.")
    assert len(texts("who_said_what", made)) == len(texts("mentioned", made)) == 2


@given(st.lists(st.text(alphabet="abc ", max_size=30), min_size=1, max_size=30))
def test_centrality_is_a_share(lines: list[str]) -> None:
    sentences = article_of("\n\n".join(["one", *lines])).sentences
    central = centrality(sentences, EMBEDDER.embed([s.text for s in sentences]))
    assert central.shape == (len(sentences),)
    assert np.all((central >= 0) & (central <= 1))
    assert not np.isnan(central).any()
