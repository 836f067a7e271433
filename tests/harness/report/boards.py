"""Toy boards for the report tests: small, and as nasty as text from a dataset can be."""

from dataclasses import replace

from harness.drift import Difference
from harness.report.board import Anchor, Board, Cell, DatasetSection, ModelSection, Ranked
from harness.report.human import NAME
from registry.audits.asked import Result

SCRIPT = "</script><!--<script>alert(1)</script>"
MARKUP = "[bold red]loud[/bold red] [link=file:///]x[/link]"
FORMULA = '=cmd|"/c calc"!A1'
CHINESE = "酒店评论：房间很干净，服务也好"
ESCAPES = "\x1b[2J\u202egnp.exe\x07"
VERSION = "0123456789abcdef" * 4
RUN = "fedcba9876543210" * 4


def cell(dataset: str = "hotel-reviews", model: str = "tfidf-logreg", metric: str = "accuracy") -> Cell:
    """A good headline cell with every number set."""
    return Cell(
        board="toy",
        dataset=dataset,
        version=VERSION,
        train=f"{dataset}@{VERSION}:2000",
        split="test",
        folds=None,
        repeats=None,
        kind="task",
        model=model,
        metric=metric,
        higher_is_better=True,
        value=0.8765,
        low=0.851,
        high=0.899,
        n=1234,
        seeds=3,
        seconds=12.34,
        trainable_parameters=22_713_216,
        status="ok",
        reason="",
        run_ids=(RUN, RUN[::-1]),
        anchor=None,
        headline=metric == "accuracy",
        best_or_tied=True,
        clean_value=0.861,
        clean_n=1190,
    )


def people(dataset: str = "hotel-reviews") -> Cell:
    """One annotator against the others, better than any model."""
    plain = replace(cell(dataset, NAME), role="human", value=0.912, low=0.9, high=0.92, seeds=0, seconds=None, train="")
    plain = replace(plain, trainable_parameters=None, run_ids=(), best_or_tied=None)
    return replace(plain, clean_value=None, clean_n=None, clean_reason="annotators learn from no training rows")


def hole(status: str, reason: str, model: str, dataset: str = "hotel-reviews") -> Cell:
    """A cell without a number."""
    empty = replace(cell(dataset, model), value=None, low=None, high=None, n=None, seconds=None)
    empty = replace(empty, clean_value=None, clean_n=None)
    return replace(
        empty, status=status, reason=reason, seeds=0, run_ids=(), best_or_tied=None, trainable_parameters=None
    )


def dataset(name: str = "hotel-reviews", title: str = CHINESE) -> DatasetSection:
    return DatasetSection(
        name=name,
        title=title,
        kind="task",
        domain="",
        languages=("zh",),
        license="CC-BY-4.0",
        citation="Tan 2009 https://example.org/paper",
        version=VERSION,
        labels=("negative", "正面"),
        label_counts={"test": {"negative": 600, "正面": 634}, "train": {"negative": 3000, "正面": 2900}},
        rows_read=7766,
        rows_kept=7134,
        ledger=(("dedupe_exact", "same text as an earlier row", 600), ("length", SCRIPT, 32)),
        agreement={
            "measure": "krippendorff-alpha",
            "level": "nominal",
            "value": 0.612,
            "low": 0.6,
            "high": 0.62,
            "at_least": 0.667,
            "unmet": ["krippendorff-alpha (nominal) is 0.612 [0.600, 0.620], below the 0.667 that the card asks for"],
            "passed": False,
            "items": 7766,
            "votes": 23298,
            "on_failure": "warn",
        },
        audit={"exact duplicates across splits": 0, "groups across splits": 2},
        card_text=f"name: {name}\n# {SCRIPT}\n",
        notices=("The source has no licence file.",),
        differences=(Difference("test", "classes", 0.123, 0.0001), Difference("test", "text lengths", 0.012, 0.7)),
        asked=(Result("near", 3, 1234, 5, ""), Result("noise", 0, 0, None, SCRIPT)),
        power="1,234 test rows tell a difference of 0.025",
        human=f"human: one annotator against the others {MARKUP} {SCRIPT}",
    )


def model(name: str = "tfidf-logreg", title: str = "Words and characters, logistic regression") -> ModelSection:
    return ModelSection(name, title, "tfidf", {"c": 1.0, "ngrams": [1, 2]}, f"name: {name}\n# {MARKUP}\n```\n")


def board() -> Board:
    """Good, failed, missing and not applicable cells; anchors that hold and do not; text that attacks."""
    anchors = Anchor(0.96, 0.025, "ICWSM 2014, table 4", False), Anchor(0.87, 0.02, FORMULA, True)
    return Board(
        name="toy",
        title=f"Toy board {SCRIPT}",
        cells=(
            replace(cell(), anchor=anchors[0]),
            replace(cell(model=MARKUP), value=0.5, low=0.4, high=0.6, best_or_tied=False),
            hole("failed", f"out of memory {SCRIPT}", "minilm-finetune"),
            hole("missing", FORMULA, "llm-prompt"),
            hole("not_applicable", f"{MARKUP} {ESCAPES}", "bm25"),
            replace(cell(metric="macro_f1"), value=float("nan")),
            replace(cell("tweets"), anchor=anchors[1], split="cross-validation", folds=5, repeats=2, kind="general"),
            replace(cell("tweets"), train=f"tweets@{VERSION}:16/class", kind="general", value=0.9, seeds=1),
            people(),
        ),
        datasets=(dataset(), replace(dataset("tweets", "Tweets"), agreement=None, kind="general")),
        models=(model(), model(MARKUP, SCRIPT)),
        overall=(
            Ranked(1, "tfidf-logreg", 0.882, 1.0, 2, (), 24.7, 22_713_216),
            Ranked(None, MARKUP, None, None, 1, ("tweets",), 1.2, None),
        ),
        ranking_rule="Mean of the headline metric over the datasets that every ranked model has.",
        machine="2 cores, 24 GiB, no accelerator",
    )
