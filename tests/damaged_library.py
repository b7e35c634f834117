"""A library with one of everything, ways to damage it, and what must never come out of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from conftest import SAMPLE
from fakes import WordEmbedder

from assistant.adding import with_sentences
from assistant.articles.article import Article, make_article
from assistant.articles.blocks import Block, Cell
from assistant.articles.boxes import Box
from assistant.errors import AssistantError
from assistant.library.chats import Chats
from assistant.library.sqlite_check import look_over
from assistant.library.sqlite_store import DATABASE, SqliteStore
from assistant.library.store import Original
from assistant.loaders import Mark

EMBEDDER = WordEmbedder()
BEES = 'Bees make honey.\n\n"Wasps do not," Ann Lee said. The hall opened in 1832. They hunt café flies.'
QUESTIONS = ("base Russian", "honey bees", "opened 1832")
SPEAKERS = ("Mirzoyan", "Lee", "Kopyrkin")


def build(folder: Path) -> None:
    """Makes a library of two articles, with conversations, after some changes that left no trace."""
    with closing(open_store(folder)) as store:
        put(store, "This article goes. It is removed again.", "Gone", ())
        put(store, SAMPLE.read_text(encoding="utf-8").strip(), "", ())
        put(store, BEES, "On bees", (Mark(0, "Bees", 1), Mark(18, "Wasps", 2)))
        gone, _, bees = store.contents()
        store.remove(gone.id)
        store.rename(bees.id, "Of bees")
        store.mark("sample_added")
        with closing(Chats.open(folder / DATABASE)) as chats:
            for owner in ("", "ann"):
                chat = chats.start(owner, [bees.id])
                for question in ("What do bees make?", "And wasps?"):
                    turn = chats.keep(chat.id, None, question, {"text": "Bees make honey.", "abstained": False}, owner)
                chats.rate(turn.id, 1, owner)
            chats.keep_choices({"carefulness": "high", "language_model": ""})
            chats.keep_suggestions(bees.id, "models", ["What do bees make?"])


def open_store(folder: Path) -> SqliteStore:
    return SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension, 0.2)


def put(store: SqliteStore, text: str, title: str, marks: tuple[Mark, ...]) -> Article:
    """Adds an article; one with marks comes from a file with pages, which is kept, and that tells all it could."""
    article = with_sentences(make_article(text, title, f"{title or 'sample'}.txt"), marks)
    original = None
    if marks:
        original = Original("bees.pdf", b"%PDF, or something like it. " * 20)
        article = described(article)
    store.add(article, EMBEDDER.embed([s.text for s in article.sentences]), original)
    return article


def described(article: Article) -> Article:
    """Returns an article with a value in each field that has none."""
    sentences = tuple(
        replace(s, place="00:01", boxes=(Box(s.page or 1, 0.1, 0.25, 0.5, 0.3), Box(s.page or 1, 0.1, 1 / 3, 0.2, 0.4)))
        for s in article.sentences
    )
    blocks = tuple(
        Block(s.start, s.end, kind="row", cells=(Cell("What", s.start, s.start + 4),)) for s in article.sentences
    )
    return replace(
        article, sentences=sentences, author="Ann Lee", date=date(2024, 2, 29), tags=("bees", "wasps, née flies"),
        url="https://example.org/bees", fetched=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        notes=("Page 3 has no text.",), blocks=blocks,
    )  # fmt: skip


def flip(path: Path, place: int, bit: int) -> None:
    """Flips one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(content)


def read_all(folder: Path) -> dict[str, Any]:
    """Returns what a library tells in every way it can be asked, each answer under the way; errors of ours are left out."""
    told: dict[str, Any] = {}

    def ask(name: str, way: Callable[[], Any]) -> None:
        try:
            told[name] = way()
        except AssistantError as error:
            told[f"refused {name}"] = str(error)

    def ask_store() -> None:
        with closing(open_store(folder)) as store:
            told["marked"] = store.marked("sample_added")
            ask(
                "contents",
                lambda: [
                    (e.id, e.title, e.source, e.added, e.author, e.date, e.tags, e.url, e.n_pages)
                    for e in store.contents()
                ],
            )
            for article_id, *_ in told.get("contents", []):
                ask(f"article {article_id}", lambda article_id=article_id: store.article(article_id))
                ask(f"original {article_id}", lambda article_id=article_id: store.original(article_id))
            for number in range(1, 60):
                ask(f"sentence {number}", lambda number=number: store.sentences([number]))
            ask("first ids", lambda: store.first_ids(1000))
            for question in QUESTIONS:
                vector = EMBEDDER.embed([question])[0]
                ask(f"dense {question}", lambda vector=vector: [h.id for h in store.search_dense(vector, 5)])
                ask(f"words {question}", lambda q=question: [h.id for h in store.search_lexical(q.lower().split(), 9)])
            for name in SPEAKERS:
                ask(f"speaker {name}", lambda name=name: store.search_speaker([name], 50))
            ask("neighbours", lambda: store.neighbours(24, 3, 3))

    def ask_chats() -> None:
        with closing(Chats.open(folder / DATABASE, 0.2)) as chats:
            for owner in ("", "ann"):
                ask(f"chats {owner}", lambda owner=owner: [(c.id, c.title, c.articles) for c in chats.of(owner)])
                for chat_id, *_ in told.get(f"chats {owner}", []):
                    ask(f"turns {owner}", lambda i=chat_id, owner=owner: chats.turns(i, owner))
            ask("choices", chats.choices)
            ask("suggestions", lambda: [chats.suggestions(i, "models") for i in ("1fbc", "none")])

    for name, use in (("store", ask_store), ("conversations", ask_chats)):
        ask(name, use)
    return told


def rows_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Returns every row of every table."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in names if name not in ("sentence_words", "sentence_vocabulary")
            and not name.startswith(("sentence_words_idx", "sentence_words_data"))
        }  # fmt: skip


def found(folder: Path) -> list[str]:
    """Returns what the doctor finds."""
    try:
        condition = look_over(folder, 0.2)
    except AssistantError as error:
        return [str(error)]
    if condition is None:
        return ["there is no library"]
    return [*condition.problems, *([] if condition.index_is_sound else ["vector index"])]


def wrong(told: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """Returns the answers that are not the truth: nothing may be told that was not stored.

    What a search finds is a matter of rank, not of truth; conversations may lack a damaged part.
    """
    lies = []
    for name, answer in told.items():
        if name.startswith(("refused", "dense", "words", "store", "conversations", "marked")):
            continue
        whole = truth.get(name)
        if name.startswith(("chats", "turns")) and whole is not None:
            lies += [name] if any(part not in whole for part in answer) else []
        elif name in ("choices", "suggestions"):
            lies += (
                []
                if answer == whole or not any(answer) or (name == "choices" and answer.items() <= whole.items())
                else [name]
            )
        elif (name.startswith(("sentence", "neighbours")) and answer == []) or (
            name.startswith("original") and answer is None
        ):
            continue
        elif name.startswith("speaker"):
            lies += [] if set(answer) <= set(whole) else [name]
        elif answer != whole:
            lies.append(name)
    return lies


def outcome(whole: Path, folder: Path, damage: Callable[[Path], None], truth: dict[str, Any]) -> str:
    """Returns what became of one damage to a copy of a library: "found", "refused", "mended", or "harmless".

    Raises:
        AssertionError: if a lie was told, or something changed and nobody noticed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    damage(folder)
    problems = found(folder)
    told = read_all(folder)
    lies = wrong(told, truth)
    assert not lies, f"told what was not stored: {lies[0]}: {told[lies[0]]!r}, found: {problems}"
    refused = [name for name in told if name.startswith("refused")]
    if problems:
        return "found"
    if refused:
        return "refused"
    assert told == truth, f"answers otherwise: {[n for n in truth if told.get(n) != truth[n]]}"
    assert rows_of(folder) == rows_of(whole), "changed, and nobody noticed"
    return "harmless"


def places(path: Path, n: int, seed: int) -> list[tuple[int, int]]:
    """Returns n bits of a file, chosen at random: (place, bit)."""
    numbers = random.Random(seed)
    size = path.stat().st_size
    return [(numbers.randrange(size), numbers.randrange(8)) for _ in range(n)]
