"""The page "Evaluate": choose or upload a question set, watch it run, see the figures, open a failure in the chat."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError, QuestionSetError
from assistant.evaluation.api import evaluate
from assistant.evaluation.question_files import read_questions
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.report_html import as_html
from assistant.evaluation.results import Results
from assistant.library.chats import Chats
from assistant.settings import CHECKOUT
from assistant.ui.endpoints import Job, in_background, owner_of
from assistant.ui.own_questions import own_set
from assistant.ui.reports import Report, Reports
from assistant.ui.uploads import Uploads

if TYPE_CHECKING:
    from assistant.assistant import Assistant

OWN, SAMPLE = "own", "sample"
SENDING = "sending"
NOTHING = "nothing"
SAMPLE_SET = CHECKOUT / "tests" / "quality" / "sample.jsonl"
"""In a checkout only: the wheel holds no tests."""

MAX_ARTICLES_IN_A_ROW = 8
MAX_QUESTIONS = 2000
"""More are for the command line, which goes on after an interruption."""

MAX_WATCHING = 20
SECONDS_BEFORE_SAYING_SO = 2.0
MAX_SETS_KEPT = 20
"""Uploaded sets of all users together that can be run again without being sent again."""

_FILE = """<label for="question-set-file">Question set file</label>
<input type="file" id="question-set-file" accept=".jsonl,.json,.csv,.tsv,.gz">
<span class="sent" role="status">${told}</span>"""
_SEND = """
element.addEventListener("change", async (event) => {
  const file = event.target.files?.[0];
  if (!file) return;
  const name = new Option(file.name).innerHTML;
  props.value = "sending";
  props.told = `Sending ${name} …`;
  const reply = await fetch("./uploads", { method: "POST", headers: { "X-File-Name": encodeURIComponent(file.name) }, body: file })
    .then(async (response) => (response.headers.get("content-type")?.includes("json") ? response.json() : {}))
    .catch(() => ({ error: "The assistant cannot be reached." }));
  props.value = reply.upload || "";
  props.told = reply.upload ? `Chosen: ${name}` : new Option(reply.error || "The server did not take this file.").innerHTML;
});
"""
_TOO_LARGE = (
    f"The set is too large for this page: at most {MAX_QUESTIONS:,} questions are evaluated here. "
    "Use `assistant evaluate`, which goes on where it was interrupted."
)
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
#evaluate .row { flex-wrap: wrap; }
#evaluate .row > .file { flex: 1 1 320px !important; min-width: min(320px, 100%) !important; padding: 12px !important; border: 1px solid var(--border-color-primary); background: var(--block-background-fill); border-radius: var(--block-radius); } #evaluate .file .file { padding: 0; }
#evaluate .file label { display: block; margin-bottom: 8px; color: var(--block-label-text-color); } #evaluate .file .sent { display: block; margin-top: 6px; overflow-wrap: anywhere; }
#evaluate .file input { max-width: 100%; } #evaluate .file input::file-selector-button { padding: 6px 12px; margin-right: 10px; border: 0; border-radius: 6px; background: var(--button-secondary-background-fill); color: var(--button-secondary-text-color); font: inherit; cursor: pointer; }
@media (prefers-reduced-motion: reduce) { #evaluate .bar span { transition: none; } }
</style>"""


@dataclass(frozen=True)
class Choice:
    """What a reader has chosen on the page.

    Attributes:
        owner: who.
        chosen: OWN, SAMPLE or none of them.
        upload: token of a file that was sent; it goes before `chosen`.
        article: id of the article of questions that name none.
        compare: name of a baseline, or NOTHING.
    """

    owner: str
    chosen: str
    upload: str
    article: str
    compare: str


class Evaluation:
    """Runs one evaluation at a time and streams how it goes to whom it is for."""

    def __init__(self, assistant: Assistant, chats: Chats, uploads: Uploads, reports: Reports) -> None:
        """Stores what the page works on."""
        self._assistant = assistant
        self._chats = chats
        self._uploads = uploads
        self._reports = reports
        self._place = threading.Semaphore(1)
        self._lock = threading.Lock()
        self._running: dict[str, list[threading.Event]] = {}
        self._sets: OrderedDict[tuple[str, str], QuestionSet] = OrderedDict()

    def choices(self, owner: str = "") -> list[tuple[str, str]]:
        """Returns what can be chosen beside a file: the user's own questions and the sample's, if there are any."""
        n_own = self._chats.questions.count(owner)
        found = [(f"My questions ({n_own})", OWN)] if n_own else []
        if SAMPLE_SET.is_file():
            found.append((f"Questions on the sample article ({_count_lines(SAMPLE_SET)})", SAMPLE))
        return found

    def articles(self) -> list[tuple[str, str]]:
        """Returns title and id of the articles that questions may be about."""
        return [(entry.title, entry.id) for entry in self._assistant.contents()]

    def refreshed(self, request: gr.Request) -> tuple[Any, Any]:
        """Returns the choices as they are now, since articles and questions may have come; what is chosen stays."""
        choices = self.choices(owner_of(request))
        return gr.update(choices=choices, visible=bool(choices)), gr.update(choices=self.articles())

    def stop(self, request: gr.Request) -> None:
        """Ends the caller's evaluations, after the question at hand."""
        with self._lock:
            for stop in self._running.get(owner_of(request), []):
                stop.set()

    def run(
        self, chosen: str | None, upload: str | None, article: str | None, compare: str | None, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        """Streams (progress, report) as HTML; errors are told in the first."""
        choice = Choice(owner_of(request), chosen or "", upload or "", article or "", compare or NOTHING)
        yield _told("Reading the questions …"), ""
        stop = threading.Event()
        with self._lock:
            self._running.setdefault(choice.owner, []).append(stop)
        try:
            yield from self._stream(choice, stop)
        except AssistantError as error:
            yield _told(str(error), "wrong"), ""
        except OSError as error:
            yield _told(f"The report cannot be made: {error.strerror}. Free some space and try again.", "wrong"), ""
        finally:
            with self._lock:
                self._running[choice.owner].remove(stop)
                if not self._running[choice.owner]:
                    del self._running[choice.owner]

    def _stream(self, choice: Choice, stop: threading.Event) -> Iterator[tuple[str, Any]]:
        start = time.perf_counter()
        is_waiting = True
        for part in in_background(lambda job: self._work(choice, job), self._place, stop):
            if isinstance(part, tuple):
                is_waiting = False
                done, total = part
                yield _bar(done, total, time.perf_counter() - start), gr.skip()
            elif isinstance(part, Results):
                yield _told(_in_words(part)), gr.skip()
            elif isinstance(part, str):
                yield gr.skip(), _framed(part)
                return
            elif is_waiting and time.perf_counter() - start > SECONDS_BEFORE_SAYING_SO:
                yield _told("Another evaluation is running. Yours starts when it has ended."), gr.skip()
            else:
                yield gr.skip(), gr.skip()
        yield _told("Stopped. Nothing is kept.", "wrong"), ""

    def _work(self, choice: Choice, job: Job) -> None:
        def on_progress(done: int, total: int) -> None:
            job.go_on()
            job.tell((done, total))

        job.tell((0, 0))
        questions = self._questions(choice)
        compare = None if choice.compare == NOTHING else choice.compare
        results = evaluate(questions, self._assistant.settings, workers=1, compare=compare, on_progress=on_progress)
        if not isinstance(results, Results):
            raise QuestionSetError("A retrieval set was given; evaluate it with `assistant evaluate`.")
        known = {entry.id for entry in self._assistant.contents()}
        report = Report(as_html(results, questions, known), as_html(results, questions))
        job.tell(results)
        job.tell(self._reports.keep(choice.owner, report))

    def _questions(self, choice: Choice) -> QuestionSet:
        if choice.upload == SENDING:
            raise QuestionSetError("The file is still being sent. Wait a moment, then try again.")
        if choice.upload:
            questions = self._sent(choice)
        elif choice.chosen == OWN:
            questions = own_set(self._chats, choice.owner)
        elif choice.chosen == SAMPLE:
            questions = _read(SAMPLE_SET, choice.article, self._assistant)
        else:
            raise QuestionSetError("There is nothing to evaluate yet. Give a file of questions.")
        if len(questions.questions) > MAX_QUESTIONS:
            raise QuestionSetError(_TOO_LARGE)
        return questions

    def _sent(self, choice: Choice) -> QuestionSet:
        """Returns the set of a file that was sent, which may be run again."""
        key = choice.owner, f"{choice.upload} {choice.article}"
        with self._lock:
            if key in self._sets:
                return self._sets[key]
        with self._uploads.taken(choice.upload, choice.owner) as upload, tempfile.TemporaryDirectory() as folder:
            # Read under its own name, which tells its form.
            path = Path(folder) / (upload.name.strip(". ") or "questions.jsonl")
            shutil.copyfile(upload.path, path)
            questions = _read(path, choice.article, self._assistant)
        with self._lock:
            self._sets[key] = questions
            while len(self._sets) > MAX_SETS_KEPT:
                self._sets.popitem(last=False)
        return questions


def _read(path: Path, article: str, assistant: Assistant) -> QuestionSet:
    try:
        questions = read_questions(path, article, assistant.article)
    except QuestionSetError as error:
        # The folder that it is read from means nothing to a reader.
        raise QuestionSetError(str(error).replace(str(path), path.name)) from error
    if isinstance(questions, RetrievalSet):
        raise QuestionSetError(_TOO_LARGE)
    return questions


def build_page(assistant: Assistant, chats: Chats, uploads: Uploads, reports: Reports) -> Evaluation:
    """Builds the page inside the current Blocks or route and returns what runs on it."""
    evaluation = Evaluation(assistant, chats, uploads, reports)
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
            upload = gr.HTML("", told="", html_template=_FILE, js_on_load=_SEND, elem_classes="file", min_width=320)
            article = _article_choice(evaluation.articles())
        with gr.Row():
            start = gr.Button("Evaluate", variant="primary", scale=0, min_width=150)
            stop = gr.Button("Stop", scale=0, min_width=110)
        progress = gr.HTML("", elem_id="evaluate-progress")
        report = gr.HTML("", elem_id="evaluate-report")
    gr.on(None, evaluation.refreshed, None, [chosen, article], show_progress="hidden", api_visibility="private")
    start.click(
        evaluation.run,
        [chosen, upload, article, compare],
        [progress, report],
        concurrency_limit=MAX_WATCHING,
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


def _framed(token: str) -> str:
    """Returns the report in a frame: it comes with a policy of its own, and its links lead to the chat."""
    return (
        f"<p class='told'><a href='./reports/{token}?save' download='report.html'>Save the report</a></p>"
        f"<iframe title='Report' src='./reports/{token}'></iframe>"
    )
