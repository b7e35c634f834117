"""Prompt templates: one Markdown file a prompt, its variables checked when it is loaded."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import PromptError
from assistant.settings import shipped

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

VARIABLES = {"answer": frozenset({"question", "sentences"})}

_VARIABLE = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")
_PART = re.compile(r"^## (System|User)\s*$", re.MULTILINE)


@lru_cache(maxsize=16)
def load_prompt(name: str, folder: Path | None = None) -> ChatPromptTemplate:
    """Returns the prompt of `prompts/<name>.md`: its sections "## System" and "## User" as messages.

    Raises:
        PromptError: if it is missing, lacks a section or a variable, or names an unknown one.
    """
    from langchain_core.prompts import ChatPromptTemplate

    path = (folder or shipped("prompts")) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"The prompt {path} cannot be read: {error}. Restore it or reinstall the package.") from error
    parts = _PART.split(text)[1:]
    sections = dict(zip(parts[0::2], (part.strip() for part in parts[1::2]), strict=True))
    if set(sections) != {"System", "User"} or not all(sections.values()):
        raise PromptError(
            f"The prompt {path} has sections {sorted(sections)}; expected '## System' and '## User', with text."
        )
    given = {match.strip() for match in _VARIABLE.findall(text)}
    expected = VARIABLES.get(name, frozenset())
    if given != expected:
        raise PromptError(
            f"The prompt {path} has the variables {sorted(given)}; expected exactly {sorted(expected)}. "
            "Write a brace that is no variable twice: {{ and }}."
        )
    return ChatPromptTemplate.from_messages([("system", sections["System"]), ("human", sections["User"])])
