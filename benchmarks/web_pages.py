"""How much of an article is taken from web pages, and how much beside it: `python -m benchmarks.web_pages`.

Forty articles of six kinds stand in `tests/loaders/pages/`, each served by a site of its kind as
`benchmarks.page_templates` makes it. A sentence, item, heading or cell of the article counts as found if its words stand in
the text that was taken; a sentence of that text counts as right if its words are the article's. Printed for each kind is
the mean F1 of both, beside trafilatura alone and all text of the page, with the interval of the mean (95 %, bootstrap).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from assistant.articles.sentences import split_sentences
from benchmarks.forum_templates import LAYOUTS, SET_ASIDE
from benchmarks.other_pages import other_pages
from benchmarks.page_templates import KINDS, Source, cells, page_of, sources

_WORD = re.compile(r"\w+")
_SHARE = 0.9
N_RESAMPLED = 2000

_NUMBERED = re.compile(r"^(?:\(?\d{1,3}[.)]|[-•*]) ")

System = Callable[[str], str]


def words_of(text: str) -> list[str]:
    """Returns the words of a text in lower case."""
    return _WORD.findall(text.lower())


def wanted_of(source: Source) -> Iterator[str]:
    """Yields what is to be found of an article: sentences, items, headings and cells."""
    for part in source.parts:
        if part.kind == "post":
            continue
        for line in part.lines:
            if part.kind == "row":
                yield from (cell for cell in cells(line) if words_of(cell))
            elif words_of(line):
                yield from (sentence.text for sentence in split_sentences(line))


def measured(taken: str, source: Source) -> tuple[float, float]:
    """Returns precision and recall of a text that was taken from the page of an article."""
    wanted = [words_of(sentence) for sentence in wanted_of(source)]
    all_taken = f" {' '.join(words_of(taken))} "
    found = sum(f" {' '.join(words)} " in all_taken for words in wanted)
    judged = [is_right for _, is_right in _judged(taken, source)]
    return sum(judged) / max(1, len(judged)), found / len(wanted)


def beside_of(taken: str, source: Source) -> list[str]:
    """Returns the sentences of a text that was taken from the page of an article and are none of its own."""
    return [sentence for sentence, is_right in _judged(taken, source) if not is_right]


def _judged(taken: str, source: Source) -> Iterator[tuple[str, bool]]:
    """Yields the sentences of a text, and whether they are the article's; title, author and day are not judged."""
    whole = f" {' '.join(word for part in source.parts for line in part.lines for word in words_of(line))} "
    rows = {word for part in source.parts if part.kind == "row" for line in part.lines for word in words_of(line)}
    beside = set(words_of(f"{source.title} {source.author} {source.date} by posted published"))
    beside |= {word for part in source.parts if part.kind == "post" for word in words_of(part.lines[0])}
    for line in re.split(r"\n+", taken):
        for sentence in split_sentences(line) if words_of(line) else []:
            words = words_of(sentence.text)
            if not words or set(words) <= beside:
                continue
            in_rows = sum(word in rows for word in words) >= _SHARE * len(words)
            numbered = f" {' '.join(words[1:] if words[0].isdigit() else words)} "
            yield sentence.text, f" {' '.join(words)} " in whole or numbered in whole or in_rows


def measured_lines(taken: str, text: str) -> tuple[float, float]:
    """Returns precision and recall of a text that was taken from a page whose article has this text."""
    wanted = [words_of(sentence) for sentence in _sentences(text)]
    given = [words_of(sentence) for sentence in _sentences(taken)]
    whole, all_taken = f" {' '.join(words_of(text))} ", f" {' '.join(words_of(taken))} "
    found = sum(f" {' '.join(words)} " in all_taken for words in wanted)
    right = sum(f" {' '.join(words)} " in whole for words in given)
    return right / max(1, len(given)), found / max(1, len(wanted))


def _sentences(text: str) -> list[str]:
    lines = [_NUMBERED.sub("", line) for line in re.split(r"\n+|\|", text) if words_of(line)]
    return [sentence.text for line in lines for sentence in split_sentences(line) if words_of(sentence.text)]


def f1(precision: float, recall: float) -> float:
    """Returns the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def ours(page: str) -> str:
    """Returns what this program takes; "" where it refuses the page."""
    from assistant.errors import ArticleError
    from assistant.loaders.web_page import load_web_page

    try:
        return load_web_page(page.encode(), "page.html").text
    except ArticleError:
        return ""


def trafilatura_alone(page: str) -> str:
    """Returns what trafilatura takes as it comes, comments apart."""
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


def all_text(page: str) -> str:
    """Returns all text of the page, as a reader of HTML without any idea of articles gives it."""
    from assistant.loaders.html_blocks import read_html

    return read_html(page).text


SYSTEMS: dict[str, System] = {"ours": ours, "trafilatura": trafilatura_alone, "all text": all_text}


def interval(values: np.ndarray) -> tuple[float, float]:
    """Returns the 95 % interval of the mean of values, resampled by page."""
    random = np.random.default_rng(0)
    means = [random.choice(values, len(values)).mean() for _ in range(N_RESAMPLED)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the pages there, to look at them")
    parser.add_argument("--below", type=float, default=0.0, metavar="F1", help="name pages of ours below this F1")
    parser.add_argument("--others", action="store_true", help="pages of other programs, as far as they are installed")
    parser.add_argument("--forums", action="store_true", help="the threads as eight other kinds of forum lay them out")
    options = parser.parse_args()
    if options.forums:
        print_forums(options.below)
        return
    articles = sources()
    pages = [page_of(source) for source in articles]
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for source, page in zip(articles, pages, strict=True):
            (options.write / f"{source.kind}-{source.name}.html").write_text(page, encoding="utf-8")
    if options.others:
        print_others()
        return
    print(f"{'':14}" + "".join(f"{kind:>15}" for kind in (*KINDS, "all")) + f"{'interval':>18}{'P':>7}{'R':>7}")
    for name, system in SYSTEMS.items():
        both = [measured(system(page), source) for source, page in zip(articles, pages, strict=True)]
        each = np.array([f1(*one) for one in both])
        by_kind = [each[[source.kind == kind for source in articles]].mean() for kind in KINDS]
        low, high = interval(each)
        precision, recall = np.mean(both, axis=0)
        print(
            f"{name:14}" + "".join(f"{value:15.3f}" for value in (*by_kind, each.mean()))
            + f"{low:10.3f}–{high:.3f} {precision:7.3f}{recall:7.3f}"
        )  # fmt: skip
        if name == "ours":
            for source, value, (p, r) in zip(articles, each, both, strict=True):
                if value < options.below:
                    print(f"  {source.kind}-{source.name}: F1 {value:.3f}, precision {p:.3f}, recall {r:.3f}")


def print_forums(below: float) -> None:
    """Prints the F1 of the threads in each layout, and names sentences too many of those that were looked at."""
    threads = [source for source in sources() if source.kind == "forum"]
    total: dict[tuple[str, bool], list[float]] = {}
    for layout, page_of_thread in LAYOUTS.items():
        line = f"{layout:12}{'set aside' if layout in SET_ASIDE else '':12}"
        for name, system in SYSTEMS.items():
            both = [measured(system(page_of_thread(source)), source) for source in threads]
            each = [f1(*one) for one in both]
            total.setdefault((name, layout in SET_ASIDE), []).extend(each)
            precision, recall = np.mean(both, axis=0)
            line += f"  {name} {precision:.3f} {recall:.3f} {np.mean(each):.3f}"
        print(line)
        if layout not in SET_ASIDE and below:
            for source in threads:
                for sentence in beside_of(ours(page_of_thread(source)), source):
                    print(f"    {source.name}: {sentence}")
    for (name, is_aside), values in total.items():
        print(f"{name:14}{'set aside' if is_aside else 'looked at':12} F1 {np.mean(values):.3f}")


def print_others() -> None:
    """Prints precision, recall and F1 of the pages that other programs have made."""
    pages = list(other_pages())
    total: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    print(f"{'':58}" + "".join(f"{name:>24}" for name in SYSTEMS))
    for page, source, text in pages:
        line = f"{page.path[-40:]:42}{page.made_by:16}"
        for name, system in SYSTEMS.items():
            both = measured_lines(system(source), text)
            total[name].append(f1(*both))
            line += f"{both[0]:8.3f}{both[1]:8.3f}{f1(*both):8.3f}"
        print(line)
    print(f"{len(pages)} pages: " + ", ".join(f"{name} {np.mean(values):.3f}" for name, values in total.items()))


if __name__ == "__main__":
    main()
