"""The application: the page, the addresses of programs, files coming in, reports going out, and what stands before them."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.agents.http import AgentAddress, add_agent_address
from assistant.api.access import Access
from assistant.api.desk import Desk
from assistant.api.routes import add_addresses
from assistant.errors import ArticleError
from assistant.library.chats import Chats
from assistant.library.open_library import open_chats
from assistant.server.bodies import BodyTooLargeError, parts_of
from assistant.server.brakes import LoginBrake
from assistant.server.doors import Doors, Endpoint
from assistant.server.gate import Gate
from assistant.server.headers import SafeHeaders
from assistant.server.hosts import Hosts
from assistant.server.proxies import Proxies, networks_of
from assistant.server.request_ids import RequestIds
from assistant.server.visitors import Visitors
from assistant.ui.article_pages import ArticlePages
from assistant.ui.endpoints import BROWSER, OWNER
from assistant.ui.page import Page, page_options
from assistant.ui.reports import REPORT_POLICY, Reports
from assistant.ui.uploads import Uploads

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

_WIDTH = re.compile(r"\d{1,4}", re.ASCII)


def make_application(
    assistant: Assistant,
    chats: Chats | None = None,
    accounts: list[tuple[str, str]] | None = None,
    is_for_this_machine: bool = True,
    names: Iterable[str] = (),
) -> FastAPI:
    """Returns the page of `assistant` as an ASGI application.

    Args:
        assistant: what is asked; whoever opened it closes it.
        chats: None for those in its library.
        accounts: (name, password) pairs that may sign in; None if nobody needs to.
        is_for_this_machine: False if other machines reach it: then the page shows no paths of the server.
        names: by which it may be reached beside localhost and IP addresses.
    """
    page = Page(assistant, chats or open_chats(assistant.settings), is_for_this_machine)
    return around(page, assistant.settings, accounts, names)


def around(
    page: Page, settings: Settings, accounts: list[tuple[str, str]] | None = None, names: Iterable[str] = ()
) -> FastAPI:
    """Returns the application of a page, with everything that stands before it; arguments as of `make_application`."""
    import gradio as gr

    blocks = page.blocks

    def account_of(request: HTTPConnection) -> str | None:
        return signed_in(app.routes[-1].app, request) if accounts else None  # type: ignore[attr-defined]

    endpoints = endpoints_of(blocks, page.parameters)
    access = Access(page.chats.tokens, account_of, is_open=page.is_for_this_machine and not accounts)
    app = FastAPI(
        openapi_url=None,
        lifespan=_closing(page, lambda: agents, lambda: desk),
        middleware=[
            Middleware(Proxies, trusted=networks_of(settings.trusted_proxies), root_path=blocks.root_path or ""),
            Middleware(RequestIds),
            Middleware(Hosts, names=[*names, *settings.host_names]),
            Middleware(SafeHeaders),
            Middleware(Visitors, account_of=account_of),
            Middleware(LoginBrake),
            Middleware(
                Doors,
                endpoints=endpoints,
                n_waiting=lambda: waiting_in(blocks),
                needs_sign_in=bool(accounts),
                listening=page.listening,
                is_event=lambda event_id: is_event_of(blocks, event_id),
            ),
            Middleware(Gate, access=access, max_article_bytes=int(settings.max_article_megabytes * 1_000_000)),
        ],
    )
    desk = Desk(page.assistant, page.chats, page.chats.tokens, page.adding, page.fetch_brake, page.evaluations)
    add_addresses(app, desk)
    agents = add_agent_address(app, desk)
    _add_uploads(app, page.uploads, bool(accounts))
    _add_reports(app, page.reports)
    _add_pages(app, page.article_pages, bool(accounts))
    with warnings.catch_warnings():
        # It says that it leaves out what was not asked for.
        warnings.filterwarnings("ignore", message="SSR mode is not supported", category=UserWarning)
        gr.mount_gradio_app(app, blocks, path="/", auth=accounts, **page_options(settings))
    return app


def endpoints_of(blocks: Any, parameters: dict[str, Any]) -> list[Endpoint]:
    """Returns what may be called on a page; components of Gradio check their own values."""
    return [
        Endpoint(str(fn.api_name), number, bool(fn.queue), parameters.get(fn.api_name), len(fn.inputs))
        for number, fn in blocks.fns.items()
        if fn.api_name
    ]


def signed_in(gradio_app: Any, request: HTTPConnection) -> str | None:
    """Returns the name that a request is signed in with, as Gradio looks it up; None for nobody."""
    for cookie in (f"access-token-{gradio_app.cookie_id}", f"access-token-unsecure-{gradio_app.cookie_id}"):
        name = gradio_app.tokens.get(request.cookies.get(cookie))
        if name is not None:
            return str(name)
    return None


def waiting_in(blocks: Any) -> tuple[Counter[str], Counter[str]]:
    """Returns how many calls each owner and each address has in the queue; Gradio has no public name for it."""
    of_owner: Counter[str] = Counter()
    of_address: Counter[str] = Counter()
    for event in list(blocks._queue.event_ids_to_events.values()):
        scope = event.request.scope
        of_owner[scope.get(OWNER, "")] += 1
        of_address[scope["client"][0] if scope.get("client") else ""] += 1
    return of_owner, of_address


def is_event_of(blocks: Any, event_id: str) -> bool:
    """Returns whether a call waits, runs, or has ended and was not told yet; as Gradio looks it up."""
    queue = blocks._queue
    pending = list(queue.pending_event_ids_session.values())
    return event_id in queue.event_ids_to_events or any(event_id in ids for ids in pending)


def _closing(page: Page, agents: Callable[[], AgentAddress], desk: Callable[[], Desk]) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await agents().close()
            desk().runs.close()
            page.close()

    return lifespan


def _add_uploads(app: FastAPI, uploads: Uploads, needs_sign_in: bool) -> None:
    @app.post("/uploads", include_in_schema=False)
    async def upload(request: Request) -> Response:
        """Takes one file, named in X-File-Name, and returns the token that it is known by."""
        owner = request.scope[OWNER]
        if needs_sign_in and owner.startswith(BROWSER):
            return JSONResponse({"error": "Sign in first."}, 401)
        if "x-file-name" not in request.headers:
            # No other web page can send this header without being asked first.
            return JSONResponse({"error": "The header X-File-Name is missing."}, 400)
        try:
            with uploads.receiving(owner) as (path, room):
                with path.open("xb") as file:
                    async for part in parts_of(request.receive, room):
                        file.write(part)
                return JSONResponse({"upload": uploads.keep(path, unquote(request.headers["x-file-name"]), owner)})
        except ArticleError as error:
            return JSONResponse({"error": str(error)}, 429)
        except BodyTooLargeError:
            text = f"This file is too large: the limit is {uploads.max_bytes / 1e6:,.0f} MB. Split it."
            return JSONResponse({"error": text}, 413)
        except ClientDisconnect:
            return Response(status_code=400)
        except OSError as error:
            text = f"The file cannot be kept ({error.strerror}). Nothing was added. Free some space, then try again."
            return JSONResponse({"error": text}, 507)


def _add_reports(app: FastAPI, reports: Reports) -> None:
    @app.get("/reports/{token}", include_in_schema=False)
    def report(token: str, request: Request) -> Response:
        """Returns a report of an evaluation to whom it was made for."""
        found = reports.of(request.scope[OWNER], token)
        if found is None:
            return JSONResponse({"error": "This report is not here any more. Run the evaluation again."}, 404)
        headers = {"Content-Security-Policy": REPORT_POLICY, "Cache-Control": "no-store"}
        if "save" in request.query_params:
            headers["Content-Disposition"] = 'attachment; filename="report.html"'
        return HTMLResponse(found.to_save if "save" in request.query_params else found.shown, headers=headers)


def _add_pages(app: FastAPI, pages: ArticlePages, needs_sign_in: bool) -> None:
    @app.get("/pages/{article_id}/{number}", include_in_schema=False)
    def picture(article_id: str, number: int, request: Request) -> Response:
        """Returns the picture of an article's page, as wide as `width` asks for, to whoever may use the page."""
        if needs_sign_in and request.scope[OWNER].startswith(BROWSER):
            return JSONResponse({"error": "Sign in first."}, 401)
        width = request.query_params.get("width", "")
        try:
            found = pages.picture(article_id, number, int(width) if _WIDTH.fullmatch(width) else 0)
        except ArticleError as error:
            return JSONResponse({"error": str(error)}, 404)
        return Response(found, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
