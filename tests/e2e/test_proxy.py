"""The page behind a real nginx: under a path that is passed on or taken away, asked, and sent files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nginx import running_nginx

from e2e.browsing import Screen, Server, find_browser, free_port

# As docs/serving.md tells it.
SERVER = """
server {{
    listen 127.0.0.1:{port};
    location /reading {{
        proxy_pass http://127.0.0.1:{behind}{slash};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
        client_max_body_size 32m;
    }}
}}
"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The fake server, told the path that it is served under and who stands before it."""
    find_browser()
    library = tmp_path_factory.mktemp("behind")
    script = Path(__file__).parent / "fake_server.py"
    server = Server(
        library, script, "{port}", str(library), GRADIO_ROOT_PATH="/reading", ASSISTANT_TRUSTED_PROXIES="127.0.0.1"
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["kept", "taken away"])
def address(request: pytest.FixtureRequest, behind: Server, tmp_path: Path) -> Iterator[str]:
    """Where nginx serves the page: its path is passed on as it is, or without what it begins with."""
    behind.call("reset", True)
    port = free_port()
    slash = "" if request.param == "kept" else "/"
    text = SERVER.format(port=port, behind=behind.port, slash=slash)
    if slash:
        text = text.replace(
            "location /reading {", "location = /reading { return 307 /reading/; }\nlocation /reading/ {"
        )
    with running_nginx(tmp_path, text, f"http://127.0.0.1:{port}/reading/config"):
        yield f"http://127.0.0.1:{port}/reading"


def test_the_page_asks_and_takes_files_behind_a_proxy(
    address: str, open_page: Callable[..., Screen], tmp_path: Path
) -> None:
    tram, questions = tmp_path / "tram.txt", tmp_path / "questions.jsonl"
    tram.write_text("The tram\n\nThe tram was red.", encoding="utf-8")
    row = {"question": "Who said the engine could not be repaired?", "answers": ["Captain Ida Brandt"]}
    questions.write_text(json.dumps(row) + "\n", encoding="utf-8")
    screen = open_page(address)
    page = screen.page
    assert page.url == f"{address}/"
    assert "Ida Brandt" in screen.ask(row["question"]).inner_text()
    page.get_by_role("button", name="Add an article").click()
    page.locator("dialog input[type=file]").set_input_files(tram)
    page.get_by_role("region", name="Article").get_by_text("The tram was red.").wait_for()
    page.goto(f"{address}/evaluate")
    page.locator("#evaluate input[type=file]").set_input_files(questions)
    page.get_by_text("Chosen: questions.jsonl").wait_for()
    screen.problems[:] = [one for one in screen.problems if one != "console warning: Method not implemented."]
