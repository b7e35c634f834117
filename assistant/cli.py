"""The command line: `assistant ask`, `retrieve`, `chat`, `add`, `remove`, `list`, `serve`, `evaluate`, `doctor` …"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import asking, completion, copy_command, library_commands, token_commands
from assistant.commands.filters import add_description, add_filter
from assistant.commands.folder_commands import FAILED, add_watch_arguments, watch
from assistant.commands.library_commands import LIBRARY_COMMANDS
from assistant.commands.streams import give_up_output, prepare_streams, print_json, say, tell
from assistant.errors import AssistantError
from assistant.server.termination import end_in_order
from assistant.settings_file import settings_file

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status: 0, or 2 after an error of ours, told without a traceback."""
    closed = sys.stdout is None
    prepare_streams()
    end_in_order()
    try:
        try:
            return _run(arguments, closed)
        finally:
            sys.stdout.flush()
    except AssistantError as error:
        tell(str(error))
        return FAILED
    except KeyboardInterrupt:
        print("\nassistant: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe has gone (`assistant list | head`): nothing more to say.
        give_up_output()
        return 0
    except OSError as error:
        # What a command itself cannot read or write is an error of ours: this is the output, or the machine.
        tell(f"The command ended early: {error.strerror or error}. Nothing more was printed.")
        give_up_output()
        return FAILED


def _run(arguments: Sequence[str] | None, closed: bool) -> int:
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return FAILED
    if closed and options.command != "serve":
        raise AssistantError("Standard output is closed: there is nowhere to print to. Give it a file, or /dev/null.")
    with settings_file(options.config):
        status: int = options.run(options)
    return status


def parser() -> argparse.ArgumentParser:
    """Returns the parser of all commands."""
    import assistant

    top = argparse.ArgumentParser(
        prog="assistant", description="Ask questions about an article; get its own sentences back, cited."
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {assistant.__version__}")
    _add_config(top, None)
    top.set_defaults(command=None)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library", metavar="PLACE", help="library: a folder, or postgresql://… (default: ASSISTANT_LIBRARY)"
    )
    # Before the command or after it: what is not given after it must not hide what is given before.
    _add_config(shared, argparse.SUPPRESS)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], text: str, as_json: bool = True
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[shared])
        added.set_defaults(run=run)
        if as_json:
            added.add_argument("--json", action="store_true", help="print JSON for a program to read")
        return added

    for name, run, text in (
        ("ask", asking.ask, "Answer a question with the article's own sentences."),
        ("retrieve", asking.retrieve, "List the sentences that help to answer a question."),
    ):
        added = command(name, _with_library(run), text)
        added.add_argument("question", nargs="+")
        added.add_argument("--article", action="append", metavar="ID", help="only this article; may be repeated")
        add_filter(added)
        if name == "retrieve":
            added.add_argument("-k", type=int, default=None, help="how many sentences (default: 5)")
            added.add_argument("--no-rerank", action="store_true", help="as search finds them, without the reader")
    chat = command(
        "chat",
        _with_library(asking.chat),
        "Ask one question after another; follow-ups are understood.",
        as_json=False,
    )
    chat.add_argument("--article", action="append", metavar="ID", help="only this article; may be repeated")
    add_filter(chat)
    add = command(
        "add",
        _with_library(library_commands.add),
        "Add articles: files, folders, archives, addresses, or text with --text, or - for standard input.",
    )
    add.add_argument("path", nargs="*", help="files, folders, zip archives; - reads standard input")
    add.add_argument("--text", help="the article's text itself")
    add.add_argument("--title", default="", help="title (default: the first heading or line)")
    add_description(add)
    for name, do, text, add_arguments in LIBRARY_COMMANDS:
        add_arguments(command(name, _with_library(do), text))
    add_watch_arguments(
        command(
            "watch",
            _with_library(watch),
            "Follow a folder: add what is new, replace what changed, remove what is gone.",
            False,
        )
    )
    command("mcp", _mcp, "Serve an agent that has started this program (Model Context Protocol).", as_json=False)
    serve = command("serve", _serve, "Open the chat in the browser.", as_json=False)
    serve.add_argument("--host", help="address to listen on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port (default: GRADIO_SERVER_PORT or the first free one from 7860)")
    serve.add_argument("--open", action="store_true", help="serve other machines without a password")
    doctor = command("doctor", _doctor, "Check versions, models and library; say what is wrong and how to mend it.")
    doctor.add_argument("--repair", action="store_true", help="mend the library first; the damaged files are kept")
    backup = command(
        "backup", _backup, "Copy the library into one file, while it is in use; restore by copying it back."
    )
    backup.add_argument(
        "file", type=Path, help="where to; to restore it, copy it into an empty folder as library.sqlite3"
    )
    backup.add_argument("--force", action="store_true", help="overwrite the file if there is one")
    text = "Copy a library into another: a folder into a database, or back. What is there already is passed over."
    copy = commands.add_parser("copy", help=text, description=text)
    copy_command.add_arguments(copy)
    copy.set_defaults(run=copy_command.run)
    text = "Make, list and revoke the tokens by which programs use the server."
    tokens = commands.add_parser("tokens", help=text, description=text)
    tokens.set_defaults(run=_tokens)
    token_commands.add_arguments(tokens, shared)
    _add_evaluation(commands)
    text = "Print what a shell reads to complete commands, options and files."
    completed = commands.add_parser("completion", help=text, description=text)
    completed.add_argument("shell", choices=completion.SHELLS)
    completed.set_defaults(run=_completion)
    return top


def _add_config(parser: argparse.ArgumentParser, default: Any) -> None:
    text = "settings file, TOML (default: ASSISTANT_CONFIG, or config.toml among the user's settings)"
    parser.add_argument("--config", type=Path, metavar="FILE", default=default, help=text)


def _add_evaluation(commands: Any) -> None:
    from assistant.evaluation import command, compare_command, question_commands

    text = "Run a question set and tell how good the answers are."
    evaluate = commands.add_parser("evaluate", help=text, description=text)
    command.add_arguments(evaluate)
    evaluate.set_defaults(run=command.run)
    text = "Work on question sets."
    questions = commands.add_parser("questions", help=text, description=text)
    actions = questions.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "Check a question set: every mistake with its line and field."
    check = actions.add_parser("check", help=text, description=text)
    question_commands.add_check_arguments(check)
    check.set_defaults(run=question_commands.run_check)
    text = "Draft questions on articles, to be looked through: some that they answer, some that they do not."
    draft = actions.add_parser("draft", help=text, description=text)
    question_commands.add_draft_arguments(draft)
    draft.set_defaults(run=question_commands.run_draft)
    text = "Compare runs of one question set with the first of them."
    compare = commands.add_parser("compare", help=text, description=text)
    compare_command.add_compare_arguments(compare)
    compare.set_defaults(run=compare_command.run_compare)


def settings_of(options: argparse.Namespace) -> Settings:
    """Returns the settings of the options, the environment and the settings file.

    Raises:
        AssistantError: if a setting has a value that is not allowed.
    """
    from assistant.settings import library_of, read_settings

    return read_settings(**({"library": library_of(options.library)} if getattr(options, "library", None) else {}))


def _open(options: argparse.Namespace) -> Assistant:
    from assistant.assistant import Assistant

    return Assistant.open(settings_of(options))


def _with_library(do: Callable[[argparse.Namespace, Assistant], int]) -> Callable[[argparse.Namespace], int]:
    """Returns what runs a command on the library that is opened for it."""

    def run(options: argparse.Namespace) -> int:
        with _open(options) as assistant:
            return do(options, assistant)

    return run


def _serve(options: argparse.Namespace) -> int:
    from assistant.server import serve

    settings = settings_of(options)
    serve(
        settings.model_copy(update={"open_to_all": True}) if options.open else settings,
        options.host or "",
        options.port,
    )
    return 0


def _mcp(options: argparse.Namespace) -> int:
    from assistant.agents.stdio import serve

    serve(settings_of(options))
    return 0


def _tokens(options: argparse.Namespace) -> int:
    return token_commands.run(options, settings_of(options))


def _completion(options: argparse.Namespace) -> int:
    say(completion.script_of(parser(), options.shell))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from assistant.doctor import Finding, examine, repair

    settings = settings_of(options)
    done = repair(settings) if options.repair else []
    findings = [Finding("repair", True, line) for line in done] + examine(settings)
    if options.json:
        print_json([finding.to_dict() for finding in findings])
    for finding in [] if options.json else findings:
        say(f"{'ok  ' if finding.ok else 'BAD '} {finding.what}: {finding.detail}")
        if finding.fix:
            say(f"     -> {finding.fix}")
    return 0 if all(finding.ok for finding in findings) else FAILED


def _backup(options: argparse.Namespace) -> int:
    from assistant.library.sqlite_backup import back_up

    settings = settings_of(options)
    told = back_up(settings.folder, options.file, options.force, settings.busy_timeout_seconds)
    if options.json:
        print_json({"file": str(options.file), "articles": told.n_articles, "sentences": told.n_sentences})
    else:
        say(f"{options.file}: {told.n_articles} articles, {told.n_sentences} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
