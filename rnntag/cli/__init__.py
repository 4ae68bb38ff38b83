"""The command line: ``rnntag train``, ``tag``, ``eval`` and what goes with them. Click lives here and nowhere else.

Importing this loads neither NumPy nor Numba: what is heavy is imported in the body of a command. Faults become exit
statuses in one place, the function `main`.

Its face: `main`.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from importlib import import_module

import click

from rnntag.cli.talk import fail, refuse
from rnntag.errors import RnntagError, SpecError
from rnntag.version import __version__

FAILURE, USAGE, INTERRUPTED = 1, 2, 130  # exit statuses
NARROW = 60  # columns below which Click's own help falls apart
# What each does, in the help of the group; it is defined in a module of its name.
COMMANDS = {
    "check": "Tell all that is wrong with corpora, or write mended copies.",
    "convert": "Put tagged or plain text into another format.",
    "eval": "Score a model, or a file that is tagged already.",
    "help": "Tell how a command is used; write the manual page.",
    "info": "Tell what a model is and how it was trained.",
    "tag": "Tag the sentences of files or of standard input.",
    "train": "Train a tagger on tagged sentences.",
}


class Context(click.Context):
    """The context of a command, whose help fits a narrow terminal as well."""

    def make_formatter(self) -> click.HelpFormatter:
        """What writes help."""
        import shutil

        columns = shutil.get_terminal_size().columns
        if columns >= NARROW:
            return super().make_formatter()
        from rnntag.cli.narrow import NarrowFormatter

        return NarrowFormatter(width=max(columns - 1, 20))


class Commands(click.Group):
    """The group of commands, each of which is imported when it is asked for."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command; None if there is none of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rnntag.cli.{name}").command
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a command line. Raises UsageError, with what may have been meant, for none."""
        if args[0] not in COMMANDS and args[0][:1] != "-" and not ctx.resilient_parsing:
            from rnntag.cli.choices import did_you_mean

            ctx.fail(f"No such command '{args[0]}'.{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands into the help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"auto_envvar_prefix": "RNNTAG", "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rnntag", allow_from_autoenv=False)
def cli() -> None:
    """Tag words with recurrent networks: slots, entities, chunks, parts of speech, sentence ends.

    \b
    Example:
      rnntag train train.conll --dev dev.conll -o my.rnntag
      echo "wake me at seven tomorrow" | rnntag tag -m my.rnntag
      rnntag eval -m my.rnntag test.conll
      rnntag check train.conll dev.conll
      rnntag convert export.jsonl -o train.conll
      rnntag info my.rnntag
      rnntag help tag

    Each option can be set in the environment: RNNTAG_TRAIN_EPOCHS=5, RNNTAG_TAG_TO=inline, RNNTAG_MODEL=my.rnntag.
    Exit status: 0 done, 1 something wrong with the input, 2 with the options, 130 interrupted (a training by
    SIGTERM 143, by SIGHUP 129).
    """


def main() -> None:
    """Run the command line, and exit with its status; a fault is one sentence on standard error."""
    try:
        _ready_streams()
        status = cli.main(prog_name="rnntag", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except RnntagError as error:
        fail(f"Error: {error}", USAGE if isinstance(error, SpecError) else FAILURE)
    except click.ClickException as error:
        refuse(error)
    except (click.Abort, KeyboardInterrupt):
        fail("interrupted", INTERRUPTED)
    except MemoryError:
        fail("Error: out of memory", FAILURE)
    except OSError as error:
        with contextlib.suppress(OSError):  # what could not be written now cannot be on leaving either
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        where = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else None
        fail(f"Error: {RnntagError((error.strerror or str(error)).lower(), where=where)}", FAILURE)
    finally:
        _let_go_of_terminal()


def _let_go_of_terminal() -> None:
    """Drop what a terminal that was closed no longer takes, or Python would exit with a status of its own."""
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _ready_streams() -> None:
    """Make standard output write UTF-8, whatever the locale; a closed standard input or error is replaced.

    A file's name may hold bytes that are not UTF-8; they are shown as escapes.
    """
    # A closed one is None, and the first file opened would take its number.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115  open as long as we run
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if sys.stdout is None:
        fail("Error: standard output is closed", FAILURE)
    raw = getattr(sys.stdout, "buffer", None)
    if isinstance(raw, io.RawIOBase):  # PYTHONUNBUFFERED: such a stream may write less than it was given, and not tell
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace")
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
