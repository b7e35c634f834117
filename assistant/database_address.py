"""The address of a database, whose password is never shown."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_SCHEMES = ("postgresql://", "postgres://")
_SECRET = ("password", "sslpassword")
_SHOWN_INSTEAD = "***"


class DatabaseAddress:
    """A connection string as libpq takes it: `postgresql://user:password@host/database`.

    `str` and `repr` show it without its password. Two of one text are equal.
    """

    __slots__ = ("url",)

    def __init__(self, url: str) -> None:
        """Stores the whole text, password included."""
        self.url = url

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether a text is the address of a database, not a path."""
        return text.lower().startswith(_SCHEMES)

    def __str__(self) -> str:
        head, scheme, rest = self.url.partition("://")
        account, at, place = rest.rpartition("@")
        user = account.partition(":")[0]
        try:
            parts = urlsplit(f"//{place}")
            told = [(key, value) for key, value in parse_qsl(parts.query, True) if key.lower() not in _SECRET]
            query = "&".join(f"{quote(key)}={quote(value, safe='/,')}" for key, value in told)
            place = f"{parts.netloc}{parts.path}{'?' if query else ''}{query}"
        except ValueError:
            place = "…"
        return f"{head}{scheme}{user}{f':{_SHOWN_INSTEAD}' if ':' in account else ''}{at}{place}"

    def __repr__(self) -> str:
        return f"DatabaseAddress({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseAddress) and self.url == other.url

    def __hash__(self) -> int:
        return hash(self.url)

    def hide(self, text: str) -> str:
        """Returns a text in which the password does not stand, nor a piece of one that was not quoted as it must be.

        >>> DatabaseAddress("postgresql://ann:s3cret@db/x").hide("no host s3cret")
        'no host ***'
        """
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = text.replace(secret, _SHOWN_INSTEAD)
        return text

    def _secrets(self) -> set[str]:
        _, _, rest = self.url.partition("://")
        account = rest.rpartition("@")[0]
        found = [account.partition(":")[2]] if ":" in account else []
        query = rest.partition("?")[2]
        found += [part.partition("=")[2] for part in query.split("&") if part.partition("=")[0].lower() in _SECRET]
        whole = {form for secret in found for form in (secret, unquote(secret)) if secret}
        # libpq splits at the first of these where a password holds one, and takes the rest for a host, a port, a database.
        pieces = {piece for secret in whole for piece in re.split(r"[@:/?#&%\s]", secret) if len(piece) > 2}
        return whole | pieces
