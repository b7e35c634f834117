"""Who calls, and what they may do: a token, an account that is signed in on the page, or anybody where the page is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from assistant.api.addresses import Address
from assistant.api.problems import ProblemError
from assistant.library.tokens import PREFIX, Tokens, TokenScope

CALLER = "assistant_caller"
"""Where in a request's scope its caller stands, which no client can set."""

OF_THE_PAGE: frozenset[TokenScope] = frozenset(("ask", "add"))
"""What whoever uses the page may do there as well: not remove for good, nor make tokens."""


class Calling(Protocol):
    """A call under way: a request, or a part of one."""

    @property
    def scope(self) -> Mapping[str, Any]:
        """Returns what the server knows of the request."""
        ...

    async def is_disconnected(self) -> bool:
        """Returns whether nobody waits for its answer any more."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        name: as the log tells it.
        owner: whose conversations are theirs.
        scopes: what they may do.
        key: whose calls are counted together.
    """

    name: str
    owner: str
    scopes: frozenset[TokenScope]
    key: str

    def check(self, scope: TokenScope) -> None:
        """Raises ProblemError, 403, where the caller may not do what a scope allows."""
        if scope not in self.scopes:
            has = ", ".join(sorted(self.scopes)) or "nothing"
            raise ProblemError(
                403, f"This needs a token with the scope {scope!r}; what was given allows {has}. "
                f"`assistant tokens create NAME --scope {scope}` makes one.",
            )  # fmt: skip


class Access:
    """Tells who calls. Where nobody else reaches the page and no token was made, it is open as the page is."""

    def __init__(self, tokens: Tokens, account_of: Callable[[HTTPConnection], str | None], is_open: bool) -> None:
        """Stores who tells.

        Args:
            tokens: of the library.
            account_of: tells the account that a request is signed in with.
            is_open: whether this machine alone reaches the page, and nobody signs in.
        """
        self._tokens = tokens
        self._account_of = account_of
        self._is_open = is_open

    def caller(self, request: HTTPConnection, address: Address, owner: str) -> Caller:
        """Returns who calls an address; `owner` is whose request it is on the page.

        Raises:
            ProblemError: 401 if nobody is known, 403 if they may not.
        """
        caller = self._of_token(request) or self._of_page(request, owner)
        if address.needed != "any" and address.needed != "nothing":
            caller.check(address.needed)
        return caller

    def _of_token(self, request: HTTPConnection) -> Caller | None:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not secret:
            return None
        token = self._tokens.of(secret)
        if token is not None:
            return Caller(f"token {token.name}", token.owner, frozenset(token.scopes), token.owner)
        if secret.startswith(PREFIX) or not self._opens():
            raise _unknown("This token is not known here: it was revoked, has ended, or is of another library.")
        return None  # clients of OpenAI's form always send one

    def _of_page(self, request: HTTPConnection, owner: str) -> Caller:
        account = self._account_of(request)
        if account is not None:
            _check_own_page(request)
            return Caller(f"account {account}", account, OF_THE_PAGE, f"account {account}")
        if self._opens():
            address = request.client.host if request.client else ""
            return Caller("this machine", owner, OF_THE_PAGE, f"address {address}")
        raise _unknown("Send a token: `Authorization: Bearer aa_…`. `assistant tokens create NAME` makes one.")

    def _opens(self) -> bool:
        return self._is_open and not self._tokens.exist()


def caller_of(request: Calling) -> Caller:
    """Returns who calls, as the gate has found out."""
    caller: Caller = request.scope[CALLER]
    return caller


def _check_own_page(request: HTTPConnection) -> None:
    """Refuses a change that a browser's cookie alone would allow: our own page's requests say where they come from."""
    if request.scope["method"] in ("GET", "HEAD"):
        return
    # That an Origin is ours was looked at before: see `assistant.server.hosts`.
    if "origin" not in request.headers and request.headers.get("sec-fetch-site") != "same-origin":
        raise ProblemError(403, "A cookie alone changes nothing. Send a token: `Authorization: Bearer aa_…`.")


def _unknown(detail: str) -> ProblemError:
    return ProblemError(401, detail, headers={"WWW-Authenticate": "Bearer"})
