"""Checks that need Node: `python -m tests.node`, or with names behind it."""
