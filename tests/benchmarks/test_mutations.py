"""Planted faults: what is changed in which code, where it stands, and that a trial tells a test that notices it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from benchmarks.mutations.__main__ import drawn, equivalent, key, planted_in, shown
from benchmarks.mutations.faults import faults_in


def changes(code: str) -> set[tuple[str, str]]:
    """Returns what is replaced by what in some code."""
    return {(fault.before, fault.after) for fault in faults_in("x.py", code)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {("<", "<="), ("<", ">=")}),
        ("a == b", {("==", "!=")}),
        ("a not in b", {("not in", "in")}),
        ("a is b", {("is", "is not")}),
        ("a < b <= c", {("<", "<="), ("<", ">="), ("<=", "<"), ("<=", ">")}),
        ("a and b", {("a and b", "(a) or (b)"), ("a and b", "(a)"), ("a and b", "(b)")}),
        ("not a", {("not a", "(a)")}),
        ("-a", {("-a", "(a)")}),
        ("a + b", {("+", "-"), ("a + b", "(a)"), ("a + b", "(b)")}),
        ("a + 'b'", {("a + 'b'", "(a)"), ("a + 'b'", "('b')"), ("'b'", '""')}),
        ("a = 3", {("3", "4"), ("3", "0")}),
        ("a = 120", {("120", "240"), ("120", "0")}),
        ("a = True", {("True", "False")}),
        ("a = 'b'", {("'b'", '""')}),
        ("a = ''", {("''", '"XX"')}),
        ("a = f'b{c}'", {("f'b{c}'", '""')}),
        ("a = b if c else d", {("c", "True"), ("c", "False")}),
        ("a = [b for b in c if d]", {("d", "True")}),
        ("a[b:c]", {("b", ""), ("c", "")}),
        ("a[0]", {("0", "-1"), ("0", "1")}),
        ("x = max(a, b)", {("max", "min"), ("max(a, b)", "a"), ("max(a, b)", "b")}),
        ("x = sorted(a, key=b)", {("sorted(a, key=b)", "list(a)"), ("sorted(a, key=b)", "sorted(a)")}),
        ("x = a.lower()", {("a.lower()", "a")}),
        ("x = a.search(b)", {("search", "match")}),
        ("x = re.compile('a', re.I)", {("'a'", 'r"(?!)"'), ("'a'", '""'), ("re.I", "0")}),
        ("a += b", {("a += b", "pass")}),
        ("a()", {("a()", "pass")}),
        ("raise a", {("raise a", "pass")}),
        ("while a:\n    break", {("a", "False"), ("break", "continue")}),
    ],
)
def test_each_kind_of_code_has_its_faults(code: str, expected: set[tuple[str, str]]) -> None:
    assert changes(code) == expected


def test_what_only_tells_something_has_none() -> None:
    code = '"""Docs."""\nfrom a import b\n__all__ = ["c"]\nKind = Literal["d", "e"]\n\n\ndef f(x: "y") -> "z":\n    """More."""\n'
    assert changes(code) == set()


def test_a_fault_knows_its_line_whatever_letters_stand_before_it() -> None:
    code = "# “quoted”\nname = 'é' if ok else b\n"
    faults = faults_in("x.py", code)
    assert [(fault.before, fault.line, fault.code) for fault in faults] == [
        ("'é'", 2, "name = 'é' if ok else b"),
        ("ok", 2, "name = 'é' if ok else b"),
        ("ok", 2, "name = 'é' if ok else b"),
    ]
    assert faults[0].planted(code.encode()).decode() == '# “quoted”\nname = "" if ok else b\n'


def test_the_lot_depends_on_the_seed_and_on_nothing_else() -> None:
    faults = planted_in(["finding/subject"])
    assert len(faults) > 20
    first = sorted(faults, key=lambda fault: drawn(fault, 1))
    turned = list(reversed(faults))
    backwards = sorted(turned, key=lambda fault: drawn(fault, 1))
    assert [key(fault) for fault in first] == [key(fault) for fault in backwards]
    assert [key(fault) for fault in first] != [key(fault) for fault in sorted(faults, key=lambda f: drawn(f, 2))]
    assert all("\n" not in shown(fault) for fault in faults)


def test_what_is_said_to_change_nothing_still_stands_in_the_code() -> None:
    rooms = {path for path, *_ in equivalent()}
    known = {key(fault) for path in rooms for fault in faults_in(path, (ROOT / path).read_text(encoding="utf-8"))}
    assert equivalent() <= known


# Run by a process of its own, as the command is: one forked from a run of all tests would have their modules and their locks.
TRIAL = """
import sys
from pathlib import Path
from benchmarks.mutations.faults import faults_in
from benchmarks.mutations.trials import Copy

folder, path, test = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
copy = Copy(folder)
content = (folder / path).read_bytes()
fault = next(f for f in faults_in(path, content.decode()) if (f.before, f.after) == ("2", "0"))
print(copy.tests_of(path)[0] == [test], repr(copy.failing([test])), copy.caught_by(fault, 1), (folder / path).read_bytes() == content)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a trial is a forked process")
def test_a_trial_names_the_test_that_notices_a_fault_and_leaves_the_code_as_it_was(tmp_path: Path) -> None:
    path, test = "assistant/finding/subject.py", "tests/finding/test_subject.py"
    before = (ROOT / path).read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", TRIAL, str(tmp_path), path, test], cwd=ROOT, capture_output=True, text=True
    )
    own, failing, caught, as_it_was = run.stdout.split()
    assert (own, failing, as_it_was) == ("True", "''", "True"), run.stderr
    assert "test_subject.py::test_the_two_likest" in caught
    assert (ROOT / path).read_bytes() == before
