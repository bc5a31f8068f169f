"""A process that remembers: `python -m tests.memory.worker FOLDER NAME ROUNDS SIZE`.

In each round it looks at SIZE links of its own, commits them, ends its run, writes them into the history, and prints
the last of them. It begins when the file `go` is there, so that several begin at once.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from linkcheck.cli import files
from linkcheck.memory import Store, history
from tests.memory.values import record, urls


def main(folder: Path, name: str, rounds: int, size: int) -> None:
    while not (folder / "go").exists():
        time.sleep(0.001)
    path = folder / "reports" / history.FILE
    mine = urls(name, rounds * size)
    for at in range(0, rounds * size, size):
        now = datetime.now(UTC)
        with Store(folder / "memory", history_file=path) as memory:
            memory.recall(mine, now)
            for url in mine[at : at + size]:
                memory.keep(url, record(now, url=url).evidence, now)
                memory.commit()
            for url in mine[at : at + size]:
                memory.remember(record(now, url=url))
            memory.finish(is_interrupted=False)
        notices = memory.notices + history.update(path, memory.records, files.write, now)
        sys.stderr.write("".join(f"{notice.text}\n" for notice in notices))
        print(mine[at + size - 1], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
