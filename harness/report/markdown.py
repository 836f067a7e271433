"""A board as Markdown, for a repository or a pull request: every cell, no chart.

Owns escaping, because names and reasons come from cards and data. Refuses raw HTML, links and images.
"""

import re
from collections.abc import Iterable, Sequence

from harness.report import annotation, clean, quality
from harness.report.board import Board, Cell, DatasetSection, ModelSection
from harness.report.cells import conditions, datasets, headline_cells, labels, tidy
from harness.report.words import (
    ABSENT,
    STATUS_WORDS,
    count,
    direction,
    interval,
    number,
    parameters,
    plain,
    published,
    seconds,
    sentence,
    short,
)

COLUMNS = ("Model", "Value", "95% interval", "n", "Clean subset", "Seeds", "Seconds", "Parameters", "Published value")
ALIGNED = "lrrrrrrrl"
INTERVAL = r"\[[-\d.,]+, [-\d.,]+\](?![\[(:])"
"""Of two numbers; what follows makes it no link."""
STAR = "A star marks the best, or what the paired 95% interval of the difference does not tell apart from it."


def as_markdown(board: Board) -> str:
    """Overall table, one table per dataset and metric, what is known of each dataset and model."""
    board = tidy(board)
    parts = [
        f"# {escape(board.title or board.name)}",
        f"How the ranking is made: {escape(board.ranking_rule)}",
        *([_overall(board)] if board.overall else []),
        STAR,
        *[_dataset(board, name, facts) for name, facts in datasets(board).items()],
        *_models(board.models),
        f"Machine: {escape(board.machine)}",
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """One line in which nothing is markup.

    What means nothing where it stands is left: an underscore inside a word, brackets around an interval, and at the
    start what begins no heading, list or rule.
    """
    text = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(rf"({INTERVAL})|([\\`*\[\]|~$])", lambda found: found[1] or f"\\{found[2]}", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    # A bare address would become a link on many sites.
    text = re.sub(r"(?i)\b(https?|ftp|www)(:|\.)", r"\1&#8203;\2", text)
    text = re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"^(#{1,6}|\+|-+)(?=\s|$)", r"\\\1", text)


def table(heads: Sequence[str], aligned: str, rows: Iterable[Sequence[str]]) -> str:
    """`aligned` has one letter a column: l or r."""
    rule = ["---:" if side == "r" else "---" for side in aligned]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, rule, *rows))


def _overall(board: Board) -> str:
    rows = [
        (
            count(line.rank),
            escape(line.model),
            number(line.mean),
            ABSENT if line.mean_rank is None else f"{line.mean_rank:.1f}",
            count(line.datasets),
            seconds(line.seconds),
            parameters(line.trainable_parameters),
            escape(f"no result on {', '.join(line.missing)}") if line.missing else "",
        )
        for line in board.overall
    ]
    heads = ("Rank", "Model", "Mean", "Mean rank", "Datasets", "Seconds", "Parameters", "Left out")
    return "## Overall\n\n" + table(heads, "rlrrrrrl", rows)


def _dataset(board: Board, name: str, facts: DatasetSection | None) -> str:
    cells = [cell for cell in board.cells if cell.dataset == name]
    metrics = dict.fromkeys(cell.metric for cell in cells)
    tables = [_metric(metric, [cell for cell in cells if cell.metric == metric]) for metric in metrics]
    known = _facts(facts) if facts else ["No version of this dataset was published for this board."]
    notes = [*conditions(cells), clean.note(headline_cells(board, name)), facts.human if facts else ""]
    told = [escape(sentence(note)) for note in notes if note]
    asked = _headed("Annotation", annotation.markdown(annotation.view(facts, {}), table, escape))
    measured = _headed("Quality", quality.markdown(facts, table, escape) if facts else [])
    return "\n\n".join([f"## {escape(name)}", *known, *told, *tables, *asked, *measured])


def _headed(title: str, parts: list[str]) -> list[str]:
    return [f"### {title}", *parts] if parts else []


def _metric(metric: str, cells: Sequence[Cell]) -> str:
    rows = [_row(label, cell) for label, cell in zip(labels(cells), cells, strict=True)]
    head = ", ".join(part for part in (escape(metric), direction(cells[0].higher_is_better)) if part)
    return f"### {head}\n\n" + table(COLUMNS, ALIGNED, rows)


def _row(label: str, cell: Cell) -> tuple[str, ...]:
    hole = f"**{STATUS_WORDS[cell.status]}**: {escape(cell.reason)}"
    star = " \\*" if cell.best_or_tied else ""
    return (
        escape(label) if cell.role == "model" else f"*{escape(label)}*",
        hole if cell.value is None else number(cell.value) + star,
        interval(cell.low, cell.high),
        count(cell.n),
        clean.told(cell) or ABSENT,
        count(cell.seeds),
        seconds(cell.seconds),
        parameters(cell.trainable_parameters),
        _anchor(cell),
    )


def _anchor(cell: Cell) -> str:
    if cell.anchor is None:
        return ""
    verdict = "reproduced" if cell.anchor.reproduced else "**not reproduced**"
    return f"{verdict} ({escape(published(cell.anchor.value, cell.anchor.tolerance, cell.anchor.source))})"


def _facts(facts: DatasetSection) -> list[str]:
    dropped = "; ".join(f"{escape(op)}: {rows:,} ({escape(reason)})" for op, reason, rows in facts.ledger)
    audit = "; ".join(f"{escape(check)}: {found}" for check, found in sorted(facts.audit.items()))
    version = re.sub("[^0-9A-Za-z@:._-]", "?", short(facts.version))
    licence = escape(facts.license or "not stated")
    lines = [
        f"- Rows: {count(facts.rows_read)} read, {count(facts.rows_kept)} kept."
        + (f" Left: {dropped}." if dropped else ""),
        f"- Agreement: {agreement(facts)}.",
        f"- Audit, violations found in the published files: {audit or 'not recorded'}.",
        f"- Power: {escape(facts.power or 'not known')}.",
        *[f"- Notice: {escape(notice)}" for notice in facts.notices],
    ]
    head = f"{escape(facts.title)}. Kind: {facts.kind}. Licence: {licence}. Version: `{version or ABSENT}`."
    if not facts.version:
        return [f"{head} Not built."]
    return [head, "\n".join(lines), *_by_class(facts), *_asked(facts), *_differences(facts)]


def _by_class(facts: DatasetSection) -> list[str]:
    heads = ("F1 of each label", *(escape(label) for label in facts.labels))
    rows = [(escape(one.model), *map(number, one.scores)) for one in facts.by_class]
    return [table(heads, "l" + "r" * len(facts.labels), rows)] if rows else []


def _asked(facts: DatasetSection) -> list[str]:
    heads = ("Audit that the card asks for", "Found", "Rows looked at", "At most", "Note")
    rows = [
        (
            escape(one.audit),
            count(one.found if one.looked_at else None),
            count(one.looked_at),
            count(one.at_most),
            escape(one.note),
        )
        for one in facts.asked
    ]
    return [table(heads, "lrrrl", rows)] if rows else []


def _differences(facts: DatasetSection) -> list[str]:
    rows = [(escape(one.split), one.what, number(one.distance), escape(one.chance)) for one in facts.differences]
    return [table(("Split, held against all rows", "What", "Distance", "By chance"), "llrr", rows)] if rows else []


def agreement(facts: DatasetSection) -> str:
    """Measure, value, interval, and whether the gate that the card sets was passed."""
    found = facts.agreement
    if not found:
        return "not measured"
    ends = interval(found.get("low"), found.get("high"))
    text = f"{escape(str(found.get('measure', '')))} {number(found.get('value'))} {ends}"
    if found.get("value") is None and found.get("reason"):
        text += f" ({escape(str(found['reason']))})"
    if not found.get("passed"):
        return f"{text}, gate **not passed**: {escape('; '.join(found['unmet']))}"
    if found.get("at_least") is None:
        return text
    return f"{text}, gate of at least {number(found['at_least'])} passed"


def _models(models: Sequence[ModelSection]) -> list[str]:
    rows = [(escape(model.name), escape(model.family), escape(model.title)) for model in models]
    return ["## Models\n\n" + table(("Model", "Family", "Title"), "lll", rows)] if rows else []
