"""A dataset card file to a typed DatasetCard, with every mistake placed at its line.

Owns `like:` inheritance and the checks that cross keys. Reads no data and builds nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from registry.annotation import asking
from registry.answers import audits_of
from registry.card import AuditSpec, DatasetCard, Drop, Labels, OpSpec, SourceSpec, SplitSpec
from registry.checker import WIDE, Checker, as_list
from registry.errors import CardProblems, UserError, nearest
from registry.kinds import AUDITS, OPS, READERS, SOURCES, SPLITS, TARGETS, TASKS
from registry.reading.formats import guess
from registry.yamlsource import Breadcrumb, YamlSource

SOURCE_KEYS = ("sha256", "path", "format", "encoding", "file_column")
OTHER_STATEMENT = re.compile(
    r"\b(ATTACH|CALL|CHECKPOINT|COPY|CREATE|DELETE|DETACH|DROP|EXPORT|IMPORT|INSERT|INSTALL|LOAD|MERGE|PRAGMA|"
    r"RESET|SET|UPDATE|VACUUM)\b",
    re.IGNORECASE,
)
"""How what is no SELECT begins: where an error points, not what is refused."""

SCRIPT = re.compile(r"evaluate/[A-Za-z0-9][\w-]*(:\w+)?")
"""A metric of the `evaluate` library: a script, of the project or of the hub, with one of the numbers that it gives."""

NAME_IT = "For instance `sources: {rows: {local: data/rows.csv}}`."
RENAME = "Labels are what stands in the label column; `select:` can give them other names."
ADD_VOTES = "Add `annotation:` with its `votes:`; where the data has labels already, list them: `labels: [a, b]`."


def card_from(source: YamlSource, data: Mapping[str, Any]) -> DatasetCard:
    """The typed card. `data` is the file's own keys merged over what `like:` brought in.

    Raises CardProblems with all mistakes of the file.
    """
    inherited = frozenset(data) - frozenset(source.data)
    checker = Checker(source, inherited)
    fields = _parts(checker, {key: value for key, value in data.items() if key != "like"})
    card = checker.value(DatasetCard, fields, ()) if fields is not None else None
    for path, what, do in _across(source, data):
        checker.report(path, what, do, word=_word_in(what, data) if path == ("select",) else "")
    if card is None or checker.problems:
        raise CardProblems(checker.problems, 1)
    return card


def _parts(checker: Checker, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the parts that have kinds turned into values; a part with a mistake becomes a stand-in."""
    data.setdefault("split", {"method": "hash"})
    for key in set(SOURCE_KEYS) & set(data):
        del data[key]
        do = "Write it beside what says where the table comes from: `sources: {rows: {local: ...}}`."
        checker.report((key,), f'"{key}" belongs to a source', do, at_key=True)
    readers: dict[str, Callable[[Checker, Any], Any]] = {
        "sources": _sources,
        "clean": _clean,
        "audit": _audit,
        "split": _split,
        "labels": _labels,
    }
    return {
        key: readers[key](checker, value) if key in readers and value is not None else value
        for key, value in data.items()
        if value is not None
    }


def _sources(checker: Checker, data: Any) -> Any:
    if not isinstance(data, Mapping) or not data:
        checker.report(("sources",), "must name at least one source", NAME_IT)
        return {}
    if any(name in SOURCES.names() and not isinstance(value, Mapping) for name, value in data.items()):
        checker.report(("sources",), "must give each source a name, under which SQL finds its table", NAME_IT)
        return {}
    for number, name in enumerate(data):
        twin = next((other for other in list(data)[:number] if other.lower() == name.lower()), None)
        if twin is not None:
            checker.report(
                ("sources", name), f'SQL cannot tell "{name}" from "{twin}"; give it another name', at_key=True
            )
    return {
        name: source
        for name, value in data.items()
        if (source := _source(checker, name, value, ("sources", name))) is not None
    }


def _source(checker: Checker, name: str, data: Any, path: Breadcrumb) -> SourceSpec | None:
    if not isinstance(data, Mapping):
        do = "" if WIDE.search(str(data)) else "`bench list sources` shows them."
        checker.report(path, "must be keys and values, one of them a source kind", do)
        return None
    if not name.isidentifier():
        checker.report(path, "a source name is also a table name: letters, digits and underscores", at_key=True)
    kinds = [key for key in data if key in SOURCES.names()]
    unknown = [key for key in data if key not in (*SOURCES.names(), *SOURCE_KEYS)]
    for key in unknown:
        known = (*SOURCES.names(), *SOURCE_KEYS)
        what = f'unknown key "{key}"{nearest(key, known)}. Known: {", ".join(known)}.'
        checker.report((*path, key), what, _of_a_format(key, data.get("format")), at_key=True)
    if len(kinds) != 1:
        if not unknown:
            checker.report(path, f"must have exactly one source kind of: {', '.join(SOURCES.names())}", at_key=True)
        return None
    origin = checker.of_kind(SOURCES.get(kinds[0]), data[kinds[0]], (*path, kinds[0]))
    reader = _reader(checker, data, origin, path)
    fields = {key: data[key] for key in ("sha256", "path", "encoding", "file_column") if data.get(key) is not None}
    if origin is None:
        return None
    named = {"reader": reader[1], "reader_kind": reader[0]} if reader else {}
    if fields.get("file_column") in (getattr(reader[1], "columns", None) or () if reader else ()):
        checker.report((*path, "file_column"), f'"{fields["file_column"]}" is a column of the data already')
    return checker.value(SourceSpec, {**fields, **named, "origin": origin, "origin_kind": kinds[0]}, path)


def _of_a_format(key: str, written: Any) -> str:
    """What to do about a key of a format that stands beside it."""
    meant = [written] if written in READERS.names() else READERS.names()
    owner = next((name for name in meant if key in getattr(READERS.get(name), "model_fields", ())), None)
    return f"It belongs inside the format: `format: {{{owner}: {{{key}: ...}}}}`." if owner else ""


def _reader(checker: Checker, data: Mapping[str, Any], origin: Any, path: Breadcrumb) -> tuple[str, Any] | None:
    """The declared format, or the one that the member's name or the source itself tells."""
    if data.get("format") is not None:
        named = checker.named(READERS, data["format"], (*path, "format"))
        return None if named is None else (named.kind, named.value)
    if origin is None:
        return None
    inside = data.get("path")
    found = guess(str(inside).rsplit("!", 1)[-1]) if inside else origin.default_format
    if found is None:
        formats = ", ".join(READERS.names())
        checker.report(path, f"its file name does not tell the format; write `format:` with one of: {formats}")
        return None
    return found[0], READERS.get(found[0]).model_validate(found[1])


def _clean(checker: Checker, data: Any) -> Any:
    if not isinstance(data, list):
        checker.report(("clean",), f"must be a list of cleaning ops{as_list(data)}")
        return ()
    ops = [checker.named(OPS, item, ("clean", str(number))) for number, item in enumerate(data, 1)]
    return tuple(OpSpec(name=op.kind, op=op.value) for op in ops if op)


def _audit(checker: Checker, data: Any) -> Any:
    if not isinstance(data, list):
        checker.report(("audit",), f"must be a list of audits{as_list(data)}")
        return ()
    named = [checker.named(AUDITS, item, ("audit", str(number))) for number, item in enumerate(data, 1)]
    audits = [AuditSpec(name=one.kind, audit=one.value) for one in named if one]
    twice = {one.name for number, one in enumerate(audits) if one.name in {other.name for other in audits[:number]}}
    for name in sorted(twice):
        checker.report(("audit",), f"{name} is asked for twice")
    return tuple(audits)


def _split(checker: Checker, data: Any) -> Any:
    if not isinstance(data, Mapping):
        instead = f"; write {{method: {data}}}" if data in SPLITS.names() else ""
        checker.report(("split",), f"must be keys and values, `method` among them{instead}")
        return _stand_in_split()
    method = data.get("method", "hash")
    if method not in SPLITS.names():
        checker.report(("split", "method"), SPLITS.unknown(str(method)))
        return _stand_in_split()
    parameters = {key: value for key, value in data.items() if key != "method"}
    split = checker.value(SPLITS.get(method), parameters, ("split",))
    return SplitSpec(method=method, split=split) if split else _stand_in_split()


def _stand_in_split() -> SplitSpec:
    """Keeps one mistake in `split` from being told twice; the card is refused anyway."""
    return SplitSpec(method="hash", split=SPLITS.get("hash")())


def _labels(checker: Checker, data: Any) -> Any:
    if isinstance(data, list):
        return _label_names(checker, data, ("labels",))
    if not isinstance(data, Mapping) or not isinstance(data.get("from"), Mapping):
        what = f"must be a list of labels, or `from:` with a rule for each label{as_list(data)}"
        checker.report(("labels",), what, RENAME if isinstance(data, Mapping) else "")
        return None
    for key in set(data) - {"from", "else"}:
        checker.report(("labels", key), f'unknown key "{key}"{nearest(key, ["from", "else"])}', at_key=True)
    labels = _label_names(checker, list(data["from"]), ("labels", "from"))
    otherwise = checker.value(Drop, data["else"], ("labels", "else")) if "else" in data else None
    rules = {name: str(rule) for name, rule in data["from"].items()}
    return labels and labels.model_copy(update={"rules": rules, "otherwise": otherwise and otherwise.drop})


def _label_names(checker: Checker, names: list[Any], path: Breadcrumb) -> Labels | None:
    labels = checker.only(Labels, "names", names, path)
    if labels and len(set(labels.names)) < max(2, len(labels.names)):
        checker.report(path, "must name at least two labels, each once")
    return labels


def _across(source: YamlSource, data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    """Mistakes that show only when keys are seen together; tolerant of keys with mistakes of their own."""
    yield from _naming(source, data)
    yield from _task(data)
    yield from _rules(data)
    yield from _open(data)
    yield from _collection(data)
    yield from asking.objections(data)
    sources = data.get("sources")
    if data.get("select") is None and isinstance(sources, Mapping) and len(sources) > 1:
        yield ("sources",), "several sources need a `select:` that joins them into one table", ""
    elif isinstance(data.get("select"), str):
        from registry.select import objections

        known = sources if isinstance(sources, Mapping) else ()
        for objection in objections(data["select"], known):
            yield ("select",), objection, ""


def _word_in(objection: str, data: Mapping[str, Any]) -> str:
    """What in a `select:` an objection speaks of: `random()`, `"a source"`, `LIMIT ...`; empty for all of it."""
    if objection.startswith("must be one SELECT"):
        other = OTHER_STATEMENT.search(str(data["select"]))
        return other[0] if other else ""
    found = re.search(r'(\w+)\(\)|"([^"]+)"|^([A-Z]+)\b|^(\w+) (?:depends|can mean)', objection)
    return next(filter(None, found.groups()), "") if found else ""


def _naming(source: YamlSource, data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    path = PurePosixPath(source.file)
    kind, name = data.get("kind"), data.get("name")
    if isinstance(name, str) and name != path.stem:
        yield ("name",), f'the file is called "{path.name}"; name and file name must agree', ""
    if kind in ("general", "vertical", "task") and kind != path.parent.name:
        move = f"Move the file to datasets/{kind}/, or write `kind: {path.parent.name}`."
        yield ("kind",), f'the card lies in the folder "{path.parent.name}"; kind and folder must agree', move
    if kind == "vertical" and not data.get("domain"):
        yield ("kind",), "a vertical card names its domain", "Add `domain:` (finance, medicine, retail ...)."


def _task(data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    task = data.get("task")
    if task is None:
        return
    if task not in TASKS.names():
        yield ("task",), TASKS.unknown(str(task)), ""
        return
    try:
        known = TASKS.get(task).metrics
    except UserError as error:  # a plug-in that cannot be used
        yield ("task",), error.what, error.do
        return
    metrics = data.get("metrics")
    for number, metric in enumerate(metrics if isinstance(metrics, list) else [], 1):
        if metric not in known and not (isinstance(metric, str) and SCRIPT.fullmatch(metric)):
            yield (
                ("metrics", str(number)),
                f'unknown metric "{metric}"{nearest(str(metric), known)}. {task} has: {", ".join(known)}.',
                "",
            )


def _usable(task: Any) -> Any:
    """The class of a task; None for what is none, or a plug-in that cannot be used, which is told elsewhere."""
    try:
        return TASKS.get(task) if isinstance(task, str) else None
    except UserError:
        return None


def _open(data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    """What asks for labels where a task has none."""
    task = _usable(data.get("task"))
    if task is None:
        return
    if not TARGETS.get(task.answer).closed and data.get("labels") is not None:
        wanted = f"`{task.target}` is no label of a closed set" if task.target else "there is nothing to label"
        yield ("labels",), f"{data['task']} has no labels: {wanted}", "Leave `labels:` out."
    for number, op in enumerate(data["clean"] if isinstance(data.get("clean"), list) else [], 1):
        name, given = next(iter(op.items()), ("", None)) if isinstance(op, dict) else (op, None)
        counts = name == "balance" or (name == "sample" and isinstance(given, dict) and given.get("per_class"))
        if counts and task.answer != "label":
            yield (
                ("clean", str(number)),
                f"{name} counts rows of each label, and a row of {data['task']} has no one label",
                "",
            )
    for number, audit in enumerate(data["audit"] if isinstance(data.get("audit"), list) else [], 1):
        name = next(iter(audit)) if isinstance(audit, dict) and audit else audit
        if name in AUDITS.names() and name not in audits_of(data["task"]):
            yield ("audit", str(number)), f"{name} cannot look at rows of {data['task']}", ""


def _collection(data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    """A collection is there where the task searches or recommends, and nowhere else; it is one SELECT too."""
    written, task = data.get("collection"), data.get("task")
    found = _usable(task)
    if found is not None:
        has = found.has_collection
        if has and written is None:
            do = "Add `collection:` with a SELECT that yields `id` and `text` of each document or item."
            yield ("task",), f"{task} needs a `collection:`", do
        elif not has and written is not None:
            yield ("collection",), f"{task} reads no collection", "Leave it out."
    if isinstance(written, str):
        from registry.select import objections

        sources = data.get("sources")
        for objection in objections(written, sources if isinstance(sources, Mapping) else ()):
            yield ("collection",), objection, ""


def _rules(data: Mapping[str, Any]) -> Iterator[tuple[Breadcrumb, str, str]]:
    labels = data.get("labels")
    rules = labels.get("from") if isinstance(labels, Mapping) else None
    if not isinstance(rules, Mapping):
        return
    if not isinstance(data.get("annotation"), Mapping):
        yield ("labels", "from"), "label rules read `aggregate`, which only an `annotation:` block yields", ADD_VOTES
    from registry.select import rule_objection

    for label, rule in rules.items():
        objection = rule_objection(str(rule))
        if objection:
            yield ("labels", "from", label), objection, ""
