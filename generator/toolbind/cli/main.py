"""The command `toolbind`: which commands there are, and what becomes of an exception.

Commands are imported when they are used, so that `toolbind --version` and a run that finds nothing
changed stay cheap.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NamedTuple, NoReturn

import click

from toolbind.cli.terminal.shell import Complaint, Exit, ReaderGoneError, say
from toolbind.diagnostics import MESSAGE_LIMIT, DocumentError, near_miss, printable
from toolbind.version import __version__


class Entry(NamedTuple):
    """A command: the module that holds it as `command`, and its line in the overview."""

    module: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "generate": Entry("generate", "Write the modules of OpenAPI documents."),
    "check": Entry("check", "Compare without writing; what changed, and exit 1 if stale."),
    "diff": Entry("diff", "What changed between two states of an API, for code and for models."),
    "list": Entry("listing", "The tools of a document, and what was left out."),
    "overlay": Entry("overlay", "A document as its overlays make it."),
    "show": Entry("show", "One tool: its schema, route, method and an example request."),
    "search": Entry("search", "The tools that a request needs, in anybody's words."),
    "call": Entry("call", "Make one call through a generated module."),
    "ask": Entry("ask", "Hold a conversation with a model that may call the tools."),
    "explore": Entry("explore", "A page that shows the tools of a document or a module."),
    "worker": Entry("worker", "A folder that deploys a module to Cloudflare Workers."),
    "serve": Entry("serve", "A module's tools for MCP clients, over stdio or HTTP."),
    "explain": Entry("explain", "What a diagnostic code means and what to do about it."),
}

EPILOG = """\b
Exit codes:
  0   done, or up to date
  1   stale (check, generate --exit-code), or a change that --fail-on names (diff)
  2   wrong usage or settings
  3   a document was refused, or there was a warning under --strict
  4   the call or the conversation failed (call, ask)
  70  a bug in toolbind: run again with --debug and report it
"""


class Commands(click.Group):
    """A group whose members are imported on use."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"toolbind.cli.commands.{entry.module}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            ctx.fail(f"there is no command {args[0]!r}{near_miss(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.command(
    cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="toolbind", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected error.")
def toolbind(debug: bool) -> None:
    """OpenAPI documents in, Python modules with tools for Workers AI out.

    \b
    toolbind generate specs/petstore.yaml -o generated
    toolbind check                     # with the settings of this project
    toolbind list specs/petstore.yaml
    toolbind call generated.petstore list_pets '{"limit": 5}' --dry-run
    """


def main() -> NoReturn:
    """The console script: runs one command and ends the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # whatever the terminal's encoding
    code = run(sys.argv[1:])
    gc.freeze()  # nothing is to be found among what the process leaves
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; whatever goes wrong ends in one line on stderr."""
    debug = "--debug" in arguments
    previous = _terminate_as_interrupt()
    try:
        code: object = toolbind.main(list(arguments), prog_name="toolbind", standalone_mode=False)
        return code if isinstance(code, int) else Exit.DONE
    except Complaint as complaint:
        complaint.show()
        return complaint.code
    except click.UsageError as error:
        place = error.ctx.command_path if error.ctx else "toolbind"
        message = " ".join(error.format_message().split()).rstrip(".")
        Complaint(f"{message}; {place} --help shows what there is").show()
        return Exit.USAGE
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except DocumentError as refused:
        say(refused.diagnostic.line())
        return Exit.REFUSED
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return Exit.INTERRUPTED
    except ReaderGoneError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the last flush
        return Exit.DONE
    except OSError as error:  # a file system that refuses, at whatever place
        if debug:
            raise
        if error.errno is None or isinstance(error.filename, int):
            return _bug(error)
        where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        Complaint(f"{where}{error.strerror}").show()
        return Exit.USAGE
    except Exception as error:  # the last line of defence; --debug shows the traceback
        if debug:
            raise
        return _bug(error)
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)


def _bug(error: Exception) -> int:
    what = printable(f"{type(error).__name__}: {error}", MESSAGE_LIMIT)
    say(f"error: unexpected {what} (a bug in toolbind; --debug shows the traceback)")
    return Exit.BUG


def _terminate_as_interrupt() -> signal.Handlers | None:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that temporary files go; the old handler."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        old = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread
        return None
    return old if isinstance(old, signal.Handlers) else signal.SIG_DFL
