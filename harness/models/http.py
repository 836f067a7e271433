"""A model behind a server that speaks the OpenAI protocol: a service, or llama.cpp, vLLM, Ollama and the like.

It is prompted as a local decoder is. The key comes from the environment and is written nowhere; answers are kept in the
store, so that a run can be repeated, and continued, without asking again.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from harness.device import Device
from harness.examples import Answers, Examples, Input
from harness.generating.prompting import INPUTS, Prompt, Prompter, fields, prompter, rewritten, shortened
from harness.generating.reading import Reader, usual_of
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen, Text

if TYPE_CHECKING:
    from harness.generating.asking import Tally
    from harness.generating.endpoint import Reply

MILLION = 1_000_000
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"


class Price(Frozen):
    """For a million tokens, in the money of the card's author."""

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)


class HttpRecipe(Frozen):
    """Where the model is and how it is asked. What changes no answer is no part of a run's identity."""

    url: Text | None = None
    """What stands before `/chat/completions`: https://host/v1."""
    url_from: Text | None = Field(default=None, pattern=VARIABLE)
    """The environment variable that holds it instead."""
    model: Text = Field(min_length=1)
    """The server's own name of it."""
    key_from: Text | None = Field(default=None, pattern=VARIABLE, exclude=True)
    """The environment variable that holds the key; a server without keys needs none."""
    api: Literal["chat", "completions"] = "chat"
    """Whether it is spoken to in turns, or goes on writing."""
    prompt: Prompt = Prompt()
    shots: int = Field(default=0, ge=0, le=100)
    """Worked examples before each row, drawn from the train split by the seed; of labels, as many of each as can be."""
    max_characters: int | None = Field(default=None, ge=1)
    """Characters that a row may have; a longer one loses its end, and how often that happened is recorded."""
    max_tokens: int = Field(default=128, ge=1)
    """Of an answer."""
    limit_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the server calls that limit; newer models of OpenAI take the second only."""
    temperature: float | None = Field(default=0.0, ge=0)
    """0 asks for the most probable answer, which servers give more or less; null sends none, where none is taken."""
    concurrency: int = Field(default=4, ge=1, le=64, exclude=True)
    """Requests at the same time."""
    retries: int = Field(default=4, ge=0, le=20, exclude=True)
    """Tries after the first, of a request that met a broken connection, HTTP 429 or 5xx."""
    requests_per_minute: int | None = Field(default=None, ge=1, exclude=True)
    timeout_s: float = Field(default=60.0, gt=0, exclude=True)
    """Seconds that one answer may take."""
    price: Price | None = Field(default=None, exclude=True)

    @field_validator("url")
    @classmethod
    def _an_address(cls, url: str | None) -> str | None:
        from harness.generating.endpoint import usable

        return url if url is None else usable(url)

    @model_validator(mode="after")
    def _one_address(self) -> "HttpRecipe":
        if (self.url is None) == (self.url_from is None):
            raise ValueError("needs one of url and url_from")
        return self


class Http(Model):
    """A prompted model that others run."""

    Recipe: ClassVar[type[Frozen]] = HttpRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = tuple(INPUTS)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: HttpRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.prompter: Prompter = prompter(recipe.prompt, setting.task, setting.labels, setting.languages)
        self.usual: float | None = None
        self.facts: dict[str, Any] = {}

    @staticmethod
    def uses_seed(recipe: HttpRecipe) -> bool:
        return recipe.shots > 0 or recipe.temperature != 0

    @staticmethod
    def resolve(recipe: HttpRecipe, device: Device) -> Settled:  # noqa: ARG004 - the device is theirs
        """The address, where the environment tells it."""
        told = _address(recipe, os.environ) if recipe.url_from else None
        return {"url": told} if told else {}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002 - nothing is chosen
        """Draw the worked examples. UserError where they, the address or the key cannot be had."""
        _known_address(self.recipe)
        _key(self.recipe)
        self.usual = usual_of(train)
        if self.recipe.shots:
            self.prompter = self.prompter.with_shots(train, self.recipe.shots, self.setting.seed)
        return Fitted(0, 0, {"shots": self.recipe.shots})

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """What was read out of the answers. UserError where one cannot be had."""
        from harness.generating.asking import Asking, Manner
        from harness.generating.endpoint import Endpoint

        recipe, setting = self.recipe, self.setting
        reader = Reader(setting.task, self.prompter.labels, self.prompter.nothing, self.usual)
        rows = [self._cut(row) for row in inputs]
        manner = Manner(recipe.concurrency, recipe.retries, recipe.requests_per_minute, setting.offline)
        endpoint = Endpoint(_known_address(recipe), recipe.api, _key(recipe), recipe.timeout_s, recipe.concurrency)
        asking = Asking(endpoint, manner, setting.cache)
        try:
            with setting.progress.step("ask", len(rows), "answers") as step:
                replies = asking.all([self._body(row, reader.stop) for row in rows], step)
        finally:
            endpoint.close()
        answers, unreadable = reader.read([reply.text for reply in replies])
        cut = sum(one != rewritten(row, _sendable) for one, row in zip(rows, inputs, strict=True))
        self.facts = _facts(asking.tally, recipe.price) | {"unreadable_answers": unreadable, "cut_texts": cut}
        return answers

    def found(self) -> dict[str, Any]:
        """Answers that were asked for and kept, their tokens and price, tries that failed."""
        return self.facts

    def _body(self, row: Input, stop: str) -> dict[str, Any]:
        """A request as the server reads it; the store keeps its answer under it."""
        recipe, dialogue = self.recipe, self.prompter.dialogue(row)
        asked = (
            {"messages": dialogue.messages()} if recipe.api == "chat" else {"prompt": dialogue.plain(), "stop": [stop]}
        )
        body = {"model": recipe.model, **asked, recipe.limit_name: recipe.max_tokens}
        if recipe.temperature is not None:
            body["temperature"] = recipe.temperature
        return body | ({"seed": self.setting.seed} if recipe.temperature != 0 else {})

    def _cut(self, row: Input) -> Input:
        most = self.recipe.max_characters
        row = rewritten(row, _sendable)
        while most is not None and (length := sum(map(len, fields(row).values()))) > most:
            row = shortened(row, length - most)
        return row


def _sendable(text: str) -> str:
    """Half a surrogate pair cannot be sent."""
    return text.encode("utf-8", "replace").decode()


def _address(recipe: HttpRecipe, environment: Mapping[str, str]) -> str | None:
    """None where the environment does not tell, or tells what is no address."""
    from harness.generating.endpoint import usable

    try:
        return recipe.url or usable(environment.get(recipe.url_from or "", ""))
    except ValueError:
        return None


def _known_address(recipe: HttpRecipe) -> str:
    found = _address(recipe, os.environ)
    if found is None:
        what = f"the environment variable {recipe.url_from} holds no address of a server"
        raise UserError(what, do=f"Set it: {recipe.url_from}=https://host/v1, without a key in it.")
    return found


def _key(recipe: HttpRecipe) -> str:
    """Empty where the card names none. What a variable holds is never told."""
    if recipe.key_from is None:
        return ""
    found = os.environ.get(recipe.key_from, "").strip()
    if not found:
        raise UserError(f"the environment variable {recipe.key_from} holds no key", do="Set it to the server's key.")
    if not (found.isascii() and found.isprintable() and " " not in found):
        raise UserError(f"the environment variable {recipe.key_from} holds what cannot be a key", do="Set it again.")
    return found


def _facts(tally: "Tally", price: Price | None) -> dict[str, Any]:
    """Tokens and price of all answers, also of those that the store had, and what was paid now."""
    every = [*tally.asked, *tally.kept]
    facts: dict[str, Any] = {"asked_answers": len(tally.asked), "kept_answers": len(tally.kept)}
    facts |= {"prompt_tokens": _sum(every, "prompt_tokens"), "generated_tokens": _sum(every, "generated_tokens")}
    facts |= {"failed_tries": dict(sorted(tally.failed.items()))}
    if price is not None:
        facts |= {"cost": _cost(every, price), "paid": _cost(tally.asked, price)}
    return facts


def _sum(replies: "list[Reply]", name: str) -> int | None:
    """None where the server did not tell of every answer."""
    counts = [getattr(reply, name) for reply in replies]
    return None if None in counts else sum(counts)


def _cost(replies: "list[Reply]", price: Price) -> float | None:
    prompt, completion = _sum(replies, "prompt_tokens"), _sum(replies, "generated_tokens")
    return (
        None
        if prompt is None or completion is None
        else (prompt * price.prompt + completion * price.completion) / MILLION
    )
