"""Regular expressions that are compiled when they are first used.

A hook needs few of the two hundred that its modules have, and compiling one takes 0.1 to 2 ms.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, but compiled on its first use. An error in the pattern is raised then."""
    return cast("re.Pattern[AnyStr]", LazyPattern(pattern, flags))


class LazyPattern:
    """Stands for a compiled pattern: after the first use its methods are those of the pattern itself."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._source = pattern, flags

    def compiled(self) -> re.Pattern[Any]:
        return re.compile(*self._source)

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there: until the pattern is compiled, and for its less usual attributes."""
        compiled = self.compiled()
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)
