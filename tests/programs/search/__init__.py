"""How well the tools that a request needs are found: `python -m tests.programs.search`.

The sets of requests are in `sets/`, one line a request; the README there says where they come from.
"""
