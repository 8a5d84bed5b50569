"""Writes the tools of the module `sys.argv[2]` of the package `sys.argv[1]` to the file
`sys.argv[3]`, each as the JSON text that a request holds, one a line."""

import importlib
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder.parent))
module = importlib.import_module(f"{folder.name}.{sys.argv[2]}")
with Path(sys.argv[3]).open("w", encoding="utf-8") as lines:
    for tool in module.TOOLS:
        lines.write(json.dumps(tool, ensure_ascii=False, separators=(",", ":")) + "\n")
