"""`assistant tokens create`, `list`, `revoke`: who may use the server by program."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assistant.commands.streams import print_json, say, tell

if TYPE_CHECKING:
    from assistant.library.tokens import Token, Tokens
    from assistant.settings import Settings


def create(options: argparse.Namespace, tokens: Tokens) -> None:
    """Makes a token and shows it, once."""
    token, secret = tokens.create(options.name, ",".join(options.scope or ["ask"]).split(","), options.days)
    if options.json:
        return print_json({**token.to_dict(), "token": secret})
    say(secret)
    tell(f"{_line(token)}. This is the only time that it is shown: keep it where only its user can read it.")
    return None


def show(options: argparse.Namespace, tokens: Tokens) -> None:
    """Lists the tokens."""
    found = tokens.all()
    if options.json:
        return print_json([token.to_dict() for token in found])
    for token in found:
        say(_line(token))
    if not found:
        say("There are no tokens. `assistant tokens create NAME` makes one.")
    return None


def revoke(options: argparse.Namespace, tokens: Tokens) -> None:
    """Ends a token."""
    token = tokens.revoke(options.id)
    if options.json:
        return print_json(token.to_dict())
    return say(f"revoked {_line(token)}")


def add_arguments(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """Adds the three actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, do: Callable[..., None], text: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=text, description=text, parents=[shared])
        added.add_argument("--json", action="store_true", help="print JSON for a program to read")
        added.set_defaults(do=do)
        return added

    made = action("create", create, "Make a token, which is shown once.")
    made.add_argument("name", help="to tell it by")
    text = "what it allows: ask, add, admin, commas between (default: ask)"
    made.add_argument("--scope", action="append", metavar="SCOPES", help=text)
    made.add_argument("--days", type=int, help="after which it ends (default: never)")
    action("list", show, "List the tokens, never what they are shown by.")
    action("revoke", revoke, "End a token; its conversations go with it.").add_argument("id")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Runs an action on the library; the models are not needed."""
    from assistant.library.open_library import open_tokens

    with closing(open_tokens(settings)) as tokens:
        do: Callable[[Any, Tokens], None] = options.do
        do(options, tokens)
    return 0


def _line(token: Token) -> str:
    until = f"until {token.expires[:10]}" if token.expires else "without end"
    return f"{token.id}  {token.name}  ({', '.join(token.scopes)}; {until})"
