"""Retrieval sets in the form of BEIR: a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv.

Source: Thakur et al., 2021, "BEIR: A Heterogenous Benchmark for Zero-shot Evaluation of Information Retrieval Models".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.articles.article import make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.questions import ArticleText, RetrievalSet

SPLITS = ("test", "dev", "train")


def read_beir(folder: Path, split: str = "") -> RetrievalSet:
    """Returns the set in `folder`, judged by `qrels/<split>.tsv`: the first of test, dev, train that is there.

    Raises:
        QuestionSetError: file, line, field and what was expected.
    """
    judgements = _read_judgements(folder, split)
    queries = {i: row["text"] for _, i, row in _read_rows(folder / "queries.jsonl") if i in judgements}
    documents = {}
    for place, document_id, row in _read_rows(folder / "corpus.jsonl"):
        title = str(row.get("title") or "")
        try:
            article = make_article(f"{title}\n\n{row['text']}", title)
        except ArticleError as error:
            raise QuestionSetError(f"{place}, field `text`: {error}") from error
        documents[document_id] = ArticleText(article.id, article.title, article.text)
    missing = sorted(set(judgements) - set(queries))
    if missing:
        raise QuestionSetError(f"{folder / 'queries.jsonl'}: query {missing[0]!r} is judged but not there")
    if not queries or not documents:
        raise QuestionSetError(f"{folder}: expected judged queries and documents, found none")
    return RetrievalSet(folder.name, documents, queries, judgements)


def _read_judgements(folder: Path, split: str) -> dict[str, dict[str, int]]:
    paths = [folder / "qrels" / f"{name}.tsv" for name in ([split] if split else SPLITS)]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise QuestionSetError(f"{folder}: expected one of {', '.join(str(path) for path in paths)}")
    judgements: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), start=1):
        cells = line.rstrip("\n").split("\t")
        if number == 1 and not cells[-1].lstrip("-").isdigit():
            continue
        if len(cells) != 3 or not cells[2].lstrip("-").isdigit():
            raise QuestionSetError(
                f"{path}, line {number}: expected query-id, corpus-id, score with tabs between, got {line[:80]!r}"
            )
        judgements.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return {query: grades for query, grades in judgements.items() if any(grade > 0 for grade in grades.values())}


def _read_rows(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yields place, id and row of each line that has `_id` and `text`."""
    for number, line in enumerate(_lines(path), start=1):
        place = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise QuestionSetError(f"{place}: expected one JSON object ({error})") from error
        for name in ("_id", "text"):
            if not isinstance(row, dict) or not isinstance(row.get(name), str):
                raise QuestionSetError(f"{place}, field `{name}`: expected a text, got {line[:80]!r}")
        yield place, row["_id"], row


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from (line for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path}: cannot be read ({error}); expected a text file in UTF-8") from error
