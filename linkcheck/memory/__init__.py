"""What was seen in earlier runs: facts, not verdicts, so that newer rules may judge them anew."""

from __future__ import annotations

from linkcheck.memory.database import FILE as FILE
from linkcheck.memory.store import Store as Store
