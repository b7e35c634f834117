"""Errors that a caller may want to catch, in one tree.

    AssistantError
    ├── ArticleError        cannot be read: missing, empty, too large, not text, refused address, bad encoding
    ├── ModelError          weights missing or not the ones expected
    ├── StoreError          library damaged, locked, of a newer version, or the server is away
    ├── PromptError         a template lacks or misnames a variable
    ├── LanguageModelError  the optional model failed
    └── QuestionSetError    a test set line is wrong: file, line number, what is expected

Every message says what happened, what was given, what was expected and what to do about it.
"""

from __future__ import annotations

from typing import Literal

Reason = Literal["", "missing", "too_large", "full"]
"""What a program may want to tell apart: what is asked for is not there, is too large, or there is no place for more."""


class AssistantError(Exception):
    """Base of every error that this package raises on purpose.

    Attributes:
        reason: see `Reason`; "" where the message alone tells.
    """

    def __init__(self, message: str = "", reason: Reason = "") -> None:
        super().__init__(message)
        self.reason = reason


class ArticleError(AssistantError):
    """An article cannot be read: missing, empty, too large, not text, refused address, bad encoding."""


class ModelError(AssistantError):
    """Model weights are missing or not the ones expected."""


class StoreError(AssistantError):
    """The library is damaged, locked, read-only, full, of a newer version, or its server is away."""


class PromptError(AssistantError):
    """A prompt template is missing, or lacks or misnames a variable."""


class LanguageModelError(AssistantError):
    """The optional language model could not be opened or failed to answer."""


class QuestionSetError(AssistantError):
    """A question set is wrong: the message names file, line, field and what was expected."""
