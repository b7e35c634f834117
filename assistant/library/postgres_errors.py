"""PostgreSQL's errors in our words, without the password that reaches it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError

MISSING = (
    "A library in PostgreSQL needs psycopg, which is not installed: pip install 'article-assistant[postgres]'. Or name a "
    "folder in ASSISTANT_LIBRARY."
)

_NO_DATABASE = re.compile(r'database ".*" does not exist')


def psycopg_module() -> Any:
    """Returns psycopg, imported when it is first needed. Raises StoreError if the extra is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise StoreError(MISSING) from error
    return psycopg


@contextmanager
def translated(address: DatabaseAddress) -> Iterator[None]:
    """Turns PostgreSQL's errors into StoreError with what to do; their own texts, which may hold a password, go no further."""
    psycopg = psycopg_module()
    try:
        yield
    except psycopg.Error as error:
        raise StoreError(explain(error, address)) from None


def is_lost(error: BaseException) -> bool:
    """Whether an error means that the server went away, or does not take connections yet: another try may do."""
    psycopg = psycopg_module()
    state = getattr(error, "sqlstate", None) or ""
    if state[:3] in ("57P", "08P") or state[:2] == "08":
        return True
    return isinstance(error, psycopg.OperationalError) and not state and not _is_refused_account(str(error))


def _is_refused_account(text: str) -> bool:
    return any(
        word in text for word in ("authentication", "no password supplied", "pg_hba.conf", 'role "', 'database "')
    )


def explain(error: Exception, address: DatabaseAddress) -> str:
    """Returns what an error of PostgreSQL means for the user of the library at `address`, and what to do."""
    psycopg = psycopg_module()
    state = getattr(error, "sqlstate", None) or ""
    told = address.hide(" ".join(str(error).split()))[:300]
    if state in ("55P03", "40P01", "40001"):
        return f"The library {address} is being written by another process. Wait for it to end, then try again."
    if state in ("25006", "42501"):
        why = "is read-only" if state == "25006" else "does not let this user do that"
        return (
            f"The library {address} {why}: questions may work, changes do not. Use the address of the primary server, or "
            "grant the rights that docs/postgres.md lists."
        )
    if state[:2] == "53":
        return f"The server of the library {address} has no room or no connection left ({told}). Nothing was changed."
    if state == "3D000" or (not state and _NO_DATABASE.search(str(error))):
        return f"The database of the library {address} does not exist. Make it with createdb, or correct ASSISTANT_LIBRARY."
    if state in ("28P01", "28000") or (not state and _is_refused_account(str(error))):
        return (
            f"The server of the library {address} refuses the user, the password or the database. Correct "
            f"ASSISTANT_LIBRARY; in a password, quote @ : / ? # % as %40 %3A %2F %3F %23 %25. ({told})"
        )
    if state == "57014":
        return f"The server of the library {address} ended a statement that took too long. Try again."
    if is_lost(error):
        return (
            f"The server of the library {address} cannot be reached ({told}). Start it, or correct ASSISTANT_LIBRARY; "
            "what was stored is stored."
        )
    if isinstance(error, psycopg.ProgrammingError) and not state:
        return f"The address of the library, {address}, is none that PostgreSQL understands. Expected postgresql://user:password@host/database."
    return f"The library {address} cannot be used: {told}. `assistant doctor` tells more."
