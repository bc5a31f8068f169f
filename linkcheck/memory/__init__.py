"""The memory of earlier runs: facts, not verdicts, so that newer rules can judge them again."""

from __future__ import annotations

from linkcheck.memory.database import FILE as FILE
from linkcheck.memory.database import HISTORY_FILE as HISTORY_FILE
from linkcheck.memory.freshness import Freshness as Freshness
from linkcheck.memory.store import Store as Store
