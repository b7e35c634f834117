"""Articles -> drafts of questions on them, for a person to look through: each with its answer, and each without.

A question is asked of the article as it is, and of the article without the sentences that answer it: so its wording does
not betray whether there is an answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.adding import with_sentences
from assistant.articles.article import Article, make_article
from assistant.articles.sentences import Sentence
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.api import library_article
from assistant.evaluation.named_articles import load_article
from assistant.evaluation.question_builder import stands_in
from assistant.evaluation.suggested_questions import Candidate, candidates

MOST_LEFT_OUT = 0.4
"""Of the sentences of an article; with more of them gone it would be another article."""

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"\n{3,}")


def opened(name: str) -> Article:
    """Returns the article of a file, or one of the library by its id or title, with its sentences and who says them.

    Raises:
        ArticleError: if there is none, or it cannot be read.
    """
    try:
        is_file = Path(name).is_file()
    except (OSError, ValueError):
        is_file = False
    article = load_article(Path(name)) if is_file else library_article(name)
    return article if article.sentences else with_sentences(article)


def drafts_of(article: Article) -> list[dict[str, Any]]:
    """Returns the drafts on an article as rows of a question set, each with a `note` that says it is one."""
    rows = []
    for number, candidate in enumerate(candidates(article), start=1):
        support = _support_of(candidate, article)
        if not support:
            continue
        row = {"id": f"{article.id[:8]}-{number}", "kind": candidate.kind, "question": candidate.question}
        answers = [candidate.whole] if candidate.whole else []
        held = {"answers": answers, "support": _needs(candidate, support), "answerable": True, "note": {"draft": True}}
        rows.append({**row, **held, "title": article.title, "context": article.text})
        left_out = _answering(candidate, support, article)
        rest = without(article, left_out)
        if rest and not (candidate.whole and stands_in(candidate.whole, rest)):
            note = {"draft": True, "left_out": [" ".join(sentence.text.split()) for sentence in left_out]}
            held = {"answers": [], "support": [], "answerable": False, "note": note}
            rows.append({**row, "id": f"{row['id']}-without", **held, "title": article.title, "context": rest})
    return rows


def written(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Writes rows to `path`, one a line.

    Raises:
        QuestionSetError: if it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be written ({error}); choose another file with --to") from error


def without(article: Article, left_out: Sequence[Sentence]) -> str:
    """Returns the text of an article without some of its sentences, "" where too little would be left."""
    if len(left_out) > MOST_LEFT_OUT * len(article.sentences):
        return ""
    gone = {sentence.position for sentence in left_out}
    lines = "".join(_pieces(article, gone)).split("\n")
    text = _GAP.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()
    try:
        return make_article(text, article.title).text
    except ArticleError:
        return ""


def _pieces(article: Article, gone: set[int]) -> Iterator[str]:
    """Yields what stands in and between the sentences that stay; behind one that goes, only what ends its line."""
    place = 0
    for sentence in article.sentences:
        gap = article.text[place : sentence.start]
        before_goes = sentence.position - 1 in gone
        yield gap if not before_goes or "\n" in gap else ""
        if sentence.position not in gone:
            yield article.text[sentence.start : sentence.end]
        place = sentence.end


def _support_of(candidate: Candidate, article: Article) -> list[Sentence]:
    """Returns the sentences that answer a question: the one it was made of, or all of what it asks for."""
    sentences = article.sentences
    if candidate.position is not None:
        return [sentence for sentence in sentences if sentence.position == candidate.position]
    if candidate.kind == "said":
        return [sentence for sentence in sentences if sentence.speaker and sentence.speaker == candidate.about]
    if candidate.about:
        return [sentence for sentence in sentences if candidate.about in sentence.text]
    return []


def _needs(candidate: Candidate, support: Sequence[Sentence]) -> list[Any]:
    """Returns what an answer must show: every statement of whoever is asked for, any one sentence on a matter."""
    texts = [" ".join(sentence.text.split()) for sentence in support]
    return [texts] if candidate.kind == "matter" else list(dict.fromkeys(texts))


def _answering(candidate: Candidate, support: Sequence[Sentence], article: Article) -> list[Sentence]:
    """Returns the sentences without which the article does not say: those that answer, and those with the answer's words."""
    positions = {sentence.position for sentence in support}
    wanted = set(_WORD.findall(candidate.answer.casefold()))
    return [
        sentence
        for sentence in article.sentences
        if sentence.position in positions or (wanted and wanted <= set(_WORD.findall(sentence.text.casefold())))
    ]
