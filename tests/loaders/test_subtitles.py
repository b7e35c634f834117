"""Subtitles: sentences across cues, each with the time where it begins; speakers stand before what they say."""

from __future__ import annotations

import pytest
from conftest import ROOT

from assistant.adding import article_of, with_sentences
from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.subtitles import load_subtitles

FILES = ROOT / "tests" / "loaders" / "files"


def said(name: str) -> list[tuple[str, str]]:
    loaded = load_bytes((FILES / name).read_bytes(), name)
    article = with_sentences(article_of(loaded), loaded.marks)
    return [(s.place, s.text) for s in article.sentences]


def srt(*cues: tuple[str, str]) -> bytes:
    return "\n".join(f"{n}\n{times}\n{text}\n" for n, (times, text) in enumerate(cues, 1)).encode()


def test_a_sentence_has_the_time_of_the_cue_where_it_begins() -> None:
    assert said("film.srt") == [
        ("00:00:01", "The mill was built in 1871."),
        ("00:00:03", "It burned down ten years later."),
        ("00:00:06", "Nobody was hurt."),
        ("00:12:03", "Today it is a museum."),
    ]
    assert said("voices.vtt") == [
        ("00:00:01", "Ann Lee: We began in May."),
        ("00:00:01", "I was alone then."),
        ("00:00:07", "Bo: I came later & stayed."),
        ("01:00:00", "All of us did."),
    ]


def test_what_speakers_of_a_film_say_is_theirs() -> None:
    cues = [
        (f"00:00:{2 * n:02},000 --> 00:00:{2 * n + 1:02},000", f"{name}: I saw it {n} times.")
        for n, name in enumerate(["ANN LEE", "BO RAY", "ANN LEE", "BO RAY"])
    ]
    loaded = load_subtitles(srt(*cues), "a.srt")
    article = with_sentences(article_of(loaded), loaded.marks)
    assert [(s.speaker, s.place) for s in article.sentences] == [
        ("Ann Lee", "00:00:00"), ("Bo Ray", "00:00:02"), ("Ann Lee", "00:00:04"), ("Bo Ray", "00:00:06"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{\\an8}<i>One</i> <font color='red'>two</font>", "One two"),
        ("5 < 6 and <b>7</b> > 3", "5 < 6 and 7 > 3"),
        ("Fish &amp; chips<00:00:01.500> now", "Fish & chips now"),
        (">> ANN: Yes.", "Ann: Yes."),
        ("MARY-ANN O’NEIL: Yes.", "Mary-Ann O’Neil: Yes."),
        ("- Yes.\n- No.", "Yes.\n\nNo."),
        ("It is -5 today", "It is -5 today"),
        ("Soon:\nit ends", "Soon: it ends"),
    ],
)
def test_tags_go_and_speakers_stay(text: str, shown: str) -> None:
    assert load_subtitles(srt(("00:00:01,000 --> 00:00:02,000", text)), "a.srt").text == shown


def test_captions_without_full_stops_are_parted_where_they_are_long() -> None:
    cues = [(f"00:00:{n:02},000 --> 00:00:{n + 1:02},000", f"words {n} and " * 8) for n in range(40)]
    loaded = load_subtitles(srt(*cues), "a.srt")
    assert max(block.end - block.start for block in loaded.blocks) <= 1200
    assert len(loaded.blocks) == 4


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Once upon a time.", "has no times"),
        (srt(("00:00:01,000 --> 00:00:02,000", "")), "is empty: there are times in it, but no words"),
        (b"\x00\x01\x02", "is binary"),
    ],
)
def test_what_holds_no_subtitles_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=rf"^a\.srt {message}"):
        load_subtitles(data, "a.srt")
