"""`make bench`: what is fast, measured. Every module of this folder with a `main` is one benchmark."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import bench

if __name__ == "__main__":
    wanted = sys.argv[1:] or sorted(m.name for m in iter_modules(bench.__path__) if m.name != "__main__")
    for name in wanted:
        print(f"\n## {name}\n")
        import_module(f"bench.{name}").main()
