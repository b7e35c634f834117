"""`python -m benchmarks.peers`: what a peer's process speaks, and the table made of it, on a fake peer and on ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.drawing import page
from benchmarks.peers.measuring import Contender, Measured, Wanted, measure
from benchmarks.peers.protocol import copies
from benchmarks.peers.running import Limits, last_line, run
from benchmarks.peers.table import Measure, as_json, cell, markdown, measures, ratio
from benchmarks.peers.texts import Asked, as_peer_article, made_articles, made_questions, recall

HERE = str(Path(__file__).parent)
FERRY = "The ferry left at noon.\n\nThe captain sold the vessel in May. Nobody had asked him to."
TIDE = "The tide was low that day.\n\nA bus went along the quay every hour."
PUBLIC = (
    [as_peer_article(FERRY), as_peer_article(TIDE)],
    [
        Asked("Who sold the vessel in May?", ("The captain sold the vessel in May.",)),
        Asked("What went along the quay?", ("A bus went along the quay every hour.", "nowhere to be found")),
    ],
)


def fake(name: str, fails: str = "") -> Contender:
    return Contender(name, f"Fake {name}", "fake_peer", options={"fails": fails} if fails else {}, path=HERE)


def wanted(seconds: float = 60.0, megabytes: float = 4000.0, **changed: object) -> Wanted:
    given = {"sizes": (), "clients": (), "public": None, "seconds": 0.3, "starts": 1, **changed}
    return Wanted(sentences=30, model=Path("nowhere"), limits=Limits(seconds, megabytes), **given)  # type: ignore[arg-type]


def measured_of(contenders: list[Contender], what: Wanted) -> dict[str, Measured]:
    return measure(contenders, what, lambda _: sys.executable, lambda _: None)


@pytest.fixture(scope="module")
def of_fake() -> Measured:
    what = wanted(sizes=(100, 250), clients=(3,), public=PUBLIC)
    return measured_of([fake("one")], what)["one"]


@pytest.mark.models  # ready-made vectors are copies of what our embedder makes
def test_every_measure_of_a_peer_is_taken(of_fake: Measured) -> None:
    assert of_fake.failures == {}
    assert set(of_fake.figures) == {m.key for m in measures((100, 250), (3,), True)} | {"quality.half"}
    assert 0 < of_fake.figures["start.opened"] <= of_fake.figures["start.answered"]
    assert 1.0 <= of_fake.figures["search.p50"] <= of_fake.figures["search.p95"]
    assert of_fake.figures["search.memory"] < 200  # of its own process alone


@pytest.mark.models
def test_recall_is_the_mean_share_of_the_supporting_sentences(of_fake: Measured) -> None:
    assert of_fake.figures["quality.recall"] == (1 + 0.5) / 2


@pytest.mark.models
def test_ours_speaks_the_same_protocol(tmp_path: Path) -> None:
    articles = tmp_path / "articles.json"
    articles.write_text(json.dumps(PUBLIC[0]), encoding="utf-8")
    plan = {
        "step": "quality",
        "model": "",
        "folder": str(tmp_path),
        "threads": 1,
        "options": {},
        "articles": str(articles),
        "questions": ["Who sold the vessel in May?"],
        "k": 5,
    }
    outcome = run([sys.executable, "-m", "benchmarks.peers.ours"], plan, Limits(120, 4000))
    assert outcome.failed == ""
    assert outcome.result["found"][0][0] == "The captain sold the vessel in May."


@pytest.mark.parametrize(
    ("fails", "reason"),
    [("hangs", "not done in 3 s"), ("falls", "RuntimeError: no such table"), ("grows", "needs more than 0.12 GB")],
)
def test_a_peer_that_fails_says_so_and_its_library_is_not_asked(fails: str, reason: str) -> None:
    got = measured_of([fake("bad", fails)], wanted(seconds=3 if fails == "hangs" else 60, megabytes=120))["bad"]
    assert got.figures == {}
    assert got.failures == {"add": reason, "start": "no library: see adding", "search": "no library: see adding"}


def test_what_cannot_be_installed_is_told_once_and_stops_nobody_else() -> None:
    asked: list[str] = []

    def python_of(contender: Contender) -> str:
        asked.append(contender.name)
        if contender.name == "bad":
            raise ValueError("no such package")
        return sys.executable

    got = measure([fake("bad"), fake("good")], wanted(public=PUBLIC), python_of, lambda _: None)
    assert asked.count("bad") == 1
    assert got["bad"].failures["add"] == got["bad"].failures["quality"] == "no such package"
    assert got["good"].failures == {}


def test_who_bears_no_threads_is_asked_one_at_a_time_and_that_is_told() -> None:
    got = measured_of([fake("one", "threads")], wanted(clients=(8,)))["one"]
    assert got.figures["clients.8.rate"] > 0
    assert got.notes == ["8 at once: behind a lock, as threads met “RuntimeError: asked from two threads”"]


def test_copies_are_the_same_for_every_size_of_batch() -> None:
    vectors = np.eye(3, 384, dtype=np.float32)
    texts = ["One.", "Two.", "Three."]
    small, large = (list(copies(250, texts, vectors, batch)) for batch in (100, 10_000))
    assert [line for lines, _ in small for line in lines] == large[0][0]
    assert len(set(large[0][0])) == 250
    assert np.array_equal(np.concatenate([own for _, own in small]), large[0][1])
    assert np.allclose(np.linalg.norm(large[0][1], axis=1), 1, atol=1e-6)


def test_the_articles_and_questions_are_the_same_each_time_and_all_different() -> None:
    articles = made_articles(250)
    lines = [line for article in articles for line in article["sentences"]]
    assert articles == made_articles(250)
    assert len(articles) == 4
    assert 200 <= len(lines) <= 300
    questions = made_questions(60, articles)
    assert questions == made_questions(60, articles)
    assert len(set(questions)) == 60


def test_recall_reads_over_white_space() -> None:
    assert recall(["A  bus\nleft."], ["A bus left.", "It came back."]) == 0.5


def test_a_ratio_tells_how_many_times_better_ours_is() -> None:
    assert ratio(Measure("search.p50", "", "ms", False), ours=5, theirs=20) == 4
    assert ratio(Measure("add.rate", "", "/s", True), ours=5, theirs=20) == 0.25


def test_a_cell_is_bold_where_ours_is_worse_and_says_why_it_is_empty() -> None:
    ours = Measured({"search.p50": 5.0, "add.rate": 400.0})
    theirs = Measured({"search.p50": 2.0}, {"add": "not done in 9 s"})
    search, rate = Measure("search.p50", "", "ms", False), Measure("add.rate", "", "/s", True)
    assert cell(search, theirs, ours) == "**2.00 ms (0.40×)**"
    assert cell(search, ours, ours) == "5.00 ms"
    assert cell(rate, theirs, ours) == "not done in 9 s"
    assert cell(Measure("size.10.p50", "", "ms", False), theirs, ours) == "–"


def test_table_json_and_page_say_the_same() -> None:
    contenders = [Contender("ours", "Ours", ""), Contender("other", "Other", "", note="as it comes")]
    measured = {
        "ours": Measured({"size.10.p50": 5.0, "size.10.rate": 900.0}),
        "other": Measured({"size.10.rate": 300.0}, {"size.10": "needs more than 12 GB"}, ["8 at once: slow"]),
    }
    lines = [m for m in measures((10,), (), False) if m.key in ("size.10.rate", "size.10.p50")]
    text = markdown(lines, contenders, measured, "Heading")
    assert "| 10 sentences, ready-made vectors added a second | 900/s | 300/s (3.00×) |" in text
    assert "| 10 sentences, median | 5.00 ms | needs more than 12 GB |" in text
    assert text.endswith("- Other: as it comes.\n- Other: 8 at once: slow.\n")
    told = as_json(lines, contenders, measured)["contenders"]
    assert isinstance(told, dict)
    assert told["other"]["ours_is_better_by"] == {"size.10.rate": 3.0}
    drawn = page(contenders, measured, (10,), (), "Heading")
    assert "Ours, 10 sentences: 5 ms" in drawn
    assert "clients at once" not in drawn


def test_what_failed_is_told_by_its_error_and_not_by_a_progress_bar() -> None:
    bar = "Loading weights: 100%|██████████| 103/103 [00:00<00:00, 9541.77it/s]"
    assert last_line(f"Traceback:\n  File\nValueError: no vectors\n{bar}\n") == "ValueError: no vectors"
    assert last_line(f"{bar}\n") == ""
