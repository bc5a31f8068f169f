"""`python -m tests.fuzz [TARGET…]`: each target for some seconds, in a process of its own; exit 1 where one failed.

Branches are watched, so that inputs which reach new ones are changed further. What fails is made smaller and kept as a
file in tests/hostile/crashes/TARGET; what reached new branches is kept in .fuzz/TARGET, where the next run begins.
FUZZ_SECONDS is the time for a target (10), FUZZ_SEED makes the order of changes another one (0).
"""

from __future__ import annotations

import hashlib
import mmap
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FrameType

from tests.fuzz import branches

if __name__ == "__main__":
    branches.watch()  # before anything of linkcheck is loaded

from tests.fuzz.mutate import PUMPED_BYTES, mutated
from tests.fuzz.targets import TARGETS, Function, Target
from tests.shared import ROOT

CRASHES, CORPUS = ROOT / "tests/hostile/crashes", ROOT / ".fuzz"
SLOW_S = 2.0  # of CPU, for 64 KB at most: the slowest that is linear takes a tenth
_HUNG_CPU_S = 4.0  # what Python can end is ended; regular expressions are
_HUNG_S = 90.0  # anything else is ended with its process
_MEMORY_BYTES = 4 << 30
_MOST_FINDINGS = 5  # of one target; the same place counts once
_MOST_KEPT = 2_000
_SLOW = "too slow"


class TooSlow(BaseException):
    """Not caught by what catches exceptions."""


def failure(run: Function, data: bytes) -> BaseException | None:
    """What `run` raises for `data`, or that it took too long."""
    started = time.process_time()
    _set_alarm(_HUNG_CPU_S)
    try:
        run(data)
    except (Exception, TooSlow) as error:
        return error
    finally:
        _set_alarm(0)
    took_s = time.process_time() - started
    return TooSlow(f"{took_s:.1f} s") if took_s > SLOW_S else None


def place(error: BaseException) -> str:
    """What tells failures apart: their kind and where they were raised, the last of our own lines if there is one."""
    if isinstance(error, TooSlow):
        return _SLOW
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/linkcheck/" in frame.filename] or frames
    return f"{type(error).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno} {frames[-1].lineno}"


def smaller(run: Function, data: bytes, where: str) -> bytes:
    """`data` without what the same failure does not need."""
    step, until = max(1, len(data) // 2), time.monotonic() + 20
    while step:
        at = 0
        while at < len(data) and time.monotonic() < until:
            rest = data[:at] + data[at + step :]
            error = failure(run, rest)
            if error is not None and place(error) == where:
                data = rest
            else:
                at += step
        step //= 2
    return data


class Fuzzer:
    def __init__(self, name: str, target: Target, last: Callable[[bytes], None] = lambda _: None) -> None:
        self.name, self.target, self._last = name, target, last
        self.executions = 0
        self.findings: dict[str, Path] = {}
        self.branches = branches.Seen()
        self.corpus = list(dict.fromkeys(target.seeds())) or [b""]
        self._kept = CORPUS / name
        self._words = list(target.words())

    def run(self, seconds: float, chance: Random) -> None:
        until = time.monotonic() + seconds
        known = [path.read_bytes() for path in sorted(self._kept.glob("*"))] if self._kept.is_dir() else []
        self.corpus = [data for data in [*self.corpus, *known] if self._is_new(data)] or self.corpus
        while time.monotonic() < until and not self._is_enough:
            data = mutated(self.corpus, self._words, chance)
            if self._is_new(data) and len(data) < PUMPED_BYTES:
                self.corpus.append(data)
        self._kept.mkdir(parents=True, exist_ok=True)
        for data in self.corpus[-_MOST_KEPT:]:
            (self._kept / _name(data)).write_bytes(data)

    @property
    def _is_enough(self) -> bool:
        """Where one input is slow, so are those made from it."""
        return len(self.findings) >= _MOST_FINDINGS or _SLOW in self.findings

    def _is_new(self, data: bytes) -> bool:
        """Whether `data` reaches what no input has reached; what fails is kept apart."""
        self.executions += 1
        self._last(data)
        error = failure(self.target.run, data)
        if error is None:
            return self.branches.adds()
        if place(error) not in self.findings:
            self._keep(data, error)
        self.branches.adds()
        return False

    def _keep(self, data: bytes, error: BaseException) -> None:
        small = data if isinstance(error, TooSlow) else smaller(self.target.run, data, place(error))
        path = keep(self.name, small)
        self.findings[place(error)] = path
        print(f"{self.name}: {path.relative_to(ROOT)} ({len(small)} bytes): {small[:200]!r}", file=sys.stderr)
        traceback.print_exception(error, limit=-6, file=sys.stderr)


def keep(name: str, data: bytes) -> Path:
    path = CRASHES / name / _name(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _alone(name: str, seconds: float) -> int:
    """Fuzz one target in this process; the input in use stands in a file, should the process be ended by it."""
    last_file = CORPUS / f"{name}.last"
    CORPUS.mkdir(exist_ok=True)
    last_file.write_bytes(bytes(PUMPED_BYTES + 8))
    _limit()
    with last_file.open("r+b") as file, mmap.mmap(file.fileno(), 0) as last:

        def note(data: bytes) -> None:
            last[: 8 + len(data)] = len(data).to_bytes(8, "little") + data

        fuzzer = Fuzzer(name, TARGETS[name], note)
        started = time.monotonic()
        fuzzer.run(seconds, Random(int(os.environ.get("FUZZ_SEED", "0"))))
        took_s = time.monotonic() - started
    last_file.unlink()
    rate = fuzzer.executions / took_s
    print(
        f"{name:22} {fuzzer.executions:9,} inputs {rate:8,.0f}/s {len(fuzzer.branches):6,} branches "
        f"{len(fuzzer.corpus):6,} kept {len(fuzzer.findings):3} findings",
        flush=True,
    )
    return 1 if fuzzer.findings else 0


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    def late(_: int, __: FrameType | None) -> None:
        raise TooSlow("it did not end")

    if sys.platform == "linux":  # macOS takes no limit of addresses
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    signal.signal(signal.SIGVTALRM, late)


def _set_alarm(cpu_s: float) -> None:
    if sys.platform != "win32" and signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL:
        signal.setitimer(signal.ITIMER_VIRTUAL, cpu_s)


def _in_a_process(name: str, seconds: float) -> bool:
    """Whether the target ran without a finding."""
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz", "--alone", name]
    try:
        code = subprocess.run(command, cwd=ROOT, timeout=seconds + _HUNG_S, check=False).returncode
    except subprocess.TimeoutExpired:
        code = -1
    if code in (0, 1):
        return code == 0
    last = (CORPUS / f"{name}.last").read_bytes()
    path = keep(name, last[8 : 8 + int.from_bytes(last[:8], "little")])
    print(f"{name}: the process ended with {code}: {path.relative_to(ROOT)}", file=sys.stderr)
    return False


def main(arguments: list[str]) -> int:
    seconds = float(os.environ.get("FUZZ_SECONDS", "10"))
    if arguments[:1] == ["--alone"]:
        return _alone(arguments[1], seconds)
    names = arguments or list(TARGETS)
    if strange := [name for name in names if name not in TARGETS]:
        print(f"no target {strange[0]}; there are {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    held = [_in_a_process(name, seconds) for name in names]  # each, whatever the others find
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
