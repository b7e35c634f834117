"""Who alone is called by a role in an article: "the mayor" is "Lee Orr" where nobody else is a mayor."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.english.names import Name, may_be_person

_THE_ROLE = re.compile(r"[Tt]he (?:[a-z]+ )?([a-z]{3,})$")
# Where a role stands beside a name: "the mayor, ", ", the mayor", "owner ".
_ROLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Ii]ts|[Aa]n?)\s(?:[\w’'-]+\s){0,3}?([a-z]{3,}),?\s$")
_ROLE_BEHIND = re.compile(r",\s(?:the|its|an?)\s(?:[\w’'-]+\s){0,3}?([a-z]{3,})(?=,|\.|\sof\b|\sat\b|\sfor\b|\sfrom\b)")
_REACH = 60  # characters beside a name


class RoleHolders:
    """The people whom each role stands beside: "the mayor, Lee Orr," "Lee Orr, the mayor".

    Args:
        mentions: of the names of an article, in order.
        canonical: gives the fullest form of a name.
        masked: the article's text with every quotation overwritten.
    """

    def __init__(self, mentions: Sequence[Name], canonical: Callable[[str], str], masked: str) -> None:
        self._mentions = mentions
        self._canonical = canonical
        self._masked = masked
        self._by_role: dict[str, set[str]] | None = None

    def of(self, subject: str) -> str:
        """Returns who alone is called by a role, "the mayor", "" if nobody is, or several are."""
        role = _THE_ROLE.match(subject)
        holders = self._known().get(role[1].lower(), set()) if role else set()
        return next(iter(holders)) if len(holders) == 1 else ""

    def _known(self) -> dict[str, set[str]]:
        if self._by_role is None:
            self._by_role = {}
            for name in self._mentions:
                person = self._canonical(name.text)
                if " " not in person or not may_be_person(person):
                    continue
                before = _ROLE_BEFORE.search(self._masked[max(0, name.start - _REACH) : name.start])
                behind = _ROLE_BEHIND.match(self._masked[name.end : name.end + _REACH])
                roles = [*name.title.split()[-1:], *(found[1].lower() for found in (before, behind) if found)]
                for role in roles:
                    self._by_role.setdefault(role, set()).add(person)
        return self._by_role
