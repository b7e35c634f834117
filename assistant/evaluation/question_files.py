"""A file or folder -> a question set: the form is told from the name and the first line."""

from __future__ import annotations

from pathlib import Path

from assistant.articles.article import Article, clean
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.beir_questions import read_beir
from assistant.evaluation.csv_questions import read_csv
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.named_articles import FindArticle, find_by_name, load_article
from assistant.evaluation.question_builder import QuestionBuilder
from assistant.evaluation.question_text import parse_json, read_text
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.squad_questions import read_squad

FORMS = "JSONL (one question a line), SQuAD JSON, CSV or TSV (question, answer), or a BEIR folder; also .gz"
TABLES = (".csv", ".tsv")


def read_questions(
    path: Path | str,
    article: str | Path = "",
    find_article: FindArticle | None = None,
    paths_below: Path | None = None,
) -> QuestionSet | RetrievalSet:
    """Returns the question set of a file, or the retrieval set of a BEIR folder.

    What a set names is data: it opens a file only where `paths_below` says so. The sample articles that come with the
    package are always found, by their title or id.

    Args:
        path: the file or folder. Whoever calls vouches for it: a client's word for a path is no path.
        article: of the questions that name none: an id or a title as in the set, or a Path, which is opened.
        find_article: gives an article of the library by id or title.
        paths_below: a folder: the set may name files in it and below it, by paths from the set's own folder. None for none.

    Raises:
        QuestionSetError: every mistake with file, line, field and what was expected.
    """
    path = Path(path)
    if path.is_dir():
        return read_beir(path, below=paths_below or folder_of(path))
    names = clean(path.name.removesuffix(".gz"))
    text = read_text(path, FORMS, any_encoding=names.lower().endswith(TABLES))
    chosen: str | Article = article if isinstance(article, str) else _opened(article)
    find = find_by_name(path.parent, paths_below, find_article)
    builder = QuestionBuilder(names.rsplit(".", 1)[0], clean(str(path)), find, chosen)
    form = _form_of(names, text)
    if form == "squad":
        read_squad(builder, text)
    elif form == "jsonl":
        read_jsonl(builder, text.split("\n"))
    else:
        read_csv(builder, text, "\t" if form == "tsv" else ",")
    return builder.build(text)


def folder_of(path: Path) -> Path:
    """Returns the set's own folder, whose files it may name where whoever calls trusts the set no more than it needs."""
    return path if path.is_dir() else path.parent


def _opened(path: Path) -> Article:
    try:
        return load_article(path)
    except ArticleError as error:
        raise QuestionSetError(f"The article chosen for all questions cannot be read: {error}") from error


def _form_of(name: str, text: str) -> str:
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix in {"csv", "tsv"}:
        return suffix
    if suffix in {"jsonl", "ndjson"}:
        return "jsonl"
    if suffix == "json":
        # One question a line is often called .json as well.
        try:
            first = parse_json(text.split("\n", 1)[0])
        except ValueError:
            return "squad"
        return "jsonl" if isinstance(first, dict) and "question" in first else "squad"
    raise QuestionSetError(f"{name}: its form is not known from the suffix {suffix!r}; expected {FORMS}")
