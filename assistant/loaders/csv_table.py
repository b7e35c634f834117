"""CSV and TSV -> a line for each row, each cell with the name of its column."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded
from assistant.loaders.plain_text import decode
from assistant.loaders.tables import guess_head
from assistant.loaders.text_builder import TextBuilder

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 100_000
_SAMPLE_ROWS = 200


def load_csv(data: bytes, name: str) -> Loaded:
    """Returns the rows of a file of comma-separated values, or of those parted by semicolons, tabs or bars.

    Its title is the file's name. A row of one cell, where others have several, is a line of text; the first row names
    the columns if all its cells are words, each once.

    Raises:
        ArticleError: if it is empty, or not text.
    """
    text = normalise(decode(data, name))
    delimiter, text = told_delimiter(text)
    delimiter = delimiter or delimiter_of(text, "\t" if name.lower().endswith(".tsv") else ",")
    rows = [[cell.strip() for cell in row] for row in _rows(text, delimiter, name)]
    rows = [row for row in rows if any(row)]
    builder = TextBuilder()
    width = Counter(map(len, rows[:_SAMPLE_ROWS])).most_common(1)[0][0] if rows else 0
    start = next((n for n, row in enumerate(rows) if width < 3 or sum(map(bool, row)) > 1), len(rows))
    for row in rows[:start]:
        builder.add(" ".join(row))
    _add_table(builder, rows[start:], width)
    return builder.loaded(" ".join(Path(name).stem.split()))


def told_delimiter(text: str) -> tuple[str, str]:
    """Returns the delimiter that a first line such as "sep=;" tells, as Excel writes it, and the text behind that line.

    Where none is told it is "", and the text is whole.
    """
    first, _, rest = text.partition("\n")
    first = first.removesuffix("\r")
    return (first[4], rest) if len(first) == 5 and first.lower().startswith("sep=") else ("", text)


def delimiter_of(text: str, expected: str = ",", others: str = _DELIMITERS) -> str:
    """Returns what parts the cells of a text: with it, most rows have as many cells, and more than one.

    Args:
        text: of a file.
        expected: what is taken where several do as well, or none does.
        others: what else may be one.
    """
    best, most = expected, 0.0
    for delimiter in dict.fromkeys(expected + others):
        try:
            rows = list(islice(csv.reader(io.StringIO(text[:_SAMPLE_CHARACTERS]), delimiter=delimiter), _SAMPLE_ROWS))
        except csv.Error:
            continue
        counts = Counter(len(row) for row in rows if row)
        width, n_rows = max(counts.items(), key=lambda pair: (pair[0] > 1) * pair[1], default=(1, 0))
        share = n_rows / max(1, counts.total()) if width > 1 else 0.0
        if share > most * 1.1:
            best, most = delimiter, share
    return best


def _rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    """Yields the rows; where a quotation mark is opened and never closed, marks are letters like any other."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        try:
            yield from list(csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting, strict=quoting == 0))
        except csv.Error as error:
            if quoting == csv.QUOTE_NONE:
                raise ArticleError(
                    f"{name} cannot be read as a table: {error}. Save it again as comma-separated values."
                ) from error
        else:
            return


def _add_table(builder: TextBuilder, rows: list[list[str]], width: int) -> None:
    columns: list[str] = []
    if guess_head(rows[:2]) and len(rows[0]) >= width:
        columns = rows[0]
        filled = {n for row in rows[1:] for n, cell in enumerate(row) if cell}
        # Names of columns that hold nothing would stand nowhere else.
        rows = rows if any(n not in filled for n in range(len(columns))) else rows[1:]
    names_alone = columns is rows[0] if columns else False
    for n, row in enumerate(rows):
        if len(row) == 1 and width > 1:
            builder.add(row[0])
        elif n == 0 and names_alone:
            builder.add_row([("", cell) for cell in row])
        else:
            builder.add_row([(columns[at] if at < len(columns) else "", cell) for at, cell in enumerate(row)])
