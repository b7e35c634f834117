"""Every address that programs may call, and what a caller must be allowed to call it. What is not here is not open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

REST = "/api/v1"
OPENAI = "/v1"
OPENAPI = "/openapi.json"
MCP = "/mcp"
"""Agents; see `assistant.agents`. What its tools need, they ask for."""

QUESTION_FORMS = {
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
}
"""The forms of a question set: the Content-Type it is sent with, and the suffix of its file."""

JSON = ("application/json",)
FILE = "multipart/form-data"

Needed = Literal["nothing", "any", "ask", "add", "admin"]
"""A scope; "any" of them; or nothing at all."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address.

    Attributes:
        method: of the request.
        path: with `{id}` where an id stands.
        needed: what a caller must be allowed; what is asked for in a query may need more.
        takes: the types of content that may be sent to it; where a file is among them, it may be large.
    """

    method: str
    path: str
    needed: Needed
    takes: tuple[str, ...] = JSON

    @property
    def takes_files(self) -> bool:
        """Whether a file may be sent to it."""
        return FILE in self.takes


ADDRESSES = (
    Address("GET", f"{REST}/health", "nothing"),
    Address("GET", f"{REST}/version", "nothing"),
    Address("GET", OPENAPI, "any"),
    Address("POST", f"{REST}/ask", "ask"),
    Address("POST", f"{REST}/retrieve", "ask"),
    Address("GET", f"{REST}/articles", "ask"),
    Address("POST", f"{REST}/articles", "add", (*JSON, FILE)),
    Address("GET", f"{REST}/articles/{{id}}", "ask"),
    Address("PUT", f"{REST}/articles/{{id}}", "add", (*JSON, FILE)),
    Address("PATCH", f"{REST}/articles/{{id}}", "add"),
    Address("DELETE", f"{REST}/articles/{{id}}", "add"),
    Address("GET", f"{REST}/chats", "ask"),
    Address("GET", f"{REST}/chats/{{id}}", "ask"),
    Address("DELETE", f"{REST}/chats/{{id}}", "ask"),
    Address("POST", f"{REST}/feedback", "ask"),
    Address("GET", f"{REST}/evaluations", "ask"),
    Address("POST", f"{REST}/evaluations", "ask", (*QUESTION_FORMS, FILE)),
    Address("GET", f"{REST}/evaluations/{{id}}", "ask"),
    Address("DELETE", f"{REST}/evaluations/{{id}}", "ask"),
    Address("GET", f"{REST}/evaluations/{{id}}/report", "ask"),
    Address("GET", f"{REST}/tokens", "admin"),
    Address("POST", f"{REST}/tokens", "admin"),
    Address("DELETE", f"{REST}/tokens/{{id}}", "admin"),
    Address("GET", f"{OPENAI}/models", "ask"),
    Address("GET", f"{OPENAI}/models/{{id}}", "ask"),
    Address("POST", f"{OPENAI}/chat/completions", "ask"),
    Address("POST", MCP, "ask"),
)

_PATTERNS = [
    (re.compile(re.escape(address.path).replace(r"\{id\}", r"[\w-]{1,64}"), re.ASCII), address) for address in ADDRESSES
]


def is_for_programs(path: str) -> bool:
    """Returns whether a path is one of programs, be there anything at it or not."""
    return path.startswith((f"{REST}/", f"{OPENAI}/")) or path in (OPENAPI, MCP)


def addresses_at(path: str) -> dict[str, Address]:
    """Returns what is at a path, by method; {} for nothing.

    >>> addresses_at("/api/v1/articles/0123456789abcdef")["PUT"].needed
    'add'
    """
    return {address.method: address for pattern, address in _PATTERNS if pattern.fullmatch(path)}
