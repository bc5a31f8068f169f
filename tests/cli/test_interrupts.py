"""The signals that end a run, in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from linkcheck.cli.interrupts import Interrupts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
START = (
    "import os, signal, time; from linkcheck.cli.interrupts import interrupts as i; i.listen(); "
    "send = lambda: os.kill(os.getpid(), signal.SIGTERM)\n"
)


def ended(*lines: str) -> tuple[int, str]:
    command = [sys.executable, "-c", START + "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


def test_where_nothing_is_to_be_saved_the_first_ends_the_program() -> None:
    assert ended("i.add(lambda: os.write(1, b'clean'))", "send()", "print('no')") == (128 + signal.SIGTERM, "clean")


def test_the_first_is_noted_and_tells_the_code() -> None:
    assert ended("i.call(lambda: print('called'))", "with i: send()", "print(i.code)") == (0, "called\n143\n")


def test_an_action_is_called_at_once_where_a_signal_has_come() -> None:
    assert ended("with i: send()", "i.call(lambda: print('late'))", "i.call(None)") == (0, "late\n")


def test_a_second_ends_the_program_but_not_in_the_same_moment() -> None:
    assert ended("with i: send(); send(); print('one wish')")[1] == "one wish\n"
    assert ended("with i:", " send()", " time.sleep(0.4)", " send()", " print('no')") == (143, "")


def test_none_ends_a_program_that_is_about_to_end() -> None:
    assert ended("i.ignore()", "send()", "print('whole')") == (0, "whole\n")


def test_a_cleanup_that_fails_keeps_no_other_from_its_work() -> None:
    lines = ["def fail(): raise OSError", "i.add(fail)", "i.add(lambda: os.write(1, b'clean'))", "i.end(3)"]
    assert ended(*lines) == (3, "clean")


def test_a_cleanup_can_be_taken_back() -> None:
    found, cleanup = Interrupts(), list[int]().clear
    found.add(cleanup)
    found.remove(cleanup)
    assert found._cleanups == []
