"""`python -m toolbind.standin --script FILE`: a stand-in to point any client at."""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import suppress
from pathlib import Path

from toolbind.standin.server import StandIn
from toolbind.standin.turns import load_script

wait = threading.Event.wait


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m toolbind.standin", description=__doc__)
    parser.add_argument("--script", type=Path, required=True, help="JSON list of turns")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--chunk", type=int, default=64, help="bytes a chunk of streams; 0: random")
    parser.add_argument(
        "--once",
        action="store_true",
        help="play the script once in all, instead of once in each conversation",
    )
    given = parser.parse_args(arguments)
    try:
        script = load_script(given.script)
    except (OSError, ValueError) as error:
        parser.error(f"{given.script}: {error}")
    with StandIn(
        script, port=given.port, chunk=given.chunk, each_conversation=not given.once
    ) as standin:
        sys.stdout.write(
            "A local stand-in that plays a script; no model answers here.\n"
            f"base_url   {standin.base_url}\n"
            f"account_id {standin.account_id}\n"
            f"api_token  {standin.token}\n"
        )
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            wait(threading.Event())
    return 0


if __name__ == "__main__":
    sys.exit(main())
