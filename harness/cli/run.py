"""`bench run`."""

import sys

from harness.cli.console import AllowCodeOption, LockedOption, OfflineOption, ProjectOption, workspace
from harness.cli.plan import LimitOption, ModelsOption, NamesArgument, PerClassOption, SeedsOption, wish
from harness.cli.progress import tell


def run(  # noqa: PLR0913, PLR0917 - each is an option of the command
    names: NamesArgument = None,
    models: ModelsOption = "",
    seeds: SeedsOption = None,
    limit: LimitOption = None,
    per_class: PerClassOption = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    locked: LockedOption = False,
    allow_code: AllowCodeOption = False,
) -> None:
    """Build, train and evaluate what is not recorded yet, then write the leaderboard."""
    from rich.console import Console

    from harness.execute import execute
    from harness.report.kept import report
    from harness.report.terminal import print_board
    from harness.suites import questions

    space = workspace(project, offline=offline, allow_code=allow_code)
    failed = 0
    for suite in questions(names, wish(models, seeds, limit, per_class), space):
        outcome = execute(suite, space, locked=locked)
        failed += outcome.failed
        made = report(outcome.plan, space)
        print_board(made.board, Console())
        tell(f"report: {made.files.html}")
    sys.exit(1 if failed else 0)
