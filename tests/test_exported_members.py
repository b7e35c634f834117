"""The public names: all there, documented, of this package, and none hidden by a module."""

from __future__ import annotations

import inspect
import pkgutil

import pytest

import assistant
from assistant import errors

PUBLIC = {
    "ask", "retrieve", "evaluate", "Assistant", "AsyncAssistant", "Settings", "Answer", "Citation", "Evidence", "Sentence", "Article",
    "Step", "AssistantError", "ArticleError", "ModelError", "StoreError", "PromptError", "LanguageModelError",
    "QuestionSetError", "__version__",
}  # fmt: skip
CORE = PUBLIC - {"evaluate"}


def test_the_public_names_are_those_that_are_documented() -> None:
    assert set(assistant.__all__) >= CORE
    assert len(assistant.__all__) == len(set(assistant.__all__))
    assert dir(assistant) == sorted(assistant.__all__)


@pytest.mark.parametrize("name", sorted(assistant.__all__))
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(assistant, name)
    if name == "__version__":
        assert value == "0.1.0"
        return
    assert inspect.getdoc(value)
    assert value.__module__.startswith("assistant")


@pytest.mark.parametrize(
    "name", [name for name, value in inspect.getmembers(assistant.Assistant) if not name.startswith("_")]
)
def test_every_public_method_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(assistant.Assistant, name))


def test_no_module_hides_a_public_function() -> None:
    modules = {module.name for module in pkgutil.iter_modules(assistant.__path__)}
    assert modules & set(assistant.__all__) == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        assistant.nothing  # noqa: B018


def test_all_errors_are_in_one_tree() -> None:
    found = {n for n, v in vars(errors).items() if inspect.isclass(v) and issubclass(v, Exception)}
    assert found == {name for name in assistant.__all__ if name.endswith("Error")}
    for name in found - {"AssistantError"}:
        assert getattr(errors, name).__bases__ == (errors.AssistantError,)
