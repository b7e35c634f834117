"""What a text may cost: sentences have a limit, and memory does not grow beyond the text."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.articles.article import title_of
from assistant.articles.limits import MAX_SENTENCES
from assistant.articles.sentences import split_sentences
from assistant.assistant import Assistant
from assistant.errors import ArticleError
from assistant.loaders import load_file, load_text
from assistant.loaders import markdown as markdown_loader
from assistant.loaders.markdown import MAX_PART, load_markdown
from assistant.settings import Settings
from assistant.speech.quotations import each_quotation

Open = Callable[..., Assistant]


@contextmanager
def peak() -> Iterator[list[int]]:
    """Yields what then holds the most bytes that were in use at once inside."""
    found: list[int] = []
    tracemalloc.start()
    try:
        yield found
        found.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def test_an_article_of_too_many_sentences_is_refused_and_nothing_changes(quick: Open) -> None:
    assistant = quick(max_article_sentences=3)
    assert len(assistant.add("One. Two. Three.").sentences) == 3
    with pytest.raises(ArticleError, match=r"more than 3 sentences.*raise ASSISTANT_MAX_ARTICLE_SENTENCES"):
        assistant.add("One. Two. Three. Four.")
    assert [entry.n_sentences for entry in assistant.contents()] == [3]
    assert Settings().max_article_sentences == MAX_SENTENCES == 200_000


def test_one_letter_lines_need_no_more_than_their_limit(quick: Open) -> None:
    assistant = quick(max_article_sentences=5_000)
    text = "a\n" * 1_000_000
    with peak() as taken, pytest.raises(ArticleError, match="more than 5,000 sentences"):
        assistant.add(text)
    assert taken == [] or taken[0] < 20_000_000


@pytest.mark.parametrize(
    ("unit", "bytes_a_character"), [('"', 20), ("“", 60), ("'a ", 60), ("(", 20), ("a ", 20), ("\n", 20)]
)
def test_memory_is_in_proportion_to_the_text(unit: str, bytes_a_character: int) -> None:
    text = "a" + unit * (150_000 // len(unit)) + "b"
    with peak() as taken:
        for _ in each_quotation(text):
            pass
        split_sentences(text)
    assert taken[0] < bytes_a_character * len(text) + 1_000_000


def test_the_title_of_a_long_line_is_found_without_its_words() -> None:
    text = "a " * 500_000
    with peak() as taken:
        assert title_of(text) == "a " * 38 + "a…"
    assert taken[0] < 3 * len(text)


def test_a_long_paragraph_is_cut_where_a_sentence_begins() -> None:
    sentence = "The harbour of Eastvale was built in two years by four hundred men. "
    sentences = split_sentences(sentence * 5_000)
    assert {s.text for s in sentences} == {sentence.strip()}
    assert len(sentences) == 5_000


def test_long_markdown_reads_as_its_parts_would_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# Pears\n\nA *pear* is [green][1].\n\n- one\n- two\n\n```\ncode\n\n# no heading\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n"
    text = text * 40 + "[1]: https://example.org\n"
    parts = load_markdown(text.encode(), "a.md")
    monkeypatch.setattr(markdown_loader, "MAX_PART", 500)
    assert load_markdown(text.encode(), "a.md") == parts
    assert "[1]" not in parts.text
    assert len(text) < MAX_PART


@pytest.mark.parametrize("n_parts", [2, pytest.param(40, marks=(pytest.mark.soak, pytest.mark.timeout(3600)))])
def test_memory_of_markdown_does_not_grow_with_it(n_parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_loader, "MAX_PART", 10_000)
    item = b"- a\n"
    with peak() as one:
        load_markdown(item * (9_000 // len(item)), "a.md")
    with peak() as taken:
        load_markdown(item * (10_000 // len(item)) * n_parts, "a.md")
    assert taken[0] < 1.3 * one[0] + 30 * 10_000 * n_parts  # read as one part, it takes twice as much for two


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom"])
def test_a_device_is_read_up_to_the_limit(path: str) -> None:
    with pytest.raises(ArticleError, match=f"{path} is larger than the limit of 1 MB"):
        load_file(Path(path), 1)


@pytest.mark.parametrize("path", ["a\x00b", "\ud800", "x" * 5000, "/dev/null/a", "~nosuchuser/a.txt"])
def test_a_name_that_no_file_can_have_is_told(quick: Open, path: str) -> None:
    with pytest.raises(ArticleError, match="cannot be read"):
        quick().add_file(path)


def test_a_file_whose_name_is_no_text_is_added(quick: Open, tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9.txt"
    path.write_text("Coffee is served.", encoding="utf-8")
    added = quick().add_file(path)
    assert (added.source, added.title) == ("caf?.txt", "Coffee is served.")


def test_a_surrogate_in_a_title_is_replaced(quick: Open) -> None:
    assistant = quick()
    added = assistant.add("Coffee is served.", title="Half \ud800 a \x00 pair")
    assert added.title == "Half ? a pair"
    assistant.rename(added.id, "\udfff and \ud800")
    assert assistant.article(added.id).title == "? and ?"


def test_what_is_no_text_is_told() -> None:
    for value in (None, 5, b"bytes", ["text"], {"text": "a"}):
        with pytest.raises(ArticleError, match=r"The text is .*, expected a text"):
            load_text(value)  # type: ignore[arg-type]
