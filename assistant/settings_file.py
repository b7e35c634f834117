"""The settings file: TOML with the names of the settings, where it is named, or at its place among the user's."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

VARIABLE = "ASSISTANT_CONFIG"


def default_file() -> Path:
    """Returns where the file is looked for when none is named."""
    import platformdirs

    return Path(platformdirs.user_config_dir("article-assistant", appauthor=False)) / "config.toml"


@contextmanager
def settings_file(path: Path | None) -> Iterator[None]:
    """Has settings be read from this file meanwhile, here and in the processes that are started; None changes nothing."""
    before = os.environ.get(VARIABLE)
    if path is not None:
        os.environ[VARIABLE] = str(path)
    try:
        yield
    finally:
        if before is not None:
            os.environ[VARIABLE] = before
        elif path is not None:
            os.environ.pop(VARIABLE, None)


def values_of_file(names: Collection[str]) -> tuple[Path | None, dict[str, Any]]:
    """Returns the settings file and what it says; (None, {}) where there is none, or the variable is set to nothing.

    Args:
        names: what it may set.

    Raises:
        AssistantError: if it cannot be read, is no TOML, or names something else.
    """
    named = os.environ.get(VARIABLE)
    if named == "":
        return None, {}
    path = Path(named).expanduser() if named else default_file()
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssistantError(f"The settings file {path} is not TOML: {error}. Correct it, as `k = 5`.") from error
    except OSError as error:
        if not named and isinstance(error, FileNotFoundError | NotADirectoryError):
            return None, {}
        raise AssistantError(
            f"The settings file {path} cannot be read: {error.strerror or error}. Name another with --config."
        ) from error
    for name in values:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.5)
            meant = f"Is `{near[0]}` meant?" if near else f"Settings are {', '.join(names)}."
            raise AssistantError(f"The settings file {path} has `{name}`, which is no setting. {meant}")
    if isinstance(values.get("library"), str):
        # As a person reads it: beside the file that says so.
        values["library"] = str(path.parent / Path(values["library"]).expanduser())
    return path, values
