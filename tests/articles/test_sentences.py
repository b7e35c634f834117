from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.articles.blocks import Block, split_blocks
from assistant.articles.sentences import MAX_CHARACTERS, split_sentences

ROOT = Path(__file__).resolve().parents[2]
MARK = "‖"

PIECES = st.sampled_from(
    [
        *"‘’“”\"'«»()[]…—.!?;:,-#*|>=\n\t \x00\x0b\x0c\u2028\u00a0\ud800。！؟",
        "Mr. ",
        "e.g. ",
        "J. R. ",
        "3.14",
        "A word ",
        "said Ann. ",
        "\r\n",
        "\n\n",
        "1. ",
        "- ",
        "## ",
        "''",
        "``",
        "王说：",
        "قال ",
    ]
)


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
@example("")
@example("\n\n \t\n")
@example('"')
@example("# \n# \n")
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    sentences = split_sentences(text)
    covered = "".join(sentence.text for sentence in sentences)
    assert [c for c in covered if not c.isspace()] == [c for c in text if not c.isspace()]
    for position, sentence in enumerate(sentences):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip() != ""
        assert sentence.position == position
        assert len(sentence.text) <= MAX_CHARACTERS
        assert (sentence.speaker, sentence.page) == ("", None)
    for before, after in pairwise(sentences):
        assert before.end <= after.start


@given(st.lists(PIECES, max_size=60).map("".join))
def test_blocks_cover_the_text_in_order(text: str) -> None:
    blocks = list(split_blocks(text))
    assert all(before.end <= after.start for before, after in pairwise(blocks))
    covered = "".join(text[block.start : block.end] for block in blocks)
    assert [c for c in covered if not c.isspace()] == [c for c in text if not c.isspace()]


@pytest.mark.parametrize(
    "marked",
    [
        "Dr. Lee met Mr. J. R. Poe at 5 p.m. in St. Ives.‖ It rained.",
        "It cost $2.4 million, i.e. 3.5% more.‖ Nobody paid.",
        "She lives in the U.S.‖ The winters are mild.",
        "See Fig. 3 and pp. 4–9, cf. Sec. 2.1.‖ Then stop.",
        "Smith et al. disagree.‖ Why?‖ Nobody knows!",
        "He waited… and left.‖ Nobody came…‖ Then it snowed.",
        "“One is enough.‖ Two are too many,” he said.‖ She nodded.",
        "“Is it true?” asked Ann.‖ “It is!” Bob cried.‖ “Well,” said Ann, “then go.”",
        "‘It’s the boys’ room,’ he said.‖ ‘Go.’",
        "«Se fue.‖ No sé adónde», dijo Ana.‖ ¿Quién?‖ ¡Tú!",
        "The end.[3]‖ Another start.[4][5]‖ Done.",
        "It has no rivals.2‖ Others tried.",
        "Is 3.0 out?‖ No.‖ He checked.‖ See No. 7 for more.",
        "He wrote (see p. 3. It is short) a book.‖ It sold.",
        "We heard it , '' said Ash .‖ `` But where ?‖ Nowhere . ''‖ It ended .",
        'They disagree .‖ " It was salt , " says one .‖ " No ! " says another .',
        "今天不行。‖明天再来吧！‖“好。”他说。‖再见。",
        "هل وصل القطار؟‖ لا.‖ سننتظر.",
        "so it died...‖ any ideas??‖ its old.‖ i tried all.",
        "She loves it!‖Works great.‖ Bought for mom.‖She said so.",
    ],
)
def test_a_paragraph_is_cut_where_its_sentences_end(marked: str) -> None:
    expected = [part.strip() for part in marked.split(MARK)]
    assert texts(marked.replace(MARK, "")) == expected


def test_wrapped_lines_belong_together_and_a_blank_line_parts() -> None:
    text = (
        "The old woman had lived so long beside the marsh that she knew the\n"
        "names of all the frogs. There was Grumble, who was fat, and Pip, who was\n"
        "not. Every evening they came up to her door, one by one, and sang to her\n"
        "of rain.\n\n"
        "She listened."
    )
    assert texts(text) == [
        "The old woman had lived so long beside the marsh that she knew the\nnames of all the frogs.",
        "There was Grumble, who was fat, and Pip, who was\nnot.",
        "Every evening they came up to her door, one by one, and sang to her\nof rain.",
        "She listened.",
    ]


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = (
        "The pier closes in May after one hundred and forty years of service to the town\nIt is rotten.\nNobody minds"
    )
    assert texts(text) == text.split("\n")


def test_headings_lists_and_tables_are_sentences_of_their_own_with_their_section() -> None:
    text = (
        "# Kilns\n\nRead this first.\n\n## What you need ##\n\n- a level floor\n- one 16 A socket (see Sec. 4.2)\n\n"
        "## Steps\n1. Open the box. Check it.\n2. Screw the legs on\n\n| Cone | Temp. |\n| --- | --- |\n\n# Contact\nCall us."
    )
    assert [(sentence.text, sentence.section) for sentence in split_sentences(text)] == [
        ("# Kilns", ""),
        ("Read this first.", "Kilns"),
        ("## What you need ##", "Kilns"),
        ("- a level floor", "What you need"),
        ("- one 16 A socket (see Sec. 4.2)", "What you need"),
        ("## Steps", "Kilns"),
        ("1. Open the box.", "Steps"),
        ("Check it.", "Steps"),
        ("2. Screw the legs on", "Steps"),
        ("| Cone | Temp. |", "Steps"),
        ("| --- | --- |", "Steps"),
        ("# Contact", ""),
        ("Call us.", "Contact"),
    ]


def test_plain_headings_stand_alone_between_blank_lines_or_are_underlined() -> None:
    text = "The Village Fair\n\nIt opens at 10 a.m. on Friday.\n\nPrizes\n======\n\nFirst prize: a goose\nSecond prize: none"
    assert [(sentence.text, sentence.section) for sentence in split_sentences(text)] == [
        ("The Village Fair", ""),
        ("It opens at 10 a.m. on Friday.", "The Village Fair"),
        ("Prizes\n======", ""),
        ("First prize: a goose", "Prizes"),
        ("Second prize: none", "Prizes"),
    ]


def test_a_by_line_or_a_date_of_change_opens_no_section() -> None:
    text = "Costs\n\nBy Jane Doe, Staff Writer\n\nIt was dear.\n\nUpdated 3 May 2020\n\nBy Sea\n\nIt fell."
    assert [(sentence.text, sentence.section) for sentence in split_sentences(text)] == [
        ("Costs", ""),
        ("By Jane Doe, Staff Writer", "Costs"),
        ("It was dear.", "Costs"),
        ("Updated 3 May 2020", "Costs"),
        ("By Sea", ""),
        ("It fell.", "By Sea"),
    ]


def test_code_between_fences_is_cut_by_line_and_holds_no_heading() -> None:
    text = "Run this:\n\n```\n# not a heading\nmake run\n```\n\nThen wait."
    assert [(s.text, s.section) for s in split_sentences(text)] == [
        ("Run this:", ""),
        ("```", ""),
        ("# not a heading", ""),
        ("make run", ""),
        ("```", ""),
        ("Then wait.", ""),
    ]


def test_turns_of_a_play_or_transcript_are_cut_by_line() -> None:
    text = "MARTA: Is anyone there?\nOLD MAN: Only me. And the mice.\n[00:04:12] HOST: Right\nGUEST: uh yes"
    assert texts(text) == [
        "MARTA: Is anyone there?",
        "OLD MAN: Only me.",
        "And the mice.",
        "[00:04:12] HOST: Right",
        "GUEST: uh yes",
    ]


def test_a_sentence_without_end_is_cut_at_clauses() -> None:
    text = "and then, " * 1000
    sentences = split_sentences(text)
    assert all(MAX_CHARACTERS // 2 < len(s.text) <= MAX_CHARACTERS for s in sentences[:-1])
    assert all(s.text.endswith("then,") and s.text.startswith("and") for s in sentences)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        '"' * 300_000,
        "a" + "!" * 300_000,
        "“a. " * 20_000,
        "Mr. " * 20_000,
        "\x00" * 300_000,
        "(" * 300_000,
        "# \n" * 5_000,
        "The pier closes in May. Dr. Lee said so.\n" * 2_500,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_and_large_texts_take_seconds(text: str) -> None:
    started = time.process_time()
    sentences = split_sentences(text)
    assert time.process_time() - started < 10
    assert sum(len(s.text.replace(" ", "")) for s in sentences) >= len(text.replace(" ", "").replace("\n", "")) * 0.99


def test_importing_it_loads_no_heavy_library() -> None:
    code = (
        "import sys; from assistant.articles.sentences import split_sentences; split_sentences('A b. C d.'); "
        "print([m for m in ('torch', 'numpy', 'onnxruntime', 'nltk') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"


def test_the_sample_article_has_its_sentences() -> None:
    text = (ROOT / "index" / "articles" / "russias-102nd-base-in-armenia.txt").read_text(encoding="utf-8")
    sentences = split_sentences(text)
    assert len(sentences) == 19
    assert sentences[2].text.startswith("‘The question of withdrawing")
    assert sentences[3].text.startswith("This is clearly stated")
    assert {sentence.section for sentence in sentences} == {""}


def test_labelled_boundaries_are_found() -> None:
    """Floors over six kinds of text, a little under what `python -m benchmarks.segmenters` prints."""
    counts: dict[str, list[int]] = {}
    for line in (ROOT / "tests" / "quality" / "boundaries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        expected = _ends(row["marked"].split(MARK))
        found = _ends(texts(row["marked"].replace(MARK, "")))
        for key in (row["kind"], "all"):
            right, given_total, total = counts.setdefault(key, [0, 0, 0])
            counts[key] = [right + len(found & expected), given_total + len(found), total + len(expected)]
    assert len(counts) == 7
    assert counts["all"][2] >= 300
    for key, (right, given_total, total) in counts.items():
        f1 = 2 * right / (given_total + total)
        assert f1 >= (0.98 if key == "all" else 0.95), (key, f1)


def _ends(parts: list[str]) -> set[int]:
    ends, count = set(), 0
    for part in parts:
        count += sum(not character.isspace() for character in part)
        ends.add(count)
    return ends - {0, count}


def test_blocks_that_a_format_tells_hold_against_what_the_text_looks_like() -> None:
    text = "Prices\nBread: 2.50. Milk: 1.10.\nif x: return\nA. B says so. We go."
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n"), len(text) + 1]
    kinds = [Block(0, 0, 2), Block(0, 0, kind="row"), Block(0, 0, kind="code"), Block(0, 0)]
    blocks = [replace(b, start=s, end=e - 1) for b, s, e in zip(kinds, starts, starts[1:], strict=False)]
    sentences = split_sentences(text, blocks=blocks)
    assert [s.text for s in sentences] == [
        "Prices", "Bread: 2.50. Milk: 1.10.", "if x: return", "A. B says so.", "We go.",
    ]  # fmt: skip
    assert [s.section for s in sentences] == ["", "Prices", "Prices", "Prices", "Prices"]
