"""Work aside gives what it gives in line, in a forked process and one that ends too."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from assistant.finding.aside import aside


def test_it_is_done_in_another_thread_and_its_error_is_raised_where_it_is_waited_for() -> None:
    value = aside(threading.get_ident)
    assert value() != threading.get_ident()
    failing = aside(int, "x")
    with pytest.raises(ValueError, match="invalid literal"):
        failing()


FORKING = """
import os, sys, warnings
from assistant.finding.aside import aside
warnings.simplefilter("ignore")
assert aside(len, "ab")() == 2
child = os.fork()
if not child:
    os._exit(aside(len, "abc")())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
ENDING = """
import atexit
from assistant.finding.aside import aside
aside(len, "ab")()
atexit.register(lambda: print(aside(len, "abc")()))
"""


@pytest.mark.parametrize(
    "script",
    [pytest.param(FORKING, marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked")), ENDING],
)
def test_a_process_that_was_forked_has_threads_of_its_own_and_one_that_ends_needs_none(script: str) -> None:
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (run.stdout, run.returncode) == ("3\n", 0), run.stderr
