"""`bench annotate import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.annotate.export import As
from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell

if TYPE_CHECKING:
    from registry.annotation.importing import Imported


def import_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    card: Annotated[str, typer.Argument(help="The dataset card that the items are of.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="What the tool exported.")],
    tool: Annotated[str | None, typer.Option(help="The tool (default: what the content shows).")] = None,
    annotator: Annotated[str | None, typer.Option(help="Who answered, where the export does not say it.")] = None,
    from_filename: Annotated[
        bool, typer.Option("--annotator-from-filename", help="Each file is named after who answered.")
    ] = False,
    rename: Annotated[
        list[str] | None, typer.Option(metavar="ID=NAME", help="What an annotator is called; may be repeated.")
    ] = None,
    role: Annotated[
        As | None, typer.Option("--as", help="What the answers are for (default: what the tasks were given out for).")
    ] = None,
    skip_changed: Annotated[
        bool, typer.Option("--skip-changed", help="Leave out answers about texts that have changed since.")
    ] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the answers of an annotation tool into the card, as a layer that is never changed again."""
    from registry.annotation.importing import imported
    from registry.annotation.matching import Terms, renames

    terms = Terms(tool, annotator, from_filename, renames(rename or ()), role.value if role else None, skip_changed)
    catalog = workspace(project, offline=True, quiet=True).catalog
    found = imported(card, files, catalog, terms)
    if as_json:
        print_json(found.as_json(catalog.project.root))
        return
    for line in _told(card, found, catalog.project.root):
        tell(line)


def _told(card: str, found: "Imported", root: Path) -> list[str]:
    from registry.annotation.tool import QUESTION
    from registry.errors import clipped, plural

    people = sorted({str(entry.annotator) for entry in found.entries})
    given = f"{plural(len(found.entries), 'answer')} to {plural(len({entry.item for entry in found.entries}), 'item')}"
    lines = [f"{given} by {clipped(', '.join(people)) or 'nobody'}"]
    if found.question != QUESTION:
        lines.append(f'taken for the answer: what was answered to "{clipped(found.question, 60)}", the only question')
    lines += [f"left out: {number:,} {reason}" for reason, number in sorted(found.skipped.items())]
    if found.unproven:
        what = "behind characters that some tools count as two; the tool records no text to hold them against"
        lines.append(f"look at them: {plural(found.unproven, 'span')} {what}")
    if found.layer is None:
        return [*lines, "nothing new: every answer is in a layer already" if found.entries else "nothing to import"]
    layer = found.layer.relative_to(root).as_posix()
    known = len(found.entries) - found.new
    lines.append(f"{found.new:,} new in {layer}" + (f"; {known:,} were known" if known else ""))
    if found.doubts:
        lines += [f"look at the names: {doubt}" for doubt in found.doubts]
        lines.append(f"before anything is built of it, a layer can be taken back: remove {layer}, and import again")
    takes = f"`bench build {card}` takes them in" if found.builds else f"`bench annotate report {card}` measures them"
    return [*lines, takes]
