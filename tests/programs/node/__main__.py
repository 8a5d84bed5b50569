"""Runs the checks that need Node, all or those named; exits with 1 if one failed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

CHECKS: Mapping[str, str] = {
    "wire_types": "tests.programs.node.wire_types",
    "pyodide": "tests.programs.node.pyodide_run",
    "workerd": "tests.programs.node.workerd_run",
    "worker": "tests.programs.node.worker_run",
    "pyright": "tests.programs.node.pyright_run",
    "overlay": "tests.programs.node.overlay_run",
    "mcp": "tests.programs.node.mcp_run",
    "corpus": "tests.programs.node.corpus_run",
}
"""Name to the module whose `main()` gives 0 when all is well."""


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        print(f"no check called {', '.join(unknown)}; there are {', '.join(CHECKS)}")
        return 2
    sys.path.insert(0, str(Path(__file__).parents[3] / "generator"))
    chosen = names or list(CHECKS)
    failed = [name for name in chosen if import_module(CHECKS[name]).main() != 0]
    told = f": {', '.join(failed)}" if failed else ""
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed{told}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
