"""Calls that schemathesis makes of our own description: never an error of the server, every status and reply as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from fakes import ScriptedReader
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.conftest import ARTICLE, Served, served_without_page
from api.test_evaluations import start
from assistant.api.addresses import QUESTION_FORMS
from assistant.api.rates import Rate
from assistant.assistant import Assistant

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
N_SHARES = 36
"""Of the calls, one for each operation, with what fits and with what does not; some have nothing to be chosen."""
UNCOUNTED = 10**9
"""Calls a minute: here they are all made at once."""


@schemathesis.serializer(*sorted(set(QUESTION_FORMS) - {"application/json"}))
def as_text(_: Any, value: Any) -> bytes:
    """Returns a question set that was made up as it is sent."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture
def described(quick: Callable[..., Assistant]) -> Iterator[tuple[Served, Any]]:
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE, "The ferry")
    with served(assistant) as found:
        document = found.client(found.token("ask", "add", "admin")).get("/openapi.json").json()
        yield found, schemathesis.openapi.from_dict(document)


@contextmanager
def served(assistant: Assistant) -> Iterator[Served]:
    gate = {"of_caller": Rate(UNCOUNTED), "of_address": Rate(UNCOUNTED)}
    with served_without_page(assistant, **gate) as found:
        yield found


def call_all(served: Served, schema: Any, n_cases: int) -> int:
    """Calls every operation with what fits its description and with what does not; returns how many calls there were."""
    operations = [found.ok() for found in schema.get_all_operations()]
    each = max(1, n_cases // N_SHARES)
    client = served.client(served.chats.tokens.create("calls", ("ask", "add", "admin"))[1])
    headers = dict(client.headers)
    n_calls, wrong = 0, []
    for operation in operations:
        for mode in GenerationMode:

            @hypothesis.settings(
                max_examples=each,
                database=None,
                deadline=None,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            def call(case: Case) -> None:
                nonlocal n_calls
                n_calls += 1
                if n_calls % 2 and case.meta.generation.mode is GenerationMode.POSITIVE:
                    with_known_id(case, served, client, n_calls)
                response = case.call(base_url=served.address, headers=headers)
                try:
                    case.validate_response(response, checks=CHECKS)
                except FailureGroup as failures:  # told at the end: called once more, the library is another
                    wrong.append(f"{failures} {failures.exceptions}")

            try:
                call()
            except hypothesis.errors.Unsatisfiable:
                assert mode is GenerationMode.NEGATIVE, operation.label  # nothing that can be wrong
    assert wrong == [], "\n\n".join(wrong)
    return n_calls


def with_known_id(case: Case, served: Served, client: httpx.Client, number: int) -> None:
    """Gives a case the id of something that is there, in the place of one that was made up."""
    kind = case.operation.path.split("/")[3:4]
    if "{id}" not in case.operation.path:
        return
    if kind == ["articles"]:
        case.path_parameters = {"id": served.assistant.add(f"Bees hum {number} times. Wasps do not.").id}
    elif kind == ["chats"]:
        kept = client.post("/api/v1/ask", json={"question": "Who hums?", "chat": ""})
        case.path_parameters = {"id": kept.json()["chat"]["id"]}
    elif kind == ["evaluations"]:
        runs = client.get("/api/v1/evaluations").json()["evaluations"] or [start(client)]
        case.path_parameters = {"id": runs[0]["id"]}


def test_two_hundred_calls_are_answered_as_described(described: tuple[Served, Any]) -> None:
    assert call_all(*described, 200) >= 150


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_thousand_calls_are_answered_as_described(described: tuple[Served, Any]) -> None:
    assert call_all(*described, 2000) >= 1500
