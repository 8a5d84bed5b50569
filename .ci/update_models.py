"""Writes the tables of Workers AI models from a models.json: `python .ci/update_models.py PATH`.

Two tables come out, because the stand-in shares nothing with the code that it judges:
generator/toolbind_runtime/ai/table.py for generated packages, and
generator/toolbind/standin/families.py for the stand-in. `--check` writes nothing and exits 1 when
a table is not what the file says.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import black

ROOT = Path(__file__).resolve().parent.parent
RUNTIME_TABLE = ROOT / "generator" / "toolbind_runtime" / "ai" / "table.py"
STANDIN_TABLE = ROOT / "generator" / "toolbind" / "standin" / "families.py"

PRICES = {"@cf/zai-org/glm-4.7-flash": [0.0605, 0.4]}
"""US dollars for a million tokens in and out, where Cloudflare's price list was at hand."""

RUNTIME_HEAD = '''"""Workers AI models as of {as_of}: family, limits, reasoning, prices.

Data only, written by .ci/update_models.py. Models that are not listed work by the shape
of their answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Required, TypedDict

Family = Literal["chat", "chat+responses", "native", "native-nested", "native-in-chat-out"]


class ModelRow(TypedDict, total=False):
    """One model that can call functions. Keys at their defaults are left out."""

    family: Required[Family]
    context_window: int  # tokens; absent: not known
    efforts: list[str]  # values that reasoning_effort takes
    switches: list[str]  # keys of chat_template_kwargs that turn reasoning on and off
    always_reasons: bool
    price: list[float]  # US dollars for a million tokens in and out; absent: not known
    free_plan: bool  # absent: not stated
    per_minute: int  # requests that an account may send; absent: 300
    by_form: bool  # access is asked for with a form on the model's page
    deprecated: str


'''

STANDIN_HEAD = '''"""Which body each Workers AI model takes and gives.

Data only, written by .ci/update_models.py: the stand-in shares no table with what it judges.
"""

from __future__ import annotations

from collections.abc import Mapping

'''


def reasoning(text: str) -> dict[str, Any]:
    """The note on reasoning of models.json as fields."""
    efforts = re.match(r"[a-z]+(\|[a-z]+)+", text)
    switches = [key for key in ("enable_thinking", "thinking") if re.search(rf"\b{key}\b", text)]
    if "on/off" in text:
        switches.append("enable_thinking")
    return {
        "efforts": efforts.group().split("|") if efforts else [],
        "switches": switches,
        "always_reasons": "cannot be off" in text,
    }


def ending(model: dict[str, Any]) -> str:
    """The note on a model's end, without its source."""
    return re.sub(r" \(release note [^)]*\)", "", model["deprecated"] or "")


def row(name: str, model: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "family": model["family"],
        "context_window": model["context_window"],
        **reasoning(model.get("reasoning", "")),
        "price": PRICES.get(name),
        "deprecated": ending(model),
        "per_minute": model.get("per_minute"),
        "by_form": model.get("access") == "form",
    }
    kept = {key: value for key, value in fields.items() if value}
    return kept | ({"free_plan": model["free_plan"]} if "free_plan" in model else {})


def tables(data: dict[str, Any]) -> dict[Path, str]:
    """The text of both files."""
    models = sorted(data["models"].items())
    able = {name: row(name, model) for name, model in models if model["function_calling"]}
    unable = {name: ending(model) for name, model in models if not model["function_calling"]}
    runtime = (
        RUNTIME_HEAD.replace("{as_of}", data["as_of"].split(",")[0])
        + f"MODELS: Mapping[str, ModelRow] = {able!r}\n\n"
        + f"WITHOUT_FUNCTION_CALLING: Mapping[str, str] = {unable!r}\n"
        + '"""Name to a note on its end, or nothing."""\n\n'
        + f"OTHER_KINDS: Mapping[str, str] = {data['other_kinds']!r}\n"
        + '"""Models that hold no conversation, and what they are."""\n\n'
        + f"DEFAULT_MODEL = {data['default']['any_plan']!r}\n"
    )
    families = {name: model["family"] for name, model in models}
    standin = (
        STANDIN_HEAD
        + f"FAMILIES: Mapping[str, str] = {families!r}\n\n"
        + f"FUNCTION_CALLING: frozenset[str] = frozenset({sorted(able)!r})\n"
    )
    return {
        RUNTIME_TABLE: black.format_str(runtime, mode=black.Mode()),
        STANDIN_TABLE: black.format_str(standin, mode=black.Mode(line_length=100)),
    }


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    source = Path(paths[0]) if paths else ROOT / "tests" / "fixtures" / "models.json"
    made = tables(json.loads(source.read_text(encoding="utf-8")))
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}: {'stale' if check else 'written'}\n")
        if not check:
            path.write_text(made[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
