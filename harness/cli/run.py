"""`bench run`."""

import sys

from harness.cli.console import OfflineOption, ProjectOption, workspace
from harness.cli.plan import LimitOption, ModelsOption, NamesArgument, SeedsOption
from harness.cli.progress import tell


def run(
    names: NamesArgument = None,
    models: ModelsOption = "",
    seeds: SeedsOption = None,
    limit: LimitOption = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
) -> None:
    """Build, train and evaluate what is not recorded yet, then write the leaderboard."""
    from rich.console import Console

    from harness.execute import execute
    from harness.planning import questions, remember
    from harness.report.terminal import print_board

    space = workspace(project, offline=offline)
    failed = 0
    for suite in questions(names, models, seeds, limit, space):
        remember(suite, space)
        outcome = execute(suite, space)
        failed += outcome.failed
        print_board(outcome.report.board, Console())
        tell(f"report: {outcome.report.files.html}")
    sys.exit(1 if failed else 0)
