"""`python -m linkcheck`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder: a repository's `uvloop.py` must not be run
    from linkcheck.cli import main

    sys.exit(main())
