"""The command line: the one shell around a pure core, and the only room with files, streams and
exit codes.

`main.py` dispatches, `commands/` holds one small file for each command, the other files are what
the commands share. May import every room; imports at the top of a file are click and the standard
library only, because a run that finds nothing changed must not pay for the rest.
"""

from __future__ import annotations

from toolbind.cli.main import main

__all__ = ["main"]
