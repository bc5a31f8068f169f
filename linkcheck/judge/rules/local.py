"""Rules for links that lead into the repository of their list: judged on disk, without a request, while planning."""

from __future__ import annotations

from linkcheck.contracts import Rule
from linkcheck.model import State

FILE_THERE = Rule("file-there", (State.OK,), "The file or folder is in the repository, with the place that is named.")
MISSING_FILE = Rule(
    "missing-file", (State.DEAD,), "No file of the repository has this path.", example="[guide](docs/giude.md)"
)
MISSING_FRAGMENT = Rule(
    "missing-fragment",
    (State.DEAD,),
    "The file is there, and has no such heading, anchor or line.",
    example="[install](README.md#instal)",
)
UNRELEASED = Rule(
    "unreleased",
    (State.PENDING,),
    "A link to a version of this repository that its changelog names first, and that has no tag yet.",
    "The tag is made once the change is merged.",
)

PLANNED = (FILE_THERE, MISSING_FILE, MISSING_FRAGMENT, UNRELEASED)
