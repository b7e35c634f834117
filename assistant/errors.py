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


class AssistantError(Exception):
    """Base of every error that this package raises on purpose."""


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
