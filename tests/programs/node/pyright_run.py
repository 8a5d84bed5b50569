"""pyright, in basic mode, over everything that is generated: no error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def main() -> int:
    """0 when pyright has nothing against generated/."""
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(
        [*command, "generated"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = json.loads(done.stdout)
    for each in found["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            print(f"{each['file']}:{line}: {each['message']}")
    summary = found["summary"]
    print(f"pyright: {summary['filesAnalyzed']} files, {summary['errorCount']} errors")
    return 1 if summary["errorCount"] else 0
