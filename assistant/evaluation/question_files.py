"""A file or folder -> a question set: the form is told from the name and the first line."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

from assistant.articles.article import Article, make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.beir_questions import read_beir
from assistant.evaluation.csv_questions import read_csv
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.question_builder import QuestionBuilder
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.squad_questions import read_squad

FORMS = "JSONL (one question a line), SQuAD JSON, CSV or TSV (question, answer), or a BEIR folder; also .gz"


def read_questions(
    path: Path | str, article: str = "", find_article: Callable[[str], Article] | None = None
) -> QuestionSet | RetrievalSet:
    """Returns the question set of a file, or the retrieval set of a BEIR folder.

    Args:
        path: the file or folder.
        article: path or id of the article for questions that name none.
        find_article: gives an article of the library by its id; paths are tried first.

    Raises:
        QuestionSetError: every mistake with file, line, field and what was expected.
    """
    path = Path(path)
    if path.is_dir():
        return read_beir(path)
    text = _read_text(path)
    names = path.name.removesuffix(".gz")
    builder = QuestionBuilder(names.rsplit(".", 1)[0], str(path), _finder(path.parent, find_article), article)
    form = _form_of(names, text)
    if form == "squad":
        read_squad(builder, text)
    elif form == "jsonl":
        read_jsonl(builder, text.split("\n"))
    else:
        read_csv(builder, io.StringIO(text, newline=""), "\t" if form == "tsv" else ",")
    return builder.build(text)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise QuestionSetError(f"{path}: there is no such file; expected {FORMS}") from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(f"{path}: is not UTF-8 ({error}); save it as UTF-8") from error
    except (OSError, EOFError) as error:
        raise QuestionSetError(f"{path}: cannot be read ({error})") from error


def _form_of(name: str, text: str) -> str:
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix in {"csv", "tsv"}:
        return suffix
    if suffix in {"jsonl", "ndjson"}:
        return "jsonl"
    if suffix == "json":
        # One question a line is often called .json as well.
        try:
            first = json.loads(text.split("\n", 1)[0])
        except ValueError:
            return "squad"
        return "jsonl" if isinstance(first, dict) and "question" in first else "squad"
    raise QuestionSetError(f"{name}: its form is not known from the suffix {suffix!r}; expected {FORMS}")


def _finder(folder: Path, find_article: Callable[[str], Article] | None) -> Callable[[str], Article]:
    """Returns what gives the article of a path (from `folder`, or from where one is) or of an id."""

    def find(name: str) -> Article:
        for path in (folder / name, Path(name)):
            if path.is_file():
                return _load(path)
        if find_article is None:
            raise ArticleError(f"{name!r} is no file; expected a path, counted from the question set")
        try:
            return find_article(name)
        except ArticleError as error:
            raise ArticleError(
                f"{name!r} is neither a file nor the id of an article in the library; see `assistant list`"
            ) from error

    return find


def _load(path: Path) -> Article:
    """Returns the article of a file, read as the library reads it."""
    from assistant.loaders import load_file

    loaded = load_file(path)
    return make_article(loaded.text, loaded.title, str(path))
