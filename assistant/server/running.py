"""Running the server: where it listens, who may then reach it, and how it ends."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import closing

from assistant.audit import tell_audit
from assistant.errors import AssistantError
from assistant.server.termination import end_in_order
from assistant.settings import Settings

FIRST_PORT = 7860
N_PORTS = 100
MAX_PORT = 65_535
SECONDS_TO_FINISH = 5


def run(settings: Settings | None = None, host: str = "", port: int | None = None) -> None:
    """Serves the chat until interrupted; raises as `assistant.server.serve`."""
    settings = settings or Settings()
    host = host or os.environ.get("GRADIO_SERVER_NAME", "") or "127.0.0.1"
    if port is None and os.environ.get("GRADIO_SERVER_PORT"):
        port = port_of(os.environ["GRADIO_SERVER_PORT"])
    accounts = accounts_of(os.environ.get("ASSISTANT_AUTH", ""))
    check_reach(host, bool(accounts), settings.open_to_all)
    with closing(listen(host, port)) as listener:
        _run_on(listener, settings, host, accounts)


def accounts_of(text: str) -> list[tuple[str, str]] | None:
    """Returns the (name, password) pairs written as `name:password,name:password`, None if there are none.

    Raises:
        AssistantError: if a pair lacks its name or password.
    """
    pairs = [pair.partition(":") for pair in text.split(",") if pair.strip()]
    if any(not name.strip() or not password for name, _, password in pairs):
        raise AssistantError(
            "ASSISTANT_AUTH is not a list of accounts: expected name:password, several separated by commas."
        )
    return [(name.strip(), password) for name, _, password in pairs] or None


def check_reach(host: str, has_accounts: bool, is_open: bool) -> None:
    """Refuses an address that others reach, if nothing asks for a password.

    Raises:
        AssistantError: with what to set instead.
    """
    if has_accounts or is_open or is_loopback(host):
        return
    raise AssistantError(
        f"Others could reach the page at {host} and read, add and delete its articles without a password. "
        "Set ASSISTANT_AUTH=name:password, or say that this is meant with --open or ASSISTANT_OPEN_TO_ALL=true."
    )


def is_loopback(host: str) -> bool:
    """Returns whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def listen(host: str, port: int | None) -> socket.socket:
    """Returns a socket that listens at an address, on the first free port where none is given.

    Raises:
        AssistantError: if the port is taken or may not be used, or the host is not known.
    """
    if port is not None:
        port_of(str(port))
    ports = range(FIRST_PORT, FIRST_PORT + N_PORTS) if port is None else [port]
    problem: OSError | None = None
    for number in ports:
        try:
            family, *_, address = socket.getaddrinfo(host.strip("[]"), number, type=socket.SOCK_STREAM)[0]
            return _listener(family, address)
        except (socket.gaierror, UnicodeError) as error:
            raise AssistantError(f"The address {host!r} is not known. Give an IP address of this machine.") from error
        except OSError as error:
            problem = error
    where = f"port {port}" if port is not None else f"any port from {FIRST_PORT} to {FIRST_PORT + N_PORTS - 1}"
    raise AssistantError(
        f"The page cannot be served at {host}, {where}: {problem.strerror if problem else 'none is free'}. "
        "Choose another with --port."
    ) from problem


def _listener(family: int, address: tuple[object, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def _run_on(listener: socket.socket, settings: Settings, host: str, accounts: list[tuple[str, str]] | None) -> None:
    from assistant.assistant import Assistant
    from assistant.library.open_library import open_chats
    from assistant.server.application import make_application

    end_in_order()
    tell_audit()
    with Assistant.open(settings) as assistant, closing(open_chats(settings)) as chats:
        assistant.warm()  # nobody's first question waits for it
        app = make_application(assistant, chats, accounts, is_loopback(host), [host])
        serve_on(listener, app, _shown(host, listener.getsockname()[1]))


def serve_on(listener: socket.socket, app: object, address: str) -> None:
    """Serves an application until interrupted, and says at which address."""
    import uvicorn

    class Server(uvicorn.Server):
        """Says where it is once it answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Starts, then tells."""
            await super().startup(sockets)
            print(f"Article Assistant is open at {address}  (stop it with Ctrl+C)", flush=True)

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    Server(config).run(sockets=[listener])


def _shown(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host.strip("[]") else host
    return f"http://{name}:{port}/"


def port_of(text: str) -> int:
    """Returns the port that a text names.

    Raises:
        AssistantError: if it names none.
    """
    if not text.isascii() or not text.isdigit() or int(text) > MAX_PORT:
        raise AssistantError(f"The port is {text!r}: expected a number from 0 to {MAX_PORT:,}.")
    return int(text)
