"""`assistant tokens`: made and shown once, listed without what it is shown by, revoked."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.library.sqlite_store import DATABASE
from assistant.library.tokens import Tokens


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    assert main(["tokens", *arguments]) == status
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_a_token_is_made_listed_and_revoked(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list")[0] == "There are no tokens. `assistant tokens create NAME` makes one.\n"
    out, told = run(capsys, "create", "nightly", "--scope", "add", "--scope", "ask", "--days", "2")
    with closing(Tokens.open(library / DATABASE)) as tokens:
        token = tokens.of(out.strip())
        assert token is not None
        assert (token.name, token.scopes, token.expires[:10] > token.created[:10]) == ("nightly", ("ask", "add"), True)
    assert "This is the only time that it is shown" in told
    listed = run(capsys, "list")[0]
    assert listed == f"{token.id}  nightly  (ask, add; until {token.expires[:10]})\n"
    assert run(capsys, "revoke", token.id)[0].startswith(f"revoked {token.id}  nightly")
    assert json.loads(run(capsys, "list", "--json")[0]) == []


def test_json_has_the_token_once(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(run(capsys, "create", "job", "--json")[0])
    assert (made["name"], made["scopes"], made["expires"], made["token"][:3]) == ("job", ["ask"], "", "aa_")
    (listed,) = json.loads(run(capsys, "list", "--json")[0])
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert json.loads(run(capsys, "revoke", made["id"], "--json")[0]) == listed
    assert library.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "x", "--scope", "root"), "The scope is 'root': expected ask, add, admin"),
        (("create", "x", "--days", "0"), "The days are 0, expected 1 to 3,650"),
        (("revoke", "x"), "There is no token 'x'"),
    ],
)
def test_what_is_wrong_is_a_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str) -> None:
    out, told = run(capsys, *arguments, status=2)
    assert (out, sentence in told) == ("", True)
