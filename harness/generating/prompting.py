"""How rows are put to a generative model: instruction, worked examples, the row itself.

Owns the places that a card's template may name. What stands in rows is put in once and never read as a template. Knows
nothing of tokens and servers.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field, field_validator

from harness.examples import Answers, Examples, Input, Labels, Numbers, Pair, Question, References, Texts
from harness.generating import wording
from registry.errors import UserError, nearest
from registry.frozen import Frozen, Text

INPUTS: Mapping[str, tuple[str, ...]] = {
    "text-classification": ("text",),
    "text-pair": ("text", "text_pair"),
    "text-regression": ("text",),
    "text-similarity": ("text", "text_pair"),
    "question-answering": ("question", "text"),
    "summarisation": ("text",),
    "translation": ("text",),
    "text-generation": ("text",),
}
"""The places of a row, by task."""

LABELLED = ("text-classification", "text-pair")
NUMBERED = ("text-regression", "text-similarity")
ABOUT = ("labels", "source", "target")
"""Places that are the same for every row: all labels, the languages of a translation."""
PLACE = re.compile(r"\{(\w*)\}")
SEPARATOR = "\n\n"


class Prompt(Frozen):
    """What a card writes of a prompt; what it leaves out has a usual wording for each task, in English or Chinese."""

    instruction: Text | None = None
    """What is asked, once. It may name {labels}, {source} and {target}."""
    item: Text | None = None
    """How a row is shown, and where the answer begins. It names {text}, and {text_pair} or {question}."""
    system: Text = ""
    """What a chat begins with; nothing is said by default, and the model's own template may say something."""
    names: dict[Text, Annotated[Text, Field(min_length=1)]] = {}
    """What a label is called in the prompt, where its own name says little."""

    @field_validator("instruction", "item")
    @classmethod
    def _known_places(cls, template: str | None) -> str | None:
        known = (*ABOUT, "text", "text_pair", "question")
        strange = [place for place in PLACE.findall(template or "") if place not in known]
        if strange:
            raise ValueError(f"names {{{strange[0]}}}{nearest(strange[0], known)}; known: {', '.join(known)}")
        return template

    @field_validator("item")
    @classmethod
    def _shows_the_row(cls, template: str | None) -> str | None:
        if template is not None and not {"text", "question"} & set(PLACE.findall(template)):
            raise ValueError("does not name {text}, so every row would be the same")
        return template


class Turn(NamedTuple):
    """A worked example."""

    asked: str
    answered: str


class Dialogue(NamedTuple):
    """What a model reads of one row; the instruction stands before the first of what is asked."""

    system: str
    shots: tuple[Turn, ...]
    asked: str

    def messages(self) -> list[dict[str, str]]:
        """For a chat model: each worked example is a turn of both sides."""
        opening = [{"role": "system", "content": self.system}] if self.system else []
        pairs = [(("user", turn.asked), ("assistant", turn.answered)) for turn in self.shots]
        said = [*(one for pair in pairs for one in pair), ("user", self.asked)]
        return opening + [{"role": role, "content": content} for role, content in said]

    def plain(self) -> str:
        """For a model that goes on writing."""
        opening = [self.system] if self.system else []
        worked = [turn.asked + joint(turn.asked) + turn.answered for turn in self.shots]
        return SEPARATOR.join([*opening, *worked, self.asked])


def joint(asked: str) -> str:
    """What stands between a prompt and its answer: nothing behind a space or in scripts without spaces."""
    return " " if asked[-1:].isascii() and not asked[-1:].isspace() else ""


@dataclass(frozen=True)
class Prompter:
    """The prompts of one run."""

    instruction: str
    item: str
    """With places for what is in a row, and for `about`: names of labels may look like places, too."""
    about: Mapping[str, str]
    system: str
    labels: tuple[str, ...]
    """What labels are called in it, in the card's order."""
    nothing: str
    """What stands for "there is no answer"; empty where there always is one."""
    shots: tuple[Turn, ...] = ()

    def dialogue(self, row: Input) -> Dialogue:
        turns = [*self.shots, Turn(self._shown(row), "")]
        turns[0] = turns[0]._replace(asked=SEPARATOR.join(filter(None, [self.instruction, turns[0].asked])))
        return Dialogue(self.system, tuple(turns[:-1]), turns[-1].asked)

    def with_shots(self, train: Examples, count: int, seed: int) -> "Prompter":
        """The same with worked examples of the train split: drawn by the seed, as many of each label as can be.

        UserError where there are too few rows.
        """
        if count > len(train):
            what = f"{count} worked examples are asked for, and there are {len(train)} training rows"
            raise UserError(what, do="Write a smaller `shots:`.")
        told = _told(train.answers, self)
        turns = tuple(Turn(self._shown(train.inputs[row]), told[row]) for row in _drawn(train.answers, count, seed))
        return replace(self, shots=turns)

    def _shown(self, row: Input) -> str:
        return _filled(self.item, {**self.about, **fields(row)})


def prompter(prompt: Prompt, task: str, labels: tuple[str, ...], languages: tuple[str, ...]) -> Prompter:
    """The prompts of a card for a task. UserError for a place that the task does not have."""
    usual = wording.usual(task, languages)
    names = tuple(prompt.names.get(label, label) for label in labels)
    for label in prompt.names:
        if label not in labels:
            raise UserError(f'the prompt names the label "{label}"{nearest(label, labels)}; the card has no such label')
    if len(set(map(plain, names))) < len(names):
        raise UserError("two labels have the same name in the prompt", do="Give them others with `names:`.")
    if not all(map(plain, names)):
        raise UserError("a label has a name without letters in the prompt", do="Give it another with `names:`.")
    in_chinese = wording.chinese(languages)
    spoken = [wording.name(language, in_chinese=in_chinese) for language in (*languages, *languages)[:2]]
    about = {"labels": ("、" if in_chinese else ", ").join(names)} if labels else {}
    about |= dict(zip(("source", "target"), spoken, strict=False)) if task == "translation" else {}
    templates = [usual.instruction if prompt.instruction is None else prompt.instruction, prompt.item or usual.item]
    _check(templates, {*INPUTS[task], *about}, task)
    return Prompter(_filled(templates[0], about), templates[1], about, prompt.system, names, usual.nothing)


def plain(text: str) -> str:
    """As names are compared: case and width of letters do not matter, nor do the underscores of label names."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def fields(row: Input) -> dict[str, str]:
    """The places of a row."""
    match row:
        case str():
            return {"text": row}
        case Pair() | Question():
            return dict(row._asdict())
    raise TypeError(f"{type(row).__name__} cannot be put into a prompt")


def rewritten(row: Input, change: Callable[[str], str]) -> Input:
    """The row with every text of it changed."""
    match row:
        case Pair() | Question():
            return type(row)(*map(change, row))
        case str():
            return change(row)
    raise TypeError(f"{type(row).__name__} cannot be put into a prompt")


def shortened(row: Input, characters: int) -> Input:
    """The row without so many characters at the end of its longest text."""
    longest = max(fields(row).values(), key=len)
    kept = longest[: max(0, len(longest) - characters)]
    return rewritten(row, lambda text: kept if text == longest else text)


def _check(templates: list[str], known: set[str], task: str) -> None:
    for template in templates:
        for place in PLACE.findall(template):
            if place not in known:
                what = f"the prompt names {{{place}}}, which {task} does not have"
                raise UserError(what, do=f"Known here: {', '.join(sorted(known))}.")


def _filled(template: str, values: Mapping[str, str]) -> str:
    """In one pass, so that braces in a row stay what they are."""
    return PLACE.sub(lambda found: values[found[1]], template)


def _told(answers: Answers, prompter: Prompter) -> list[str]:
    """The right answers as a model is to write them."""
    match answers:
        case Labels():
            return [prompter.labels[label] for label in answers.labels]
        case Numbers():
            return [f"{number:g}" for number in answers.values]
        case References():
            return [some[0] if some else prompter.nothing for some in answers.texts]
        case Texts():
            return list(answers.texts)
    raise TypeError(f"{type(answers).__name__} cannot be shown as worked examples")


def _drawn(answers: Answers, count: int, seed: int) -> list[int]:
    """Rows drawn without repetition; labels take turns, in an order that is drawn too."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(answers[0])).tolist()  # type: ignore[arg-type]
    if not isinstance(answers, Labels):
        return order[:count]
    seen: dict[int, int] = {}
    rounds = []
    for row in order:
        label = int(answers.labels[row])
        seen[label] = seen.get(label, 0) + 1
        rounds.append(seen[label])
    turns = sorted(range(len(order)), key=lambda place: rounds[place])[:count]
    return [order[place] for place in rng.permutation(turns)] if turns else []
