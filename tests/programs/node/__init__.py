"""Checks that need Node: `python -m tests.programs.node`, or with names behind it."""
