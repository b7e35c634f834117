"""Which questions an evaluation on the server is of: a user's own, the sample's, or those of a file that was sent."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import QuestionSetError
from assistant.evaluation.named_articles import find_in
from assistant.evaluation.question_files import read_questions
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.library.chats import Chats
from assistant.settings import CHECKOUT
from assistant.ui.own_questions import own_set
from assistant.ui.uploads import Uploads, shown_name

if TYPE_CHECKING:
    from assistant.assistant import Assistant

OWN, SAMPLE = "own", "sample"
SENDING = "sending"
"""Stands for the token of a file that has not come yet; `send_file.js` says so."""

SAMPLE_SET = CHECKOUT / "tests" / "quality" / "sample.jsonl"
"""In a checkout only: the wheel holds no tests."""

MAX_QUESTIONS = 2000
"""More are for the command line, which goes on after an interruption."""

MAX_SETS_KEPT = 20
"""Uploaded sets of all users together that can be run again without being sent again."""

_TOO_LARGE = (
    f"The set is too large for this server: at most {MAX_QUESTIONS:,} questions are evaluated here. "
    "Use `assistant evaluate`, which goes on where it was interrupted."
)


@dataclass(frozen=True)
class Choice:
    """What a reader has chosen on the page.

    Attributes:
        owner: who.
        chosen: OWN, SAMPLE or none of them.
        upload: token of a file that was sent; it goes before `chosen`.
        article: id of the article of questions that name none.
        compare: name of a baseline, None for none.
    """

    owner: str
    chosen: str = ""
    upload: str = ""
    article: str = ""
    compare: str | None = None


class QuestionSets:
    """The sets that can be chosen; may be shared by threads."""

    def __init__(self, assistant: Assistant, chats: Chats, uploads: Uploads) -> None:
        """Stores what the sets are read from."""
        self._assistant = assistant
        self._chats = chats
        self._uploads = uploads
        self._lock = threading.Lock()
        self._sent: OrderedDict[tuple[str, str, str], QuestionSet] = OrderedDict()

    def offered(self, owner: str = "") -> list[tuple[str, str]]:
        """Returns what can be chosen beside a file: the user's own questions and the sample's, if there are any."""
        n_own = self._chats.questions.count(owner)
        found = [(f"My questions ({n_own})", OWN)] if n_own else []
        if SAMPLE_SET.is_file():
            found.append((f"Questions on the sample article ({_count_lines(SAMPLE_SET)})", SAMPLE))
        return found

    def of(self, choice: Choice) -> QuestionSet:
        """Returns the questions that were chosen.

        Raises:
            QuestionSetError: if there are none, too many, or a file holds no questions that can be read.
        """
        if choice.upload == SENDING:
            raise QuestionSetError("The file is still being sent. Wait a moment, then try again.")
        if choice.upload:
            questions = self._of_file(choice)
        elif choice.chosen == OWN:
            questions = own_set(self._chats, choice.owner)
        elif choice.chosen == SAMPLE:
            questions = self._read(SAMPLE_SET, choice.article)
        else:
            raise QuestionSetError("There is nothing to evaluate yet. Give a file of questions.")
        return _not_too_large(questions)

    def of_bytes(self, data: bytes, name: str, article: str = "") -> QuestionSet:
        """Returns the questions of a file's bytes, whose name tells its form; `article` as of a Choice. Raises as `of`."""
        with tempfile.TemporaryDirectory() as folder:
            path = _path_in(folder, name)
            path.write_bytes(data)
            return _not_too_large(self._read(path, article))

    def _of_file(self, choice: Choice) -> QuestionSet:
        """Returns the set of a file that was sent, which may be run again."""
        key = choice.owner, choice.upload, choice.article
        with self._lock:
            if key in self._sent:
                return self._sent[key]
        with self._uploads.taken(choice.upload, choice.owner) as upload, tempfile.TemporaryDirectory() as folder:
            path = _path_in(folder, upload.name)
            shutil.copyfile(upload.path, path)
            questions = self._read(path, choice.article)
        with self._lock:
            self._sent[key] = questions
            while len(self._sent) > MAX_SETS_KEPT:
                self._sent.popitem(last=False)
        return questions

    def _read(self, path: Path, article: str) -> QuestionSet:
        try:
            questions = read_questions(path, article, find_in(self._assistant))
        except QuestionSetError as error:
            # The folder that it is read from means nothing to a reader.
            raise QuestionSetError(str(error).replace(str(path), path.name)) from error
        if isinstance(questions, RetrievalSet):
            raise QuestionSetError(_TOO_LARGE)
        return questions


def _path_in(folder: str, name: str) -> Path:
    """Returns where a file is read from: under its own name, which tells its form."""
    return Path(folder) / (shown_name(name).strip(". ") or "questions.jsonl")


def _not_too_large(questions: QuestionSet) -> QuestionSet:
    if len(questions.questions) > MAX_QUESTIONS:
        raise QuestionSetError(_TOO_LARGE)
    return questions


def _count_lines(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
