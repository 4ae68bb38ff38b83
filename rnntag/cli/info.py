"""$ rnntag info"""

from __future__ import annotations

import os
import shutil
import sys

import click

from rnntag.cli import completion, jobs, options, places, talk


@click.command("info")
@click.argument("model_path", metavar="[MODEL]", required=False, shell_complete=completion.models)
@click.option("--json", "as_json", is_flag=True, envvar="RNNTAG_INFO_JSON", help="Write it as a JSON object.")
def command(model_path: str | None, as_json: bool) -> None:
    """Tell what MODEL is: its network, its tags, how it was trained, what it scored.

    Without MODEL, the one that rnntag tag would use.

    \b
    Example:
      rnntag info atis.rnntag
      rnntag info --json atis.rnntag | jq -r .tags[]
    """
    from rnntag.model.file import read_model
    from rnntag.show import description

    jobs.leave_with_reader()
    path = options.find_model(model_path or os.environ.get("RNNTAG_MODEL"))
    places.check_apart([("MODEL", path)], [places.STANDARD_OUTPUT])
    model, state = read_model(path)
    if as_json:
        talk.show_json(description.as_dict(model, path) | {"checkpoint": state is not None})
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        talk.show(description.as_text(model, path, width))
    if state:
        talk.say(f"{path} is a checkpoint: its training has not come to its end, and goes on with --resume")
