"""`bench tag`."""

from typing import Annotated

import typer

from harness.cli.console import ProjectOption, workspace
from harness.cli.progress import tell


def tag(
    version: Annotated[str, typer.Argument(metavar="CARD[@DIGEST]", help="The version; a card as it stands.")],
    name: Annotated[str, typer.Argument(metavar="TAG", help="Its name, such as 1.2.0.")],
    delete: Annotated[bool, typer.Option("--delete", help="Take the name away; the version stays.")] = False,
    project: ProjectOption = None,
) -> None:
    """Give a built version a name that everyone who has cards.lock can use; `bench card diff` suggests one."""
    from harness.inspect.tagging import tagged, untagged

    change = untagged if delete else tagged
    tell(change(version, name, workspace(project, offline=True, quiet=True)))
