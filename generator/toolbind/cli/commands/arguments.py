"""Tool arguments as a person gives them: JSON text, a file, or stdin; and headers.

Imports `shell`."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from toolbind.cli.terminal.shell import Complaint

HOW = """write '{"limit": 5}' in single quotes, or give @FILE, or - for stdin"""
"""How arguments come through a shell."""


def read_arguments(given: str) -> dict[str, Any]:
    """The JSON object in `given`, in the file after `@`, or in stdin for `-`.

    Raises Complaint for anything that is not one JSON object.
    """
    text = _text(given)
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Complaint(f"ARGS is not JSON: {error}; {HOW}") from None
    except RecursionError:
        raise Complaint("ARGS is nested too deeply") from None
    if not isinstance(value, dict):
        raise Complaint(f"ARGS must be a JSON object; {HOW}")
    return value


_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")


def read_header(given: str) -> tuple[str, str]:
    """Name and value of `Name: value`, with the environment's text in the place of `$NAME`.

    Raises Complaint, which quotes no value, for what is no header or no variable.
    """
    name, mark, value = given.partition(":")
    if not mark or not name.strip():
        raise Complaint("--header takes 'NAME: VALUE', as in 'X-Team: blue'")

    def variable(match: re.Match[str]) -> str:
        named = match[1] or match[2]
        if named not in os.environ:
            raise Complaint(f"--header {name.strip()}: the environment has no {named}")
        return os.environ[named]

    return name.strip(), _VARIABLE.sub(variable, value.strip())


def _text(given: str) -> str:
    try:
        if given == "-":
            return sys.stdin.read()
        return Path(given[1:]).read_text("utf-8") if given.startswith("@") else given
    except OSError as error:
        raise Complaint(f"{given[1:]}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Complaint(f"{given}: is not UTF-8") from None
