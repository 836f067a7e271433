"""Any program as a model: it reads inputs as lines of JSON and prints answers, in whatever language it is written.

`run:` is the program with its arguments, started without a shell, once for each run of the matrix, in a folder of its
own that holds:

| file | what |
|---|---|
| `task.json` | `task`, `labels`, `languages`, `seed` |
| `train.jsonl`, `validation.jsonl` | the input with its right answer, a line for each example; may be empty |
| `inputs.jsonl` | a line for each input to answer; the same lines come on standard input |
| `collection.jsonl` | `id` and `text` of every document or item, for tasks that have them |

It prints one line for each input, in the same order, with its answer: `{"label": "good"}`, `{"answer": "..."}`,
`{"ranking": ["id", ...]}` (`harness.outside.wire` lists all); logs belong on standard error. For example, in Python:

    import collections, json
    train = [json.loads(line) for line in open("train.jsonl", encoding="utf-8")]
    (label, _), = collections.Counter(one["label"] for one in train).most_common(1)
    for line in open("inputs.jsonl", encoding="utf-8"):
        print(json.dumps({"label": label}))

A word of `run:` that names a file of the project is given to the program as that file's full path, and its content
counts: a changed script is another run. So does what `files:` names beside (modules that the script imports). Of the
environment the program gets PATH, HOME, LANG, LC_ALL and what `environment:` names, with TMPDIR in its folder.
Refuses to run without `--allow-code`; the time of learning and answering counts as answering.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from shlex import join
from typing import IO, Annotated, Any, ClassVar

from pydantic import Field

from harness.examples import Answers, Examples, Input
from harness.model import Fitted, Model, Setting
from harness.outside import program, wire
from registry.digest import known_digest
from registry.errors import UserError, clipped, plural
from registry.frozen import Frozen, Text
from registry.kinds import TASKS
from registry.progress import Silent
from registry.source import FetchContext, Pin
from registry.sources.local import Local, ProjectPath

ONLY_ANSWERS = "Print nothing but one answer for each input; everything else belongs on standard error."


class CommandRecipe(Frozen):
    """`files` are paths or globs of the project."""

    run: Annotated[tuple[Annotated[Text, Field(min_length=1)], ...], Field(min_length=1)]
    timeout_s: float = Field(default=3600, gt=0)
    files: tuple[ProjectPath, ...] = ()
    environment: tuple[Annotated[Text, Field(pattern=r"^[A-Za-z_]\w*$", description="names of variables")], ...] = ()


class Command(Model):
    """The program of a card. What it is told is all of the training data, and inputs without their answers."""

    Recipe: ClassVar[type[Frozen]] = CommandRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = TASKS.names()
    needs_training_data: ClassVar[bool] = False
    runs_code: ClassVar[bool] = True

    def __init__(self, recipe: CommandRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.learnt: dict[str, Examples] = {}

    @staticmethod
    def uses_seed(recipe: CommandRecipe) -> bool:  # noqa: ARG004
        """It is told the seed."""
        return True

    @staticmethod
    def program(recipe: CommandRecipe) -> str:
        return join(recipe.run)

    @staticmethod
    def files(recipe: CommandRecipe, project: Path) -> dict[str, str]:
        """UserError where `files:` names what is not there."""
        context = FetchContext(project, project / ".bench", True, Silent())
        beside = [file for name in recipe.files for file in Local(path=name).fetch(context, Pin()).files]
        named = {word: found for word in recipe.run if (found := _file(word, project)) is not None}
        return {file.name: file.sha256 for file in beside} | {word: known_digest(file) for word, file in named.items()}

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        """Keep the examples: the program learns and answers in one go."""
        self.learnt = {"train": train, "validation": validation}
        return Fitted(0, 0, {"program": self.program(self.recipe)})

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """UserError, which names the program, for whatever it does wrong."""
        project, name = self.setting.project, clipped(self.program(self.recipe))
        terms = program.Terms(self.recipe.timeout_s, self.recipe.environment)
        with _folder() as folder, tempfile.TemporaryFile() as printed, self.setting.progress.step(f"run {name}"):
            self._tell(folder, inputs)
            try:
                program.run(_command(self.recipe.run, project), folder, folder / "inputs.jsonl", printed, terms)
                printed.seek(0)
                return _answers(printed, len(inputs), self.setting.labels, terms)
            except UserError as error:
                raise UserError(error.what, where=": ".join(filter(None, (name, error.where))), do=error.do) from None

    def _tell(self, folder: Path, inputs: tuple[Input, ...]) -> None:
        setting = self.setting
        facts = {"labels": setting.labels, "languages": setting.languages, "seed": setting.seed}
        _write(folder / "task.json", [{"task": setting.task, **facts}])
        _write(folder / "inputs.jsonl", wire.inputs(inputs))
        for name, examples in self.learnt.items():
            asked, right = wire.inputs(examples.inputs), wire.told(examples.answers, setting.labels)
            _write(folder / f"{name}.jsonl", ({**one, **answer} for one, answer in zip(asked, right, strict=True)))
        if setting.collection is not None:
            documents = zip(setting.collection.ids, setting.collection.texts, strict=True)
            _write(folder / "collection.jsonl", ({"id": one, "text": text} for one, text in documents))


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary one. What a program leaves that cannot be removed does not undo its answers."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _write(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _file(word: str, project: Path) -> Path | None:
    """The file of the project that a word names; None where it names none, or one that lies elsewhere."""
    root = project.resolve()
    try:
        path = (root / word).resolve()
        return root / word if path.is_relative_to(root) and path.is_file() and not Path(word).is_absolute() else None
    except (OSError, ValueError):  # no name that a file could have
        return None


def _command(words: tuple[str, ...], project: Path) -> list[str]:
    """Files of the project by their full path; the program from the project, or else from the PATH."""
    program, *arguments = (str(_file(word, project) or word) for word in words)
    found = shutil.which(program, path=os.environ.get("PATH"))
    if found is None and not Path(program).is_file():
        do = "Install it, or correct `run:` in the model card."
        raise UserError(f'there is no program "{clipped(program)}"', do=do)
    return [found or program, *arguments]


def _answers(printed: IO[bytes], inputs: int, labels: tuple[str, ...], terms: program.Terms) -> Answers:
    """What is too much is only counted: it may be anything."""
    found = dict(islice(wire.lines(printed, _place, terms.hidden), inputs))
    count = len(found) + sum(1 for line in printed if line.strip())
    if count != inputs:
        raise UserError(f"printed {plural(count, 'answer')} for {plural(inputs, 'input')}", do=ONLY_ANSWERS)
    numbers = list(found)
    return wire.Given(list(found.values()), labels, lambda row: _place(numbers[row])).answers()


def _place(number: int) -> str:
    return f"line {number} of what it printed"
