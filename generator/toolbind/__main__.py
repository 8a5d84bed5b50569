"""`python -m toolbind`: the same as the command `toolbind`."""

from __future__ import annotations

from toolbind.cli import main

if __name__ == "__main__":
    main()
