"""The page "Evaluate": choose or upload a question set, watch it run, see the figures, open a failure in the chat."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.evaluation.results import Results
from assistant.ui import bundle
from assistant.ui.endpoints import owner_of
from assistant.ui.evaluations import COMPARED, Asked, Evaluations, Kept
from assistant.ui.listening import Listening
from assistant.ui.question_sets import Choice, QuestionSets

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MAX_ARTICLES_IN_A_ROW = 8
MAX_WATCHING = 20
SECONDS_BEFORE_SAYING_SO = 2.0

_NOTHING = "nothing"
_COMPARISONS = [("nothing", _NOTHING), *((label, name) for name, label in COMPARED.items())]
_LEAD = (
    "Run a question set on the assistant and see how good its answers are, and why. The articles of the set are asked in a "
    "library of their own; yours is not touched. A file is JSONL, SQuAD JSON, or CSV with the columns question and answer."
)


class EvaluatePage:
    """What happens on the page: each method is what an event of it calls."""

    def __init__(
        self, assistant: Assistant, sets: QuestionSets, evaluations: Evaluations, listening: Listening
    ) -> None:
        """Stores what the page shows."""
        self._assistant = assistant
        self._sets = sets
        self._evaluations = evaluations
        self._listening = listening

    def build(self) -> None:
        """Builds the page inside the current Blocks or route."""
        offered = self._sets.offered()
        with gr.Column(elem_id="evaluate"):
            gr.HTML(
                f"<style>{bundle.read('evaluate/evaluate.css')}</style><h1>Evaluate</h1>"
                f"<p class='lead'>{_LEAD} <a href='./' target='_top'>Back to the chat</a></p>"
            )
            with gr.Row():
                chosen = gr.Radio(
                    offered,
                    value=offered[0][1] if offered else None,
                    visible=bool(offered),
                    label="Question set, if no file is given",
                    min_width=320,
                )
                compare = gr.Radio(_COMPARISONS, value=_NOTHING, label="Compare with", min_width=320)
            with gr.Row():
                upload = _file_choice()
                article = _article_choice(self._articles())
            with gr.Row():
                start = gr.Button("Evaluate", variant="primary", scale=0, min_width=150)
                stop = gr.Button("Stop", scale=0, min_width=110)
            progress = gr.HTML("", elem_id="evaluate-progress")
            report = gr.HTML("", elem_id="evaluate-report")
        gr.on(
            None, self.refreshed, None, [chosen, article], queue=False, show_progress="hidden", api_visibility="private"
        )
        start.click(
            self.run,
            [chosen, upload, article, compare],
            [progress, report],
            concurrency_limit=MAX_WATCHING,
            show_progress="hidden",
            api_visibility="private",
        )
        stop.click(self.stop, queue=False, api_visibility="private")

    def refreshed(self, request: gr.Request) -> tuple[Any, Any]:
        """Returns the choices as they are now, since articles and questions may have come; what is chosen stays."""
        offered = self._sets.offered(owner_of(request))
        return gr.update(choices=offered, visible=bool(offered)), gr.update(choices=self._articles())

    def stop(self, request: gr.Request) -> None:
        """Ends the caller's evaluations, after the question at hand."""
        self._evaluations.stop(owner_of(request))

    def run(
        self, chosen: str | None, upload: str | None, article: str | None, compare: str | None, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        """Streams (progress, report) as HTML; errors are told in the first."""
        baseline = None if compare in {None, "", _NOTHING} else compare
        choice = Choice(owner_of(request), chosen or "", upload or "", article or "", baseline)
        yield _told("Reading the questions …"), ""
        try:
            yield from self._watched(choice, self._listening.is_wanted(request.session_hash))
        except AssistantError as error:
            yield _told(str(error), "wrong"), ""
        except OSError as error:
            yield _told(f"The report cannot be made: {error.strerror}. Free some space and try again.", "wrong"), ""

    def _watched(self, choice: Choice, is_wanted: Callable[[], bool]) -> Iterator[tuple[str, Any]]:
        start = time.perf_counter()
        is_waiting, is_kept = True, False
        for part in self._evaluations.run(choice, is_wanted):
            if isinstance(part, Asked):
                is_waiting = False
                yield _bar(part, time.perf_counter() - start), gr.skip()
            elif isinstance(part, Results):
                yield _told(_in_words(part)), gr.skip()
            elif isinstance(part, Kept):
                is_kept = True
                yield gr.skip(), _framed(part.token)
            elif is_waiting and time.perf_counter() - start > SECONDS_BEFORE_SAYING_SO:
                yield _told("Another evaluation is running. Yours starts when it has ended."), gr.skip()
            else:
                yield gr.skip(), gr.skip()
        if not is_kept:
            yield _told("Stopped. Nothing is kept.", "wrong"), ""

    def _articles(self) -> list[tuple[str, str]]:
        """Returns title and id of the articles that questions may be about."""
        return [(entry.title, entry.id) for entry in self._assistant.contents()]


def _file_choice() -> gr.HTML:
    """Returns what a file is chosen with: sent as soon as it is, it then has the token of its upload as value."""
    return gr.HTML(
        "",
        told="",
        html_template=bundle.read("evaluate/file.html"),
        js_on_load=bundle.read("evaluate/send_file.js"),
        elem_classes="file",
        min_width=320,
    )


def _article_choice(articles: list[tuple[str, str]]) -> gr.Radio | gr.Dropdown:
    """Returns what an article is chosen with: buttons, which screen readers know best, for a few; else a list."""
    kind = gr.Radio if len(articles) <= MAX_ARTICLES_IN_A_ROW else gr.Dropdown
    value = articles[-1][1] if articles else None
    return kind(articles, value=value, label="Article, for questions that name none", min_width=320)


def _told(text: str, style: str = "") -> str:
    return f"<p class='told {style}' role='status'>{escape(text)}</p>"


def _bar(asked: Asked, seconds: float) -> str:
    done, total = asked.done, asked.total
    share = done / max(1, total)
    left = f", {seconds / done * (total - done):.0f} s left" if done else ""
    return (
        f"{_told(f'{done:,} of {total:,} questions{left}')}<div class='bar' role='progressbar' aria-label='Questions asked' "
        f"aria-valuemin='0' aria-valuemax='{total}' aria-valuenow='{done}'><span style='width:{share * 100:.1f}%'></span></div>"
    )


def _in_words(results: Results) -> str:
    right = sum(row.right for row in results.rows)
    return f"{right:,} of {len(results.rows):,} right, {results.times.questions_per_second:.1f} questions a second."


def _framed(token: str) -> str:
    """Returns the report in a frame: it comes with a policy of its own, and its links lead to the chat."""
    return (
        f"<p class='told'><a href='./reports/{token}?save' download='report.html'>Save the report</a></p>"
        f"<iframe title='Report' src='./reports/{token}'></iframe>"
    )
