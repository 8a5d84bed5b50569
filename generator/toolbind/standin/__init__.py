"""A local stand-in for Workers AI over real HTTP, for tests and for trying things out.

    from toolbind.standin import StandIn, call, say

    with StandIn([call("get_pet", {"pet_id": 7}), say("Pet 7 is sold.")]) as standin:
        ai = WorkersAI("@cf/zai-org/glm-4.7-flash", **standin.settings)

It plays a script, answers in the shape of whatever model is asked, refuses requests that
Workers AI would not take, and warns of what it takes and will regret (`standin.warnings`).
`StandIn(script, whole=True)` fails unless the script was played to its end. The pytest
fixture `workers_ai_standin` makes one that does
(`pytest_plugins = ["toolbind.standin.fixture"]` in your `conftest.py`);
`python -m toolbind.standin --script FILE` serves one. It stands alone: nothing here knows
the client that it judges. Standard library only.
"""

from __future__ import annotations

from toolbind.standin.player import Player, Received
from toolbind.standin.server import StandIn
from toolbind.standin.turns import (
    Fault,
    ScriptedCall,
    Turn,
    call,
    calls,
    exchanges,
    fault,
    load_script,
    say,
)

__all__ = [
    "Fault",
    "Player",
    "Received",
    "ScriptedCall",
    "StandIn",
    "Turn",
    "call",
    "calls",
    "exchanges",
    "fault",
    "load_script",
    "say",
]
