"""Tokens: shown once, kept as a hash, ended by time or by hand, never opened again by damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import damaged_library as damaged
import pytest

from assistant.errors import AssistantError, StoreError
from assistant.library.chats import Chats
from assistant.library.postgres_database import PostgresDatabase
from assistant.library.sqlite_repair import repair_library
from assistant.library.sqlite_store import DATABASE
from assistant.library.tokens import Token, Tokens

DAY = 24 * 3600.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / DATABASE


@pytest.fixture(params=["postgres", "sqlite"])
def tokens(request: pytest.FixtureRequest, path: Path, clock: Clock) -> Iterator[Tokens]:
    shared = request.param == "postgres"
    database = PostgresDatabase(request.getfixturevalue("postgres")) if shared else None
    with closing(Tokens(database, clock) if database else Tokens.open(path, clock=clock)) as opened:
        yield opened


@pytest.mark.parametrize("tokens", ["sqlite"], indirect=True)
def test_a_token_is_known_by_its_text_which_stands_nowhere(tokens: Tokens, path: Path) -> None:
    assert not tokens.exist()
    token, secret = tokens.create("  nightly   job ", ["admin", "ask"], 2)
    assert token == Token(token.id, "nightly job", ("ask", "admin"), "2027-01-15T08:00:00.000000+00:00", token.expires)
    assert token.expires == "2027-01-17T08:00:00.000000+00:00"
    assert (secret[:3], len(secret)) == ("aa_", 46)
    assert tokens.of(secret) == token
    assert tokens.exist()
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"nightly job" in held
    assert secret[3:].encode() not in held


@pytest.mark.parametrize("text", ["", "aa_", "aa_" + "x" * 43, "x" * 46, "aa_" + "é" * 43, "' OR 1=1 --"])
def test_another_text_is_no_token(tokens: Tokens, text: str) -> None:
    tokens.create("one")
    assert tokens.of(text) is None


def test_two_tokens_differ_and_each_is_its_own(tokens: Tokens) -> None:
    (one, first), (two, second) = tokens.create("one"), tokens.create("two", ["add"])
    assert first != second
    assert (tokens.of(first), tokens.of(second)) == (one, two)
    assert tokens.all() == [one, two]
    assert one.owner != two.owner


def test_a_token_ends(tokens: Tokens, clock: Clock) -> None:
    token, secret = tokens.create("short", days=1)
    clock.now += DAY - 1
    assert tokens.of(secret) == token
    clock.now += 1
    assert tokens.of(secret) is None
    assert tokens.exist(), "what was closed does not open when the last token ends"


@pytest.mark.parametrize("tokens", ["sqlite"], indirect=True)
def test_a_revoked_token_goes_with_its_conversations(tokens: Tokens, path: Path) -> None:
    token, secret = tokens.create("job")
    with closing(Chats.open(path)) as chats:
        chats.start(token.owner)
        chats.start("ann")
        assert tokens.revoke(token.id) == token
        assert chats.owners() == ["ann"]
    assert tokens.of(secret) is None
    assert not tokens.exist()
    with pytest.raises(StoreError, match="There is no token 'x'") as caught:
        tokens.revoke("x")
    assert caught.value.reason == "missing"


@pytest.mark.parametrize(
    ("name", "scopes", "days", "message"),
    [
        ("", ["ask"], None, "The token's name is ''"),
        ("a\x1b[2J", ["ask"], None, "expected up to 64 characters that can be shown"),
        ("\u202ea", ["ask"], None, "The token's name is"),
        ("x" * 65, ["ask"], None, "The token's name is"),
        ("x", [], None, "The scope is none: expected ask, add, admin"),
        ("x", ["ask", "root"], None, "The scope is 'root': expected ask, add, admin"),
        ("x", ["ask"], 0, "The days are 0, expected 1 to 3,650"),
        ("x", ["ask"], 3651, "The days are 3651, expected 1 to 3,650"),
        ("taken", ["ask"], None, "There is a token named 'taken' already"),
    ],
)
def test_what_is_no_token_is_refused(
    tokens: Tokens, name: str, scopes: list[str], days: int | None, message: str
) -> None:
    tokens.create("taken")
    with pytest.raises(AssistantError, match=message.replace("(", r"\(")):
        tokens.create(name, scopes, days)
    assert len(tokens.all()) == 1


@pytest.mark.parametrize("tokens", ["sqlite"], indirect=True)
def test_a_token_that_another_program_changed_is_none_and_the_door_stays_shut(tokens: Tokens, path: Path) -> None:
    _, secret = tokens.create("reader")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE tokens SET scopes = 'ask,add,admin'")
    assert tokens.of(secret) is None
    assert tokens.all() == []
    assert tokens.exist()


def test_a_mended_library_keeps_its_tokens(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    damaged.build(folder)
    with closing(Tokens.open(folder / DATABASE)) as tokens:
        token, secret = tokens.create("job", ["add"])
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE chat_turns SET rating = -1")
    assert repair_library(folder, damaged.EMBEDDER)
    with closing(Tokens.open(folder / DATABASE)) as tokens:
        assert tokens.of(secret) == token
