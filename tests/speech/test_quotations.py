"""Quotations are told from apostrophes, by their marks alone; those that do not end, or go on, are known as such."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.quotations import MAX_QUOTATION, Quotation, find_quotations


def shown(text: str) -> list[str]:
    """Returns the quotations of a text: "& " before one that goes on from the one before it, " …" behind one without end."""
    return [
        ("& " if q.continues else "") + text[q.start : q.end] + ("" if q.closed else " …")
        for q in find_quotations(text)
    ]


# fmt: off
CASES: list[tuple[str, list[str]]] = [
    ('the ‘Times’ and the ‘Post’', ['‘Times’', '‘Post’']),
    ('‘Tell ’em I’m James’ friend,’ he said.', ['‘Tell ’em I’m James’ friend,’']),
    ('It’s the ’90s. ‘90s music.', []),
    ('’Tis late, and ’TWAS later.', []),
    ('He said "a" and "b c".', ['"a"', '"b c"']),
    ('“a ‘b’ c” «d» „e“ 「f」 『g』', ['“a ‘b’ c”', '«d»', '„e“', '「f」', '『g』']),
    ('„a” and „b“', ['„a”', '„b“']),
    ("Ann 's dog said `` no . ''", ["`` no . ''"]),
    ("`` a '' b '' c", ["`` a ''"]),
    ("`` a “ b ” c ''", ["`` a “ b ” c ''"]),
    ("don't won't can't", []),
    ('“One.\n\n“Two.” Three.', ['“One. …', '& “Two.”']),
    ('“One.\n\n“Two.\n\n“Three.” Four.', ['“One. …', '& “Two. …', '& “Three.”']),
    ('“One. More.\n\nTwo.', ['“One. …']),
    ('“One.\n\nTwo “three.”', ['“One. …', '“three.”']),
    ('“One two”\n\n“Three four', ['“One two”', '“Three four …']),
    ('“One.\n\n\n\n“Two.”', ['“One. …', '& “Two.”']),
    ('“One.” She left.\n\n“Two.”', ['“One.”', '“Two.”']),
    ('“One. She left.\n\n“Two.”\n\n“Three.”', ['“One. She left. …', '& “Two.”', '“Three.”']),
    ('“no end here\n\nNext.', ['“no end here …']),
    ('“No end! Next one.', ['“No end! …']),
    ('“No end? Next one.', ['“No end? …']),
    ('“No end… Next one.', ['“No end… …']),
    ('“No end.5 is not one. Next.', ['“No end.5 is not one. …']),
    ('“One\ntwo three,” he said.', ['“One\ntwo three,”']),
    ('“One\ntwo three” he said.', ['“One …']),
    ('“One\ntwo “three,” he said.', ['“One …', '“three,”']),
    ('“One\n\ntwo three,” he said.', ['“One\n\ntwo three,”']),
    ('‘One\ntwo three,’ he said.', ['‘One\ntwo three,’']),
    ('‘One\nboys’ three,’ he said.', ['‘One …']),
    ('“One\ntwo \n three,” he said.', ['“One …']),
    ('a “b ‘c” d', ['“b ‘c”']),
    ('a “b “c” d” e', ['“b “c” d”']),
    ('a «b «c» d» e', ['«b «c» d»']),
    ('a “b “c” d', ['“b “c” d …']),
    ('‘a ‘b,’ c,’ d', ['‘a ‘b,’ c,’']),
    ("'a' and 'b c' don't", ["'a'", "'b c'"]),
    ("('a') ['b'] —'c' –'d' -'e' “'f'”", ["'a'", "'b'", "'c'", "'e'", "“'f'”"]),
    ("x'a' y'", []),
    ("Go 'a b", ["'a b …"]),
    ("' a '", []),
    ("the boys' room and the girls' room", []),
    ("'the boys' room,' he said", ["'the boys' room,'"]),
    ('‘the boys’ room,’ he said', ['‘the boys’ room,’']),
    ('‘the boys’ and girls’ room,’ he said', ['‘the boys’ and girls’ room,’']),
    ('‘the boys’, he said', ['‘the boys’']),
    ('‘the boys’. Then ‘the girls’ went', ['‘the boys’', '‘the girls’']),
    ('‘the man’ went. ‘Go.’', ['‘the man’', '‘Go.’']),
    ('‘the man’s hat.’', ['‘the man’s hat.’']),
    ('‘I saw James’', ['‘I saw James’']),
    ('‘I saw James’ hat and', ['‘I saw James’']),
    ('‘no. close’ to it.’', ['‘no. close’']),
    ('He said " a " and "b".', ['" a "', '"b"']),
    ('"a"b"c" d', ['"a"', '"c"']),
    ('("a") ["b"] —"c" –"d" -"e"', ['"a"', '"b"', '"c"', '"d"', '"e"']),
    ('5" and 6" wide', []),
    ('"One.\n\n"Two."', ['"One. …', '& "Two."']),
    ('a "b\n\nc "d" e', ['"b …', '"d"']),
    ('"a', ['"a …']),
    ('a"', []),
    ('“”', ['“”']),
    ('“', ['“ …']),
    ('“a', ['“a …']),
    ('', []),
    ('“a “b', ['“a “b …']),
    ('“a.” “b” “c', ['“a.”', '“b”', '“c …']),
    ('“One. \n\n  “Two.”', ['“One.  …', '& “Two.”']),
    ('“One.                         “Two.”', ['“One. …', '“Two.”']),
    ('“One. More\nTwo” b', ['“One. …']),
    ('» a « b', ['« b …']),
    ('“a.\n\nb.\n\nc” d', ['“a. …']),
    ('“a\nb ‘c” d', ['“a …', '‘c” d …']),
    ("“a\nb'' c” d", ['“a …']),
    ('“ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab . End.', ['“ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab . …']),
    ('‘It was James’. He left,’ he said.', ['‘It was James’']),
    ('‘the man’ left,’ he said.', ['‘the man’']),
    ('“the boys” came, we won.”', ['“the boys”']),
    ('“for the boys” and “for the girls”', ['“for the boys”', '“for the girls”']),
    ('“One ‘two’ three\nfour,” he said.', ['“One ‘two’ three\nfour,”']),
    ('"One\ntwo," he said.', ['"One\ntwo,"']),
    ("'a 'b' c'", ["'a 'b'"]),
    ("'a 'b,' c,' d", ["'a 'b,'"]),
    ('‘no boys’.’ End.’', ['‘no boys’']),
    ('‘boys’ a’s’', ['‘boys’']),
    ('“x” a\n\n‘boys’ b,’ c', ['“x”', '‘boys’ b,’']),
    ('y" "a" "b', ['"a"', '"b …']),
    ('(" a', []),
    ('a\n\n"b" c\n\nd "e" f', ['"b"', '"e"']),
    ('a "b\n\n"c" d', ['"b …', '& "c"']),
    ("'a 'b c,' d", ["'a 'b c,'"]),
    ("a' b 'c' d", ["'c'"]),
    ("a 'em b 'til c", []),
    ("abc's 'x' d's", ["'x'"]),
    ('“ab”c’s', ['“ab”']),
    ("x'90s 'a b'", ["'a b'"]),
]
# fmt: on


@pytest.mark.parametrize(("text", "quotations"), CASES)
def test_quotations(text: str, quotations: list[str]) -> None:
    assert shown(text) == quotations


def test_a_quotation_is_closed_and_begins_anew_unless_it_is_said_otherwise() -> None:
    assert Quotation(1, 2) == Quotation(1, 2, closed=True, continues=False)


def test_one_without_end_goes_to_its_full_stop_or_is_short() -> None:
    assert shown("“" + "ab " * 100 + ". End.") == ["“" + "ab " * 100 + ". …"]
    assert shown("“" + "ab " * 1400 + ". End.") == [("“" + "ab " * 1400)[:201] + " …"]
    assert shown("“" + "a " * 300) == [("“" + "a " * 300)[:201] + " …"]


@pytest.mark.parametrize(("n", "closed"), [(MAX_QUOTATION - 1, True), (MAX_QUOTATION, False)])
def test_a_quotation_has_at_most_so_many_characters(n: int, closed: bool) -> None:
    (found,) = find_quotations("“" + "a" * n + "” b")
    assert found.closed is closed
    (below,) = find_quotations(f"x “a.\n{'b' * (n - 4)},” c")
    assert below.closed is closed


@pytest.mark.parametrize(("n", "closed"), [(39, True), (40, False)])
def test_a_quotation_holds_at_most_so_many_marks(n: int, closed: bool) -> None:
    assert find_quotations("“a. " + "‘b’ " * n + "c” d")[0].closed is closed
    assert find_quotations("“a.\n" + "‘b’ " * n + "c,” d")[0].closed is closed


@pytest.mark.parametrize("before", ["x " * 2500, "“a b” c. " * 60])
def test_what_stands_before_a_quotation_does_not_count(before: str) -> None:
    assert shown(before + "“a b c” d")[-1] == "“a b c”"
    assert shown(before + "\n\n“a\nb c,” d")[-1] == "“a\nb c,”"
    assert shown(before + "\n\n“a b. c")[-1] == "“a b. …"


@given(st.lists(st.sampled_from([*"“”‘’\"'«».a \n", "``", "''", "boys’ ", "\n\n"]), max_size=40).map("".join))
def test_quotations_stand_in_order_and_begin_with_a_mark(text: str) -> None:
    found = find_quotations(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[q.start] in "“”‘«„「『`\"'" for q in found)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(not before.closed for before, after in pairwise(found) if after.continues)
