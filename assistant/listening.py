"""Whether the page can be served at an address: found out before the models are loaded, told in a line."""

from __future__ import annotations

import socket

from assistant.errors import AssistantError

DEFAULT_HOST = "127.0.0.1"
MAX_PORT = 65_535


def check_address(host: str, port: str) -> None:
    """Refuses an address that cannot be listened on.

    Args:
        host: "" for the default.
        port: "" for the first free one, which always is.

    Raises:
        AssistantError: if the port is none or in use, or the host is not one of this machine.
    """
    host = host or DEFAULT_HOST
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= MAX_PORT):
        raise AssistantError(f"The port is {port!r:.40}, expected a number from 0 to {MAX_PORT:,}, 0 for any free one.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port or 0), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # As the server does: a connection that was just closed does not keep the port.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no name of a host"
        raise AssistantError(
            f"Nothing can be served at {host}{f', port {port}' if port else ''}: {reason}. "
            "Give another --host or --port; without --port the first free one from 7860 is taken."
        ) from error
