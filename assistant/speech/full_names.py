"""A short name, or a noun phrase that holds one -> the name in its fullest form in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.english.names import find_names, fullest, may_be_person, with_title

_MAX_NAMESAKES = 50
_ARTICLES = frozenset("the a an his her their its one some many several most other this these those both".split())
_HIMSELF = re.compile(r"(?<!\s)\s++(?:himself|herself|themselves|itself)$")


class FullNames:
    """The names of an article that may be people's.

    Args:
        names: as they stand, in order.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: position for position, name in enumerate(dict.fromkeys(names))}
        self._known: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        for full in self._order:
            self._by_first.setdefault(full.split()[0].lower(), []).append(full)
            self._by_last.setdefault(full.split()[-1].lower(), []).append(full)

    def __contains__(self, name: str) -> bool:
        """Returns whether the article has a name in this form."""
        return name in self._order

    def fullest(self, name: str) -> str:
        """Returns the fullest form of a name in the article."""
        known = self._known.get(name)
        if known is None:
            words = name.lower().split()
            family = self._by_last.get(words[-1], []) if words else []
            before = self._order.get(name, 0)
            given = [full for full in self._by_first.get(words[0], [])[:_MAX_NAMESAKES] if self._order[full] < before]
            known = self._known[name] = fullest(name, family[:_MAX_NAMESAKES] + given)
        return known

    def named(self, subject: str) -> str:
        """Returns the name in a noun phrase in its fullest form, or the noun phrase if it holds none."""
        subject = re.sub(
            r"^(?:one|that|this|every|each)\s(?:day|morning|evening|night|time),?\s(?=\w)", "", subject, flags=re.I
        )
        subject = _HIMSELF.sub("", subject)
        first, last = subject.split()[0], subject.split()[-1]
        near = find_names(f"- {subject}")
        many = re.search(r"\band\b|&", subject) is not None
        headed = first.lower() in _ARTICLES and (
            first.lower() != "the" or re.search(r"\s(?:of|for|from|at|in|on)\s", subject)
        )
        if near and last[0].isupper() and not many and not headed:
            name = near[-1] if " of " not in subject else near[0]
            person = name.text.split(" of ")[0]
            name = replace(name, text=person) if " " in person and may_be_person(person) else name
            canonical = self.fullest(name.text)
            return canonical if canonical != name.text or " " in name.text else with_title(name)
        lowered = subject[0].lower() + subject[1:] if first.lower() in _ARTICLES else subject
        return re.sub(r"\s+", " ", lowered)
