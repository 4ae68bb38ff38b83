"""Options that commands share, and what commands do with their inputs."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce, wraps
from typing import TYPE_CHECKING, Any

import click

from rnntag.cli import completion
from rnntag.cli.choices import Choice, FormatChoice
from rnntag.cli.talk import say
from rnntag.data.bio import SCHEMES
from rnntag.errors import CorpusError
from rnntag.formats import FORMATS, READABLE, WRITABLE, Reading, check_source, format_of
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import TASKS, Task

if TYPE_CHECKING:
    from rnntag.model.model import Model

# Parameters of whatever reads tagged files.
READ_BY = ("input_format", "token_column", "tag_column", "sentence_column", "scheme")
HERE = "model.rnntag"  # the model that is used where none is named
PATIENCE = 2.0  # seconds in which a pipe is silent before whoever wants to hear nothing is told that it is waited for

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


color: Decorator = click.option(
    "--color",
    type=Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours: auto means on a terminal, unless NO_COLOR is set.",
)

model: Decorator = click.option(
    "-m",
    "--model",
    "model_path",
    type=click.Path(),
    shell_complete=completion.models,
    envvar="RNNTAG_MODEL",
    help="Model file. Default: $RNNTAG_MODEL, else ./model.rnntag, else the model that comes with rnntag.",
)

scheme: Decorator = click.option(
    "--scheme",
    type=Choice(["auto", *SCHEMES]),
    default="auto",
    show_default=True,
    help="What the tags mean: spans in one of several notations, or one tag a token.",
)

to_scheme: Decorator = click.option(
    "--to-scheme",
    type=Choice([name for name, scheme in SCHEMES.items() if scheme.prefixes]),
    help="Write spans in this notation.",
)

token_column: Decorator = click.option(
    "--token-column",
    metavar="COLUMN",
    shell_complete=completion.columns,
    help="Of columns, the one that holds the tokens: a number from 1, or a name in the header. Default: the first.",
)

tag_column: Decorator = click.option(
    "--tag-column",
    metavar="COLUMN",
    shell_complete=completion.columns,
    help="The one that holds the tags; of conllu, UPOS, XPOS or a key of MISC. Default: the last; UPOS.",
)

sentence_column: Decorator = click.option(
    "--sentence-column",
    metavar="COLUMN",
    help="The one that numbers sentences, on every row or on the first of each. Default: blank lines part them.",
)

tag_names: Decorator = click.option(
    "--tag-names",
    metavar="NAMES",
    help="What tags are called that are stored as numbers, from 0: O,B-city,I-city, or a file with a name a line.",
)

characters: Decorator = click.option(
    "--characters/--spaces",
    default=None,
    help="Cut raw text into words, marks and single characters of scripts without spaces; or only at white space.",
)


strict: Decorator = click.option(
    "--strict",
    is_flag=True,
    help="Refuse ill-formed tags. Without it those of DEV and GOLD, and a few of TRAIN, are read as conlleval does.",
)

context: Decorator = click.option(
    "--context",
    type=click.IntRange(0, 10_000),
    help="Lines are one running text, and so many words are seen on each side of each part of it; 0: each line on its "
    "own. Default: as the model was trained.",
)


def _lists(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """Lists of names by what each is called. Raises BadParameter for what is not NAME=FILE, or names one twice."""
    found: dict[str, str] = {}
    for value in given:
        name, _, path = value.partition("=")
        if not (name.isprintable() and name and path) or path == "-":
            raise click.BadParameter(f"{value!r} is not NAME=FILE, as in cities=cities.txt")
        if name in found:
            raise click.BadParameter(f"{name} is there twice")
        found[name] = path
    return found


def gazetteer(help: str) -> Decorator:
    """The option --gazetteer, which can be repeated: the file of each list of names by what it is called."""
    return click.option("--gazetteer", metavar="NAME=FILE", multiple=True, callback=_lists, help=help)


OTHER_LIST = "Look names up in this list, a name a line, in place of the model's own list NAME; can be repeated."


def given(name: str) -> bool:
    """Whether a parameter of this command was given, on the command line or in the environment."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not click.core.ParameterSource.DEFAULT


@contextlib.contextmanager
def completed_hints() -> Iterator[None]:
    """Put into the hints of faults how this command reads its files, where they name one that mends them."""
    try:
        yield
    except CorpusError as error:
        from rnntag.corpora.schemes import MENDING

        if error.hint and MENDING in error.hint:
            found = click.get_current_context()
            known = [each for each in found.command.params if each.name in READ_BY and given(each.name)]
            error.hint += "".join(
                f" {each.opts[0]} {shlex.quote(str(found.params[each.name or '']))}" for each in known
            )
        raise


def task(command: str) -> Decorator:
    """The options --task, --marks and --case: which tags ordinary text holds by itself."""
    name = click.option(
        "--task",
        "task_name",
        type=Choice(TASKS),
        envvar=f"RNNTAG_{command.upper()}_TASK",
        help="Ordinary text is a lesson: in the marks after its words, or in where sentences end, one a line.",
    )
    marks = click.option(
        "--marks",
        metavar="MARKS",
        help="Of punctuation: which marks are tags, and what each is called: 'COMMA=,;: PERIOD=.! QUESTION=?'. "
        "Default: by the script of ordinary text; of columns, by the names of their tags.",
    )
    case = click.option("--case", is_flag=True, help="Of the task punctuation: capitals as well.")
    return lambda function: name(marks(case(function)))


def task_of(name: str | None, marks: str | None, case: bool) -> Task | None:
    """The task that was asked for, if any. Raises UsageError for options of another one, SpecError for no marks."""
    if name != "punctuation" and (case or (name and marks is not None)):
        raise click.UsageError(f"{'--case' if case else '--marks'} goes with --task punctuation")
    return Task(name, None if marks is None else Marks.parse(marks), case) if name else None


def tag_marks(task: Task | None, marks: str | None) -> Marks | None:
    """What the tags of columns stand for, where marks were named without a task. Raises SpecError for no marks."""
    return Marks.parse(marks) if marks is not None and task is None else None


# Parameters that a command gets as one value.
OF_READING = ("input_format", "token_column", "tag_column", "sentence_column", "tag_names", "characters")


@dataclass(frozen=True)
class ReadingOptions:
    """How a command is to read its inputs: all that the options of `input_format` say.

    format  that of every input; auto goes by the name of each
    how     the rest, as readers take it
    """

    format: str
    how: Reading


def input_format(command: str, default: str) -> Decorator:
    """The option --from, and those on how an input is read; the command gets them as ``reading`` (`ReadingOptions`).

    default  the format that auto falls back on, for help
    """
    own = click.option(
        "--from",
        "input_format",
        type=FormatChoice(["auto", *READABLE]),
        envvar=f"RNNTAG_{command.upper()}_FROM",
        default="auto",
        show_default=True,
        help="Format of what is read; auto goes by the file's name, where several share that by how it begins, and "
        f"where that says nothing it is {default}.",
    )
    each = (own, token_column, tag_column, sentence_column, tag_names, characters)
    return lambda function: reduce(lambda command, option: option(command), reversed(each), _with_reading(function))


def _with_reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command that is given ``reading`` where Click gives the values of single options."""

    @wraps(function)
    def command(*arguments: object, **values: Any) -> Any:  # whatever Click gives, and the command returns
        format, token, tag, sentence, names, characters = map(values.pop, OF_READING)
        if names is not None:
            from rnntag.formats.tag_names import parsed

            names = parsed(names)
        how = Reading(False, token, tag, sentence, names, characters, tell=say)
        return function(*arguments, reading=ReadingOptions(format, how), **values)

    return command


def output_format(command: str, default: str) -> Decorator:
    """The option --to; ``default`` is what its help says of the format without it."""
    return click.option(
        "--to",
        "output_format",
        type=FormatChoice(WRITABLE),
        envvar=f"RNNTAG_{command.upper()}_TO",
        help=f"Format of what is written. Default: {default}.",
    )


def threads(default: int | None = None) -> Decorator:
    """The option --threads, whose number never changes a result; None: one a processor, up to four."""
    return click.option(
        "--threads",
        type=click.IntRange(1, 256),
        default=default or min(4, processors()),
        show_default=True if default else "one a processor, 4 at most",
        help="Threads; results do not depend on their number.",
    )


def inputs(paths: Sequence[str], format: str, default: str) -> list[tuple[str, str]]:
    """Pair each input with its format, and check that all of them are there before the work begins.

    default  the format where ``auto`` is asked for and the name says nothing

    Raises CorpusError for an input that is not there.
    """
    found = [(path, format_of(path, default) if format == "auto" else format) for path in paths]
    for path, kind in found:
        check_source(path, FORMATS[kind].folder)
    return found


def model_place(path: str | None) -> str:
    """Where the model is: the one named, else ./model.rnntag, else the bundled one."""
    from rnntag.files import bundled

    return path or (HERE if os.path.exists(HERE) else str(bundled.MODEL))


def find_model(path: str | None) -> str:
    """Choose the model (`model_place`); a person is told which."""
    found = model_place(path)
    if not path and found == HERE:
        say(f"using ./{HERE}")
    elif not path:
        say("using the model that comes with rnntag (English home and travel requests); another: -m MODEL")
    return found


def load(path: str | None, lists: Mapping[str, str]) -> Model:
    """The model that was asked for (`find_model`), with other lists of names in the place of its own.

    Raises ModelError for what is none, CorpusError for a list that cannot be read, SpecError for one it does not have.
    """
    from rnntag.model.file import load_model

    model = load_model(find_model(path))
    if not lists:
        return model
    from rnntag.corpora.gazetteers import read_gazetteers

    return model.with_gazetteers(read_gazetteers(lists))


def is_piped() -> bool:
    """Whether standard input is a pipe or a file, which someone meant to be read; no terminal, and not /dev/null."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):  # closed, or no stream of the system
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def tell_of_pipe(sentence: str, tell: Callable[[str], None] = say) -> None:
    """Tell that standard input is read; if nothing comes of it for a while, that is said in any case."""
    tell(sentence)
    with contextlib.suppress(OSError, ValueError):  # not every system can wait for a pipe
        if tell is not say and not select.select([sys.stdin], [], [], PATIENCE)[0]:
            say(sentence)


def await_input(path: str | None, what: str) -> None:
    """If the input is a keyboard, print what is awaited and how to end it."""
    if path == "-" and sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        say(f"waiting for {what}; end with {end}")
