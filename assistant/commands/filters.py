"""Which articles a command is about, what is said of one, and where a quotation stands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.finding.search import Evidence
    from assistant.library.filter import FilterOptions


def add_filter(parser: argparse.ArgumentParser, with_title: bool = False) -> None:
    """Adds the options that choose articles by what is known of them."""
    parser.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only articles with this tag; may be repeated"
    )
    parser.add_argument("--since", default="", metavar="DAY", help="only articles of this day or later, as 2024-02-29")
    parser.add_argument("--until", default="", metavar="DAY", help="only articles of this day or earlier")
    parser.add_argument("--author", default="", help="only articles with this in their author's name")
    parser.add_argument("--source", default="", help="only articles with this in their source or address")
    if with_title:
        parser.add_argument(
            "--title", default="", metavar="WORDS", help="only articles with these words in their title"
        )


def filter_of(options: argparse.Namespace) -> FilterOptions:
    """Returns what the options choose."""
    return {
        "tags": ",".join(options.tag),
        "since": options.since,
        "until": options.until,
        "author": options.author,
        "source": options.source,
        "title": getattr(options, "title", ""),
    }


def add_description(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say of an article what its file does not."""
    parser.add_argument("--tag", action="append", metavar="TAGS", help="tags, commas between; may be repeated")
    parser.add_argument("--author", help="author (default: what the file states)")
    parser.add_argument(
        "--date", metavar="DAY", help="when it was published, as 2024-02-29 (default: what the file states)"
    )


def place_of(evidence: Evidence) -> str:
    """Returns where a quotation stands: article, page, place and section, as far as there are any."""
    s = evidence.sentence
    parts = [
        evidence.title,
        f"page {s.page}" if s.page else "",
        s.place,
        f"“{s.section}”" if s.section not in ("", evidence.title) else "",
        evidence.url,
    ]
    return ", ".join(filter(None, parts))
