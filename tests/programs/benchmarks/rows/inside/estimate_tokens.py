"""What the generator estimates for the tools in a file that `list_tools.py` wrote, as JSON."""

import json
import sys
from pathlib import Path

from toolbind.lower.fit.tokens import of_text

lines = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")
print(json.dumps([of_text(line) for line in lines if line]))
