"""Tokens by which programs are known: what each may do, and until when. The library's file holds their hashes alone."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import AssistantError, StoreError
from assistant.library.database import Database
from assistant.library.sqlite_file import SqliteFile

PREFIX = "aa_"
MAX_NAME_CHARACTERS = 64
MAX_DAYS = 3650
MAX_TOKENS = 1000

TokenScope = Literal["ask", "add", "admin"]
SCOPES: tuple[TokenScope, ...] = get_args(TokenScope)
"""ask: questions, and reading articles; add: adding, describing, replacing and removing them; admin: removing for good, tokens."""

_SECRET = re.compile(rf"{PREFIX}[\w-]{{43}}", re.ASCII)
_COLUMNS = "id, name, scopes, created, expires"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token.

    Attributes:
        id: eight hexadecimal digits.
        name: given by whoever created it; no two have the same.
        scopes: what it allows, in the order of SCOPES.
        created: ISO 8601, UTC.
        expires: when it ends, ISO 8601, UTC; "" for never.
    """

    id: str
    name: str
    scopes: tuple[TokenScope, ...]
    created: str
    expires: str

    @property
    def owner(self) -> str:
        """Whose conversations it has: its own."""
        return f"token:{self.id}"

    def to_dict(self) -> dict[str, Any]:
        """Returns the token as JSON types."""
        return {
            "id": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "created": self.created,
            "expires": self.expires,
        }


class Tokens:
    """The tokens of a library; may be shared by threads."""

    def __init__(self, file: Database, clock: Callable[[], float] = time.time) -> None:
        """Stores the file, and what tells the time in seconds; use `open`."""
        self._file = file
        self._clock = clock

    @classmethod
    def open(cls, path: Path, busy_timeout_seconds: float = 10.0, clock: Callable[[], float] = time.time) -> Tokens:
        """Opens the tokens in the SQLite file at `path`. Raises StoreError if it cannot be used."""
        return cls(SqliteFile(path, busy_timeout_seconds), clock)

    def close(self) -> None:
        """Lets go of the file; nothing may be called afterwards."""
        self._file.close()

    def create(self, name: str, scopes: Iterable[str] = ("ask",), days: int | None = None) -> tuple[Token, str]:
        """Returns a new token, and the text that it is shown by, which nothing can tell again.

        Args:
            name: up to 64 characters, to tell it by.
            scopes: some of SCOPES.
            days: after which it ends; None for never.

        Raises:
            AssistantError: if the name is taken or none, a scope is unknown, or the days are not from 1 to 3,650.
            StoreError: if the library cannot be written.
        """
        name, chosen = _name_of(name), scopes_of(scopes)
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise AssistantError(f"The days are {days}, expected 1 to {MAX_DAYS:,}, or none for a token without end.")
        secret = PREFIX + secrets.token_urlsafe(32)
        expires = "" if days is None else _moment(self._clock() + days * 24 * 3600)
        token = Token(uuid.uuid4().hex[:8], name, chosen, _moment(self._clock()), expires)
        with self._file.transaction() as db:
            if db.execute("SELECT 1 FROM tokens WHERE name = ?", (name,)).fetchone():
                raise AssistantError(f"There is a token named {name!r} already. Revoke it, or choose another name.")
            if db.execute("SELECT count(*) FROM tokens").fetchone()[0] >= MAX_TOKENS:
                raise AssistantError(f"There are {MAX_TOKENS:,} tokens, which is the limit. Revoke some.", "full")
            db.execute(
                f"INSERT INTO tokens ({_COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?)",
                (token.id, name, ",".join(chosen), token.created, expires or None, hash_of(secret)),
            )
        return token, secret

    def all(self) -> list[Token]:
        """Returns the tokens, the oldest first, those that have ended included; damaged ones are left out."""
        rows = self._file.readable_rows(f"SELECT {_COLUMNS} FROM {self._file.whole('tokens')} ORDER BY created, rowid")
        return [_token_of(row) for row in rows]

    def exist(self) -> bool:
        """Whether there are any, also such as have ended or are damaged: what was closed does not open by itself."""
        return bool(self._file.rows("SELECT 1 FROM tokens LIMIT 1"))

    def of(self, secret: str) -> Token | None:
        """Returns the token of a text, None where there is none, it has ended, or it is not as it was written."""
        if not _SECRET.fullmatch(secret):
            return None
        row = self._file.row(f"SELECT {_COLUMNS} FROM {self._file.whole('tokens')} WHERE hash = ?", (hash_of(secret),))
        token = _token_of(row) if row else None
        return None if token is None or (token.expires and token.expires <= _moment(self._clock())) else token

    def revoke(self, token_id: str) -> Token:
        """Removes a token and its conversations, and returns it.

        Raises:
            StoreError: if there is none of that id, or the library cannot be written.
        """
        with self._file.transaction() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM tokens WHERE id = ?", (token_id,)).fetchone()
            if row is None:
                raise StoreError(f"There is no token {token_id!r:.40}. `assistant tokens list` shows them.", "missing")
            db.execute("DELETE FROM tokens WHERE id = ?", (token_id,))
            db.execute("DELETE FROM chats WHERE owner = ?", (f"token:{token_id}",))
        return _token_of(row)


def hash_of(secret: str) -> str:
    """Returns what is kept of a token: its SHA-256; 256 random bits need no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def scopes_of(given: Iterable[str]) -> tuple[TokenScope, ...]:
    """Returns scopes in the order of SCOPES.

    Raises:
        AssistantError: if one is unknown, or there is none.
    """
    wanted = [one.strip() for one in given]
    unknown = [one for one in wanted if one not in SCOPES]
    if unknown or not wanted:
        shown = repr(unknown[0])[:40] if unknown else "none"
        raise AssistantError(f"The scope is {shown}: expected {', '.join(SCOPES)}, several with commas between.")
    return tuple(scope for scope in SCOPES if scope in wanted)


def _name_of(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_CHARACTERS or any(unicodedata.category(c)[0] == "C" for c in name):
        raise AssistantError(
            f"The token's name is {name!r:.80}: expected up to {MAX_NAME_CHARACTERS} characters that can be shown."
        )
    return name


def _token_of(row: tuple[Any, ...]) -> Token:
    token_id, name, scopes, created, expires = row
    known = tuple(scope for scope in SCOPES if scope in str(scopes).split(","))
    return Token(str(token_id), str(name), known, str(created), str(expires or ""))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
