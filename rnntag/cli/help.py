"""$ rnntag help"""

from __future__ import annotations

import click

from rnntag.cli import COMMANDS
from rnntag.cli.choices import Choice


@click.command("help")
@click.argument("name", metavar="[COMMAND]", type=Choice(list(COMMANDS)), required=False)
@click.option("--man", is_flag=True, help="Write the manual page, for man.")
@click.pass_context
def command(context: click.Context, name: str | None, man: bool) -> None:
    """Tell how COMMAND is used, or which commands there are.

    The manual page has all commands in one. It comes with rnntag, so that man rnntag shows it where rnntag is
    installed in a place that man knows.

    \b
    Example:
      rnntag help tag
      rnntag help --man | man -l -
    """
    from rnntag.cli.manual import manual

    root = context.find_root()
    if man:
        click.echo(manual(root), nl=False)
        return
    chosen = root.command.get_command(root, name) if name and isinstance(root.command, click.Group) else None
    shown = click.Context(chosen, info_name=name, parent=root) if chosen else root
    click.echo(shown.command.get_help(shown))
