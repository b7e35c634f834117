"""What a notebook shows: cited sentences highlighted in their context, every text escaped, no script, no fixed ink."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from fakes import ScriptedReader

import assistant as package
from assistant.assistant import Assistant
from assistant.evaluation.figures import Figure
from assistant.evaluation.questions import ArticleText, Question
from assistant.evaluation.results import Times, summarise
from assistant.evaluation.retrieval_run import RetrievalResults
from assistant.evaluation.rows import judge
from assistant.notebook import quoted

Open = Callable[..., Assistant]
HOSTILE = '<script>alert(1)</script> & "<img src=x onerror=alert(1)>'
TEXT = f"Rain falls. Bees hum {HOSTILE} in May. The hive is old. Pears are green."


class Parts(HTMLParser):
    """What tags there are, and what the marks and bold words say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.said: dict[str, str] = {}
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every tag that is open is closed in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Notes a text with what it stands in."""
        self.text += data
        for tag in set(self.open):
            self.said[tag] = self.said.get(tag, "") + data


def shown(thing: Any) -> Parts:
    parts = Parts(thing._repr_html_())
    assert parts.open == []
    assert set(parts.tags) <= {"div", "strong", "mark", "table", "tr", "th", "td"}
    assert {name for name, _ in parts.attributes} <= {"style"}
    # No ink but the page's own, on backgrounds that let it through: legible on light and on dark.
    for _, style in parts.attributes:
        assert set(re.findall(r"(?<!-)\bcolor:([^;]+)", style or "")) <= {"inherit"}
        assert all(float(alpha) <= 0.5 for alpha in re.findall(r"rgba\(\d+,\d+,\d+,([.\d]+)\)", style or ""))
    return parts


@pytest.fixture
def assistant(quick: Open) -> Assistant:
    opened = quick(ScriptedReader("hum", lambda s: (s.start, s.start + 4)))
    opened.add(TEXT, title=f"On bees {HOSTILE}", author=HOSTILE, tags="work", source=HOSTILE)
    return opened


def test_an_answer_shows_its_sentences_highlighted_in_their_context(assistant: Assistant) -> None:
    answer = assistant.ask("What hums?")
    parts = shown(answer)
    (citation,) = answer.citations
    assert parts.said["mark"] == citation.sentence.text == f"Bees hum {HOSTILE} in May."
    assert (citation.before, citation.after) == ("Rain falls.", "The hive is old.")
    assert f"Rain falls. Bees hum {HOSTILE} in May. The hive is old." in parts.text
    assert parts.said["strong"] == "What hums?Bees"
    assert f"[1] On bees {HOSTILE}" in parts.text
    assert f"Probability that this is right: {answer.confidence:.2f}" in parts.text
    assert "before" not in citation.to_dict()
    assert shown(citation).said["mark"] == citation.sentence.text


def test_a_refusal_shows_the_closest_sentences_without_a_mark(quick: Open) -> None:
    opened = quick()
    opened.add(TEXT, title=HOSTILE)
    answer = opened.ask("Who baked the bread?")
    parts = shown(answer)
    assert answer.abstained
    assert "mark" not in parts.tags
    assert "The article does not say." in parts.text
    assert "Probability that the article does not say" in parts.text
    assert f"Closest: {HOSTILE} · {answer.closest[0].sentence.text}" in parts.text


def test_evidence_and_articles_are_shown(assistant: Assistant) -> None:
    evidence = assistant.retrieve("bees", 1)[0]
    parts = shown(evidence)
    assert f"On bees {HOSTILE}" in parts.text
    assert f"score {evidence.score:.2f}" in parts.text
    assert evidence.sentence.text in parts.text
    (article,) = assistant.articles()
    parts = shown(article)
    assert TEXT in parts.text
    assert parts.said["strong"] == f"On bees {HOSTILE}"
    assert f"{HOSTILE} · #work · {HOSTILE} · 4 sentences · {article.id}" in parts.text
    long = assistant.add("Bees hum. " * 1000)
    assert len(shown(long).text) < 2000


def test_results_are_shown_as_a_table_with_intervals(assistant: Assistant) -> None:
    rows = [_judged(assistant)]
    results = summarise(HOSTILE, "0" * 64, HOSTILE, 5, rows, 1.0, notes=[HOSTILE])
    parts = shown(results)
    assert f"{HOSTILE}: {HOSTILE}" in parts.text
    assert parts.text.count("95 % interval") == 1
    assert parts.tags.count("tr") == 1 + len(results.headlines())
    assert f"1 questions · {HOSTILE}" in parts.text
    figures = {"ndcg@10": Figure(0.5, 0.25, 0.75, 9), "none": Figure(float("nan"), 0.0, 0.0, 0)}
    retrieval = RetrievalResults(HOSTILE, "0", HOSTILE, (), figures, Times(0.1, 0.1, 1.0, 1))
    assert "ndcg@1050.0%25.0% – 75.0%9none–0" in shown(retrieval).text


def _judged(assistant: Assistant) -> Any:
    text = assistant.articles()[0]
    question = Question("1", "What hums?", text.id, True, ("Bees",))
    article = ArticleText(text.id, text.title, text.text)
    return judge(question, article, assistant.ask(question.text), assistant.retrieve(question.text, 5), 0.1)


@pytest.mark.parametrize(
    ("spans", "bold"),
    [([(0, 4)], ["Bees"]), ([(5, 8), (0, 4)], ["Bees", "hum"]), ([(0, 4), (2, 6)], ["Bees"]), ([(-1, 3), (5, 99)], [])],
)
def test_only_spans_inside_a_sentence_are_bold(spans: list[tuple[int, int]], bold: list[str]) -> None:
    html = quoted("Bees hum.", spans)
    assert re.findall("<strong>(.*?)</strong>", html) == bold
    assert re.sub("<.*?>", "", html) == "Bees hum."


def test_what_users_see_most_has_a_form_for_notebooks() -> None:
    for name in ("Answer", "Citation", "Evidence", "Article"):
        assert callable(getattr(package, name)._repr_html_)
