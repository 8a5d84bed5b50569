"""The models of a client that openapi-python-client made, imported. Runs in the peer's environment;
prints seconds as JSON."""

import importlib
import json
import sys
import time

sys.path.insert(0, sys.argv[1])
started = time.perf_counter()
importlib.import_module(f"{sys.argv[2]}.models")
print(json.dumps({"models": time.perf_counter() - started}))
