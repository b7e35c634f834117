"""The page behind a real nginx: under a path that is passed on or taken away, asked, and sent files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.browsing import Screen, Server, find_browser, free_port

NGINX = next(filter(None, map(shutil.which, ("nginx", "/usr/sbin/nginx"))), None)
# As docs/serving.md tells it; the other lines let it run as anybody, in a folder of its own.
CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
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
    if NGINX is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("No nginx found. Install it to run this journey.")
        pytest.skip("No nginx found: install it to run this journey.")
    behind.call("reset", True)
    port = free_port()
    slash = "" if request.param == "kept" else "/"
    text = CONFIG.format(folder=tmp_path, port=port, behind=behind.port, slash=slash)
    if slash:
        text = text.replace(
            "location /reading {", "location = /reading { return 307 /reading/; }\nlocation /reading/ {"
        )
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")]
    )
    try:
        await_reply(f"http://127.0.0.1:{port}/reading/config")
        yield f"http://127.0.0.1:{port}/reading"
    finally:
        process.terminate()
        process.wait(10)


def await_reply(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            pytest.fail(f"{url}: {error.code} {error.read()[:300]!r}")
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"nginx did not answer at {url}.")


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
