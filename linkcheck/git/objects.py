"""The contents of files as git has stored them, by one `git cat-file --batch` for all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from linkcheck.git import process
from linkcheck.git.process import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen
    from threading import Timer
    from types import TracebackType
    from typing import IO, Self

_MOST_HEAD_BYTES = 200


class _EndedEarlyError(GitError):
    pass


class Objects:
    """Reads blobs of the repository of `folder`, each when it is asked for; to be used in a `with`.

    git is ended after `timeout_s`, also while the caller looks at what was read; then the next read runs it once more.
    A blob of more than `most_bytes` is not read.
    """

    def __init__(self, folder: Path, *, most_bytes: int, timeout_s: float = 30.0) -> None:
        self._folder, self._most_bytes, self._timeout_s = folder, most_bytes, timeout_s
        self._process: Popen[bytes] | None = None
        self._timer: Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        if self._process:
            self._process.kill()
            with suppress(OSError), self._process:  # its pipes are closed, where the last request was not yet taken
                pass
        self._process = self._timer = None

    def read(self, name: str) -> bytes | None:
        """The bytes of the blob with this object name, None if they are too many. Raises GitError."""
        try:
            return self._read(name)
        except _EndedEarlyError:
            self.__exit__(None, None, None)
            return self._read(name)

    def _read(self, name: str) -> bytes | None:
        to, answer = self._pipes()
        try:
            to.write(f"{name}\n".encode())
            to.flush()
            head = answer.readline(_MOST_HEAD_BYTES).split()
        except OSError:
            head = []
        if head[1:] == [b"missing"]:
            raise GitError(
                f"this clone has no content of the object {name}", where=str(self._folder),
                help=process.WHOLE_CLONE,
            )  # fmt: skip
        if len(head) != 3 or not head[2].isdigit():
            raise _EndedEarlyError("git cat-file ended early", where=str(self._folder))
        size = int(head[2])
        if size > self._most_bytes:
            self.__exit__(None, None, None)  # the rest of its answer is not waited for
            return None
        data = answer.read(size + 1)
        if len(data) != size + 1:
            raise _EndedEarlyError("git cat-file ended early", where=str(self._folder))
        return data[:-1]

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            from threading import Timer

            self._process = process.start(self._folder, "cat-file", "--batch")
            self._timer = Timer(self._timeout_s, self._process.kill)
            self._timer.daemon = True
            self._timer.start()
        to, answer = self._process.stdin, self._process.stdout
        assert to
        assert answer
        return to, answer
