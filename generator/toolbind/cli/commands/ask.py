"""`toolbind ask`: a conversation with a model that may call the tools of generated modules."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from toolbind.cli.commands.generated import load_module, own_errors_told
from toolbind.cli.commands.servers import model_of
from toolbind.cli.plan.options import bound_options, bounds, debug_option
from toolbind.cli.terminal.shell import Complaint, Exit, counted, is_terminal, out, safe, say

SHOWN = 600
"""Characters of one argument list or result that are shown while the conversation runs."""


@click.command("ask")
@click.argument("modules", nargs=-1, required=True, metavar="MODULE...")
@click.argument("question")
@click.option("--model", metavar="NAME", help="Model to ask.")
@click.option("--base-url", metavar="URL", help="An OpenAI-compatible server instead.")
@click.option("--token-env", metavar="VAR", help="Variable that holds that server's token.")
@click.option("--gateway", metavar="ID", help="AI Gateway to go through.")
@click.option("--api-url", metavar="URL", help="Where the API lives, for one MODULE.")
@click.option("--allow-http", is_flag=True, help="Send credentials over plain http, too.")
@click.option("--tools", "selectors", multiple=True, metavar="GLOB", help="Only these tools.")
@click.option("--find", is_flag=True, help="Have the tools found, however few they are.")
@click.option(
    "--finder", type=click.Choice(["offer", "call"]), help="How found tools are called; else offer."
)
@click.option(
    "--rank", type=click.Choice(["words", "clef"]), help="Who says which fit; else words."
)
@bound_options
@click.option("--text-calls", is_flag=True, help="Run calls that an answer writes as its text.")
@click.option("--system", metavar="TEXT", help="A system message in front.")
@click.option(
    "--approve",
    type=click.Choice(["reads", "ask", "all", "none"]),
    default="reads",
    show_default=True,
    help="Which calls run.",
)
@click.option("--max-turns", type=int, default=8, show_default=True, help="Answers of the model.")
@click.option("--timeout", type=float, metavar="SECONDS", help="For the whole conversation.")
@click.option("--stream", is_flag=True, help="Show the answer while it comes.")
@click.option(
    "--transcript",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the whole conversation there.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show the final answer only.")
@debug_option
def command(modules: tuple[str, ...], question: str, **flags: Any) -> None:
    """Ask a question that a model answers with the tools of one or more modules.

    The model is one of Workers AI (CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN), or of any
    OpenAI-compatible server (--base-url). Calls and results go to stderr, the answer to stdout.
    The tools of large modules are found first, by the model. Calls that change something run only
    if --approve allows it: `ask` asks you each time. FILE is written as JSON, Markdown, HTML or
    text, by its ending.

    \b
    toolbind ask generated.petstore "Which pets are tagged dog?"
    toolbind ask generated.petstore "Name a pet" --base-url http://localhost:11434/v1
    """
    _check_transcript(flags["transcript"])
    loaded = [load_module(where) for where in modules]
    if flags["api_url"] and len(loaded) > 1:
        raise Complaint("--api-url goes with one MODULE")
    try:
        with own_errors_told(*loaded):
            run = _converse(loaded, question, flags)
    except Complaint as complaint:
        partial = getattr(complaint.__cause__, "run", None)
        if partial is not None and flags["transcript"]:
            _write_transcript(partial, flags["transcript"])
        raise
    if flags["transcript"]:
        _write_transcript(run, flags["transcript"])
    if not flags["stream"]:
        out(safe(run.text))
    if not flags["quiet"]:
        say(_summary(run))
        if (hint := _approval_hint(run, flags["approve"])) is not None:
            say(hint)
    if run.stop_reason != "stop":
        raise Complaint(f"the conversation ended early: {run.stop_reason}", Exit.FAILED)


def _converse(loaded: list[Any], question: str, flags: dict[str, Any]) -> Any:
    """Hold the conversation and show it; gives the runtime's `Run`."""
    first = loaded[0]
    given = ("model", "base_url", "gateway", "allow_http")
    settings = {key: flags[key] for key in given if flags[key]}
    if variable := flags["token_env"]:
        if not os.environ.get(variable):
            raise Complaint(f"the environment variable {variable} of --token-env is not set")
        settings["api_token"] = os.environ[variable]
    if flags["base_url"] and not flags["model"]:
        found = model_of(flags["base_url"], settings.get("api_token"), flags["allow_http"])
        settings |= {"model": found} if found else {}
    show = _Show(quiet=flags["quiet"], stream=flags["stream"])
    given_too = ("timeout", "system", "finder", "rank", "text_calls")
    options = {name: flags[name] or None for name in given_too} | bounds(flags)
    chosen = (*flags["selectors"], *(["find"] if flags["find"] else []))
    with first.WorkersAI(**settings) as ai, ExitStack() as stack:
        clients = [stack.enter_context(_client(module, flags)) for module in loaded]
        found = first.run(
            question,
            ai=ai,
            client=clients,
            tools=[(module, *chosen) for module in loaded],
            approve=show.ask_person if flags["approve"] == "ask" else flags["approve"],
            max_turns=flags["max_turns"],
            on_event=show,
            stream=flags["stream"],
            **{key: value for key, value in options.items() if value is not None},
        )
        return list(found)[-1].run if flags["stream"] else found


def _client(module: Any, flags: dict[str, Any]) -> Any:
    base_url = {"base_url": flags["api_url"]} if flags["api_url"] else {}
    return module.Client(allow_http=flags["allow_http"], **base_url)


class _Show:
    """Prints events as they come, each call once and before anybody is asked about it."""

    def __init__(self, *, quiet: bool, stream: bool) -> None:
        self._quiet = quiet
        self._stream = stream
        self._open = False  # a line on stdout that has not ended
        self._shown: set[str] = set()  # ids of calls that have their line

    def ask_person(self, request: Any) -> bool | str:
        """Approval by the person at the terminal; without one, no."""
        self._start(request)
        if not is_terminal(sys.stdin):
            return "Not run: nobody is there to approve it."
        return click.confirm(f"Run {safe(str(request))}?", default=False, err=True)

    def __call__(self, event: Any) -> None:
        step: Callable[[Any], None] | None = getattr(self, f"_{event.kind}", None)
        if step is not None:
            step(event)

    def _text(self, event: Any) -> None:
        if self._stream:
            out(safe(event.text), end=False)
            self._open = True

    def _turn(self, _event: Any) -> None:
        self._end_line()

    def _done(self, _event: Any) -> None:
        self._end_line()

    def _end_line(self) -> None:
        if self._open:
            out("")
            self._open = False

    def _call(self, event: Any) -> None:
        self._start(event)

    def _start(self, call: Any) -> None:
        """The line of a call: when it starts, when it is asked about, or when it is refused."""
        self._end_line()
        if not self._quiet and call.id not in self._shown:
            given = call.arguments
            text = given if isinstance(given, str) else json.dumps(given)
            say(f"-> {safe(call.name)} {_short(text)}")
        self._shown.add(call.id)

    def _result(self, event: Any) -> None:
        self._start(event.call)
        if not self._quiet:
            call = event.call
            status = call.result.status_code or call.result.error or ""
            say(f"<- {status} {call.request} {_short(call.result.content)}")


def _short(text: str) -> str:
    line = " ".join(safe(text).split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}... ({len(line) - SHOWN} more)"


def _approval_hint(run: Any, approve: str) -> str | None:
    """What to do about calls that were not run for want of an approval."""
    if not any(call.result.error == "refused" and call.approved is False for call in run.calls):
        return None
    if approve == "reads":
        return "a call that changes something was not run: --approve ask asks you about each"
    if approve == "ask" and not is_terminal(sys.stdin):
        return "nobody was asked: --approve ask needs a terminal; --approve all runs every call"
    return None


FORMS: Mapping[str, Callable[[Any], str]] = {
    ".json": lambda run: json.dumps(run.messages, indent=2) + "\n",
    ".md": lambda run: str(run.to_markdown()),
    ".html": lambda run: str(run.html()),
    ".txt": lambda run: f"{run}\n",
    "": lambda run: f"{run}\n",
}
"""What a transcript is by the ending of its file."""


def _check_transcript(path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in FORMS:
        known = ", ".join(ending for ending in FORMS if ending)
        raise Complaint(f"{path}: no transcript ends in {path.suffix}; name a file with {known}")


def _write_transcript(run: Any, path: Path) -> None:
    text = FORMS[path.suffix.lower()](run)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise Complaint(f"{path}: {error.strerror}") from None


def _summary(run: Any) -> str:
    usage = run.usage
    tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"
    turns, calls = counted(run.turns, "turn"), counted(len(run.calls), "call")
    return f"({run.stop_reason}: {turns}, {calls}, {tokens}, {run.model})"
