"""The page "Evaluate": choose or upload a question set, watch it run, see the figures, open a failure in the chat."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError, QuestionSetError
from assistant.evaluation.api import evaluate
from assistant.evaluation.collect import own_set
from assistant.evaluation.question_files import read_questions
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.report_html import as_html
from assistant.evaluation.results import Results
from assistant.settings import CHECKOUT

if TYPE_CHECKING:
    from assistant.assistant import Assistant

OWN, SAMPLE = "own", "sample"
NOTHING = "nothing"
SAMPLE_SET = CHECKOUT / "tests" / "quality" / "sample.jsonl"
"""In a checkout only: the wheel holds no tests."""

MAX_ARTICLES_IN_A_ROW = 8
MAX_QUESTIONS = 2000
"""More are for the command line, which goes on after an interruption."""

_SUFFIXES = (".jsonl", ".json", ".csv", ".tsv", ".gz")
_COMPARISONS = [
    ("nothing", NOTHING),
    ("lexical search", "lexical"),
    ("dense search", "dense"),
    ("always refusing", "abstain"),
]
_STYLE = """<style>
#evaluate { position: fixed; inset: 0; z-index: 2; overflow: auto; padding: 24px 16px 40px; background: var(--body-background-fill); }
#evaluate > * { max-width: 1240px; width: 100%; margin: 0 auto; }
#evaluate h1 { font-size: 1.6rem; margin: 0; } #evaluate .lead { margin: .2rem 0 0; opacity: .85; max-width: 80ch; }
#evaluate .bar { height: 8px; border-radius: 4px; background: #8884; overflow: hidden; margin: 6px 0; }
#evaluate .bar span { display: block; height: 100%; background: #3f76b8; transition: width .2s; }
#evaluate .told { margin: 0; font-variant-numeric: tabular-nums; white-space: pre-line; overflow-wrap: anywhere; }
#evaluate .wrong { color: #b3261e; } .dark #evaluate .wrong { color: #ff9c94; }
#evaluate iframe { width: 100%; height: 82vh; border: 1px solid #8884; border-radius: 10px; background: transparent; }
#evaluate a { color: #1f5a86; text-decoration: underline; white-space: nowrap; } .dark #evaluate a { color: #8fc1ea; }
#evaluate button.primary { background: #1f5a86; color: #fff; } .dark #evaluate button.primary { background: #8fc1ea; color: #10202d; }
@media (prefers-reduced-motion: reduce) { #evaluate .bar span { transition: none; } }
</style>"""


class StoppedError(Exception):
    """The reader pressed Stop."""


class Evaluation:
    """Runs one evaluation at a time for a page and streams how it goes."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._stop = threading.Event()

    def choices(self) -> list[tuple[str, str]]:
        """Returns what can be chosen beside a file: the user's own questions and the sample's, if there are any."""
        own = own_set(self._assistant.settings.library)
        found = []
        if own.is_file():
            found.append((f"My questions ({_count_lines(own)})", OWN))
        if SAMPLE_SET.is_file():
            found.append((f"Questions on the sample article ({_count_lines(SAMPLE_SET)})", SAMPLE))
        return found

    def articles(self) -> list[tuple[str, str]]:
        """Returns title and id of the articles that questions may be about."""
        return [(entry.title, entry.id) for entry in self._assistant.contents()]

    def refreshed(self) -> tuple[Any, Any]:
        """Returns the choices as they are now, since articles and questions may have come; what is chosen stays."""
        choices = self.choices()
        return gr.update(choices=choices, visible=bool(choices)), gr.update(choices=self.articles())

    def stop(self) -> None:
        """Ends the evaluation that runs, after the question at hand."""
        self._stop.set()

    def run(
        self, chosen: str | None, upload: str | None, article: str | None, compare: str
    ) -> Iterator[tuple[str, str, Any]]:
        """Streams (progress, report, download) as HTML and a file's path; errors are told in the first."""
        self._stop.clear()
        yield _told("Reading the questions …"), "", gr.skip()
        messages: Queue[tuple[str, Any]] = Queue()
        arguments = (chosen, upload, article or "", compare, messages)
        threading.Thread(target=self._work, args=arguments, name="evaluate", daemon=True).start()
        start = time.perf_counter()
        while True:
            kind, value = messages.get()
            while kind == "progress" and not messages.empty():
                kind, value = messages.get()
            if kind == "progress":
                done, total = value
                yield _bar(done, total, time.perf_counter() - start), gr.skip(), gr.skip()
            elif kind == "error":
                yield _told(value, "wrong"), "", gr.skip()
                return
            else:
                results, page, path = value
                yield _told(_in_words(results)), _framed(page), gr.update(value=path, visible=True)
                return

    def _work(
        self, chosen: str | None, upload: str | None, article: str, compare: str, messages: Queue[tuple[str, Any]]
    ) -> None:
        def on_progress(done: int, total: int) -> None:
            if self._stop.is_set():
                raise StoppedError
            messages.put(("progress", (done, total)))

        try:
            questions = self._questions(chosen, upload, article)
            results = evaluate(
                questions,
                self._assistant.settings,
                workers=1,
                compare=None if compare == NOTHING else compare,
                on_progress=on_progress,
            )
            if not isinstance(results, Results):
                raise QuestionSetError("A retrieval set was given; evaluate it with `assistant evaluate`.")
            page = as_html(results, questions)
            path = Path(tempfile.mkdtemp(prefix="assistant-report-")) / "report.html"
            path.write_text(page, encoding="utf-8")
            known = {entry.id for entry in self._assistant.contents()}
            messages.put(("done", (results, as_html(results, questions, known), str(path))))
        except StoppedError:
            messages.put(("error", "Stopped. Nothing is kept."))
        except AssistantError as error:
            messages.put(("error", str(error)))
        except OSError as error:
            messages.put(("error", f"The report cannot be written: {error}. Free some space and try again."))

    def _questions(self, chosen: str | None, upload: str | None, article: str) -> QuestionSet:
        if upload:
            path = Path(upload)
        elif chosen == OWN:
            path = own_set(self._assistant.settings.library)
        elif chosen == SAMPLE:
            path = SAMPLE_SET
        else:
            raise QuestionSetError("There is nothing to evaluate yet. Give a file of questions.")
        try:
            questions = read_questions(path, article, self._assistant.article)
        except QuestionSetError as error:
            # The folder that uploads are kept in means nothing to a reader.
            raise QuestionSetError(str(error).replace(str(path), path.name)) from error
        if isinstance(questions, RetrievalSet) or len(questions.questions) > MAX_QUESTIONS:
            raise QuestionSetError(
                f"The set is too large for this page: at most {MAX_QUESTIONS:,} questions are evaluated here. "
                "Use `assistant evaluate`, which goes on where it was interrupted."
            )
        return questions


def build_page(assistant: Assistant) -> Evaluation:
    """Builds the page inside the current Blocks or route and returns what runs on it."""
    evaluation = Evaluation(assistant)
    choices = evaluation.choices()
    with gr.Column(elem_id="evaluate"):
        gr.HTML(
            f"{_STYLE}<h1>Evaluate</h1><p class='lead'>Run a question set on the assistant and see how good its answers "
            "are, and why. The articles of the set are asked in a library of their own; yours is not touched. A file is JSONL, SQuAD JSON, or CSV with the columns question and answer. "
            "<a href='./' target='_top'>Back to the chat</a></p>"
        )
        with gr.Row():
            chosen = gr.Radio(
                choices,
                value=choices[0][1] if choices else None,
                visible=bool(choices),
                label="Question set, if no file is given",
                min_width=320,
            )
            compare = gr.Radio(_COMPARISONS, value=NOTHING, label="Compare with", min_width=320)
        with gr.Row():
            upload = gr.File(label="Question set file", file_types=[*_SUFFIXES], height=140, min_width=320)
            article = _article_choice(evaluation.articles())
        with gr.Row():
            start = gr.Button("Evaluate", variant="primary", scale=0, min_width=150)
            stop = gr.Button("Stop", scale=0, min_width=110)
            download = gr.DownloadButton("Save the report", visible=False, scale=0, min_width=170)
        progress = gr.HTML("", elem_id="evaluate-progress")
        report = gr.HTML("", elem_id="evaluate-report")
    gr.on(None, evaluation.refreshed, None, [chosen, article], show_progress="hidden", api_visibility="private")
    start.click(
        evaluation.run,
        [chosen, upload, article, compare],
        [progress, report, download],
        concurrency_limit=1,
        show_progress="hidden",
        api_visibility="private",
    )
    stop.click(evaluation.stop, queue=False, api_visibility="private")
    return evaluation


def _article_choice(articles: list[tuple[str, str]]) -> gr.Radio | gr.Dropdown:
    """Returns what an article is chosen with: buttons, which screen readers know best, for a few; else a list."""
    kind = gr.Radio if len(articles) <= MAX_ARTICLES_IN_A_ROW else gr.Dropdown
    value = articles[-1][1] if articles else None
    return kind(articles, value=value, label="Article, for questions that name none", min_width=320)


def _count_lines(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _told(text: str, style: str = "") -> str:
    return f"<p class='told {style}' role='status'>{escape(text)}</p>"


def _bar(done: int, total: int, seconds: float) -> str:
    share = done / max(1, total)
    left = f", {seconds / done * (total - done):.0f} s left" if done else ""
    return (
        f"{_told(f'{done:,} of {total:,} questions{left}')}<div class='bar' role='progressbar' aria-label='Questions asked' "
        f"aria-valuemin='0' aria-valuemax='{total}' aria-valuenow='{done}'><span style='width:{share * 100:.1f}%'></span></div>"
    )


def _in_words(results: Results) -> str:
    right = sum(row.right for row in results.rows)
    return f"{right:,} of {len(results.rows):,} right, {results.times.questions_per_second:.1f} questions a second."


def _framed(page: str) -> str:
    """Returns the report in a frame of its own, where the page's styles do not reach and its links lead to the chat."""
    allowed = "allow-scripts allow-top-navigation-by-user-activation allow-popups"
    return f"<iframe title='Report' sandbox='{allowed}' srcdoc='{escape(page)}'></iframe>"
