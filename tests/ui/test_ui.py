"""The page's Python side: exports, accounts, suggestions, limits, and the interface that programs use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.answer import NO_ANSWER, Answer, Side, cite
from assistant.articles.article import Article, make_article
from assistant.articles.sentences import split_sentences
from assistant.errors import AssistantError
from assistant.evaluation.suggested_questions import candidates
from assistant.finding.search import Evidence
from assistant.library.chats import Chats
from assistant.networks.onnx_model import models_fingerprint
from assistant.settings import Carefulness
from assistant.ui import bundle
from assistant.ui.export import as_html, as_markdown, export, reference
from assistant.ui.suggestions import MIN_CONFIDENCE, Suggestions, verified

TEXT = """Ann Lee kept bees near Oslo from 1961 on. “They know me,” said Ann Lee. The town built Cedar Hall in 1975. \
People met at Cedar Hall every week, and Cedar Hall was full."""


def article_of(text: str, speakers: Sequence[str] = ()) -> Article:
    """Returns an article with its sentences, spoken by `speakers` in turn."""
    article = make_article(text, "On bees")
    sentences = [
        replace(s, speaker=speakers[n] if n < len(speakers) else "")
        for n, s in enumerate(split_sentences(article.text))
    ]
    return replace(article, sentences=tuple(sentences))


def answer_of(question: str, article: Article, position: int, confidence: float = 0.9) -> Answer:
    """Returns an answer that cites one sentence, and has its first word as short answer."""
    sentence = article.sentences[position]
    word = sentence.text.split()[0]
    citations = cite([Evidence(sentence, article.id, article.title, 0.8)])
    spans = ((article.id, sentence.start, sentence.start + len(word)),)
    return Answer(question, question, sentence.text, word, spans, citations, confidence=confidence)


class Scripted:
    """Answers a question with the confidence that is written down for it, and refuses the others."""

    def __init__(self, article: Article, confidences: dict[str, float]) -> None:
        self._article = article
        self._confidences = confidences
        self.asked: list[str] = []

    def article(self, article_id: str) -> Article:
        if article_id != self._article.id:
            raise AssistantError("gone")
        return self._article

    def ask(self, question: str, article: str) -> Answer:
        self.asked.append(question)
        if question not in self._confidences:
            return Answer(question, question, NO_ANSWER, abstained=True, confidence=0.9)
        return answer_of(question, self.article(article), 0, self._confidences[question])


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with closing(Chats.open(tmp_path / "library.sqlite3")) as opened:
        yield opened


def questions(article: Article) -> list[str]:
    return [candidate.question for candidate in candidates(article)]


def test_candidates_differ_in_kind_and_those_of_a_kind_come_later() -> None:
    assert questions(article_of(TEXT, ["", "Ann Lee"])) == [
        "What did Ann Lee say?",
        "What happened in 1961?",
        "What is this article about?",
        "What is said about Cedar Hall?",
        "What happened in 1975?",
    ]


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("The bridge was closed to lorries because its deck is thin.", "Why was the bridge closed to lorries?", ""),
        ("Ida Brandt has left the board because she moved.", "Why has Ida Brandt left the board?", ""),
        ("The Mill was built as planned in May 1832.", "When was the Mill built?", "May 1832"),
        ("Ida Brandt, the harbour master, waved.", "Who is the harbour master?", "Brandt"),
        ("Ida Brandt, a captain of the Norwick Line, waved.", "Who is the captain of the Norwick Line?", "Brandt"),
        ("It has about 3,000 wooden boats.", "How many wooden boats are there?", "3,000"),
        ("It has twelve boats.", "How many boats are there?", "twelve"),
    ],
)
def test_a_sentence_gives_a_question_that_reads_well(text: str, question: str, answer: str) -> None:
    found = {c.question: (c.answer, c.position) for c in candidates(article_of(f"Some news.\n\n{text}"))}
    assert found.get(question) == (answer, 1), list(found)


@pytest.mark.parametrize(
    "text",
    ["It was closed because of rain.", "They were built in 1832.", "It took 30 minutes.", "Lee, the man, waved."],
)
def test_a_sentence_that_gives_none_gives_none(text: str) -> None:
    kinds = {candidate.kind for candidate in candidates(article_of(f"Some news.\n\n{text}"))}
    assert kinds <= {"about", "happened"}


@pytest.mark.parametrize(
    ("text", "speaker", "question"),
    [
        ("Analysts say it will rain.", "Analysts", "What did analysts say?"),
        ("“Rain,” said the Weather Office.", "Weather Office", "What did the Weather Office say?"),
        ("“Rain,” said Ann Lee. Lee left.", "Ann Lee", "What did Ann Lee say?"),
        ("NASA said so.", "NASA", "What did NASA say?"),
    ],
)
def test_a_speaker_is_asked_for_as_one_would(text: str, speaker: str, question: str) -> None:
    assert questions(article_of(text, [speaker]))[0] == question


def test_a_name_counts_at_the_beginning_of_a_sentence_and_with_an_ending() -> None:
    text = "Mill Bridge is closed. Work on Mill Bridge's deck begins in May. The crossing at Oak Lane stays open."
    assert questions(article_of(text)) == ["What is this article about?", "What is said about Mill Bridge?"]


def test_only_confident_answers_are_suggested() -> None:
    article = article_of(TEXT, ["", "Ann Lee"])
    scripted = Scripted(
        article, {"What did Ann Lee say?": MIN_CONFIDENCE, "What happened in 1961?": MIN_CONFIDENCE - 0.01}
    )
    assert verified(scripted, article) == ["What did Ann Lee say?"]  # type: ignore[arg-type]
    assert scripted.asked == questions(article)


def test_an_answer_other_than_the_one_meant_makes_no_suggestion() -> None:
    article = article_of("Ann keeps bees.\n\nThere are 30 hives.\n\nThe hall was built in 1975.")
    asked = {"How many hives are there?": 0.9, "When was the hall built?": 0.9, "What is this article about?": 0.9}
    # The scripted answers cite the first sentence, and say its first word.
    assert verified(Scripted(article, asked), article) == ["What is this article about?"]  # type: ignore[arg-type]


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits up to ten seconds for a background thread."""
    import time

    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_suggestions_are_looked_for_once_and_kept(chats: Chats) -> None:
    article = article_of(TEXT, ["", "Ann Lee"])
    scripted = Scripted(article, {"What did Ann Lee say?": 0.95})
    suggestions = Suggestions(scripted, chats)  # type: ignore[arg-type]
    assert suggestions.of([article.id]) == ([], False)
    wait_until(lambda: suggestions.of([article.id])[1])
    assert suggestions.of([article.id]) == (["What did Ann Lee say?"], True)
    asked = len(scripted.asked)
    assert Suggestions(scripted, chats).of([article.id])[0] == ["What did Ann Lee say?"]  # type: ignore[arg-type]
    assert len(scripted.asked) == asked


def test_an_article_that_is_gone_does_not_end_the_search_for_others(chats: Chats) -> None:
    article = article_of(TEXT, ["", "Ann Lee"])
    suggestions = Suggestions(Scripted(article, {"What did Ann Lee say?": 0.95}), chats)  # type: ignore[arg-type]
    suggestions.of(["0123456789abcdef", article.id])
    wait_until(lambda: chats.suggestions(article.id, models_fingerprint()) is not None)
    assert chats.suggestions(article.id, models_fingerprint()) == ["What did Ann Lee say?"]


def exported(chats: Chats, text: str, question: str) -> tuple[Any, Any]:
    """Returns a conversation of one turn, and its turns."""
    article = article_of(text)
    chat = chats.start()
    chats.keep(chat.id, 0, question, answer_of(question, article, 0).to_dict())
    return chats.get(chat.id), chats.turns(chat.id)


def test_markdown_holds_question_answer_quotation_and_reference(chats: Chats) -> None:
    chat, turns = exported(chats, TEXT, "Who kept bees?")
    assert as_markdown(chat, turns) == (
        "# Who kept bees?\n\n## Who kept bees?\n\nAnn\n\n"
        "> Ann Lee kept bees near Oslo from 1961 on. \\[1\\]\n>\n> — “On bees”, sentence 1\n"
    )


def test_each_side_of_a_comparison_has_its_heading_in_the_exports(chats: Chats) -> None:
    article = article_of(TEXT)
    answer = replace(
        answer_of("?", article, 0), sides=(Side("On bees", (article.id,), (1,)), Side("On <ants>", ("b" * 16,), ()))
    )
    chat = chats.start()
    chats.keep(chat.id, 0, "Compare them on honey", answer.to_dict())
    markdown, page = (write(chats.get(chat.id), chats.turns(chat.id)) for write in (as_markdown, as_html))
    quoted = markdown.partition("### On bees\n\n")[2]
    assert quoted.startswith("> Ann Lee kept bees near Oslo from 1961 on. \\[1\\]")
    assert quoted.endswith("### On \\<ants\\>\n\nThe article does not say.\n")
    assert '<h3 dir="auto">On bees</h3>\n<blockquote dir="auto" id="t0c1">' in page
    assert '<h3 dir="auto">On &lt;ants&gt;</h3>\n<p dir="auto">The article does not say. </p>' in page


def test_what_others_wrote_stays_text_in_every_export(chats: Chats) -> None:
    hostile = "<script>alert(1)</script> **bold** [link](javascript:x)"
    chat, turns = exported(chats, f"{hostile} is written here.", hostile)
    markdown, page = as_markdown(chat, turns), as_html(chat, turns)
    assert "<script" not in markdown.replace("\\<script", "")
    assert "**bold**" not in markdown
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold** [link](javascript:x)" in page
    assert json.loads(export(chat, turns, "json")["text"])["turns"][0]["question"] == hostile
    assert export(chat, turns, "html")["name"] == "script-alert-1-script-bold-link-javascript-x.html"


def test_markers_of_the_html_export_lead_to_their_quotations(chats: Chats) -> None:
    page = as_html(*exported(chats, TEXT, "Who kept bees?"))
    assert '<a href="#t0c1">[1]</a>' in page
    assert '<blockquote dir="auto" id="t0c1">[1] Ann Lee kept bees near Oslo from 1961 on.<br>' in page


def test_an_unknown_form_is_refused(chats: Chats) -> None:
    with pytest.raises(AssistantError, match="'pdf': expected one of html, json, markdown"):
        export(chats.start(), [], "pdf")


def test_a_reference_names_speaker_title_page_and_sentence() -> None:
    assert reference({"title": "On bees", "speaker": "Ann Lee", "page": 3, "position": 11}) == (
        "Ann Lee, in “On bees”, page 3, sentence 12"
    )
    assert reference({"title": "On bees", "position": 0}) == "“On bees”, sentence 1"


def test_all_files_of_the_page_are_in_the_bundle() -> None:
    script = bundle.script()
    static = Path(bundle.__file__).parent / "static"
    for path in static.glob("*.js"):
        assert path.read_text(encoding="utf-8") in script, path.name
    for path in static.glob("*.css"):
        styles = path.read_text(encoding="utf-8")
        assert json.dumps(styles)[1:-1] in script or styles in bundle.head(), path.name


def test_every_carefulness_can_be_chosen_on_the_page() -> None:
    offered = re.findall(r'^  \["(\w+)", ', bundle.read("settings.js"), re.MULTILINE)
    assert offered == list(get_args(Carefulness))


def test_nothing_on_the_page_is_parsed_as_html_or_fetched_from_elsewhere() -> None:
    everything = bundle.script() + bundle.head()
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://", "@import"):
        assert forbidden not in everything.replace("http://www.w3.org/2000/svg", ""), forbidden
