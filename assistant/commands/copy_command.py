"""`assistant copy --from … --to …`: a library into another, in a folder or in a database."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.commands.streams import print_json, say
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.library.copying import Told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds from where, and where to."""
    parser.add_argument("--from", dest="source", required=True, metavar="PLACE", help="a folder, or postgresql://…")
    parser.add_argument("--to", dest="target", required=True, metavar="PLACE", help="a folder, or postgresql://…")
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")


def run(options: argparse.Namespace) -> int:
    """Copies, and tells what is the same in both libraries then."""
    from assistant.library.copying import copy_library
    from assistant.library.open_library import open_as_it_is, open_file_notes
    from assistant.networks.embeddings import load_embedder
    from assistant.settings import library_of, read_settings

    places = [
        read_settings(library=library_of(place), library_replica=None) for place in (options.source, options.target)
    ]
    if places[0].library == places[1].library:
        raise AssistantError(f"{places[0].library} is named twice. Give another library with --to.")
    embedder = load_embedder(places[0].embedding_model, places[0].threads)
    with closing(open_as_it_is(places[0], embedder)) as source, closing(open_as_it_is(places[1], embedder)) as target:
        files = (open_file_notes(places[0], source), open_file_notes(places[1], target))
        copied = copy_library(source, target, files, _progress())
    if options.json:
        print_json({"from": str(places[0].library), "to": str(places[1].library), **asdict(copied)})
    else:
        say(
            f"{copied.n_articles} articles, {copied.n_sentences} sentences, {copied.n_conversations} conversations, "
            f"{copied.n_questions} kept questions, {copied.n_tokens} tokens: the same in {places[1].library}"
        )
    return 0


def _progress() -> Told:
    """Returns what tells each tenth of what is to be done, on standard error."""

    def told(what: str, done: int, total: int) -> None:
        if done == total or done * 10 // total > (done - 1) * 10 // total:
            print(f"{what}: {done:,} of {total:,}", file=sys.stderr)

    return told
