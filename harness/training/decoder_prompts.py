"""Prompts as tokens: through the tokenizer's chat template where it has one, cut where they are too long.

What is cut is a row's longest text, from its end; the instruction, the worked examples and the cue for the answer stay
whole. What a row says can never be a special token, such as the one that ends a turn.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from harness.examples import Examples, Input, References, Texts
from harness.generating.prompting import Prompter, fields, joint, rewritten, shortened
from harness.training.tokenize import readable
from registry.errors import UserError, clipped

Row = list[int]


class Prompts(NamedTuple):
    """The prompts of all rows, in order."""

    texts: tuple[str, ...]
    tokens: tuple[Row, ...]
    cut: int
    """Rows that lost the end of a text."""


class Choices(NamedTuple):
    """Prompts, and behind each of them the tokens of every answer that there may be; none of them is empty."""

    prompts: tuple[Row, ...]
    answers: tuple[tuple[Row, ...], ...]


class Encoder(NamedTuple):
    """Prompts to tokens."""

    tokenizer: Any
    prompter: Prompter
    longest: int
    """Tokens that a prompt may have."""
    chat: bool

    def prompts(self, rows: Iterable[Input]) -> Prompts:
        """UserError where all but the row's own text is too long already, or the chat template fails."""
        texts, tokens, cut = [], [], 0
        for row in rows:
            text = self._text(row)
            found = self._tokens(text)
            cut += len(found) > self.longest
            while len(found) > self.longest:
                row = shortened(row, self._too_many(row, len(found)))  # noqa: PLW2901 - until it fits
                text = self._text(row)
                found = self._tokens(text)
            texts.append(text)
            tokens.append(found)
        return Prompts(tuple(texts), tuple(tokens), cut)

    def choices(self, prompts: Prompts, answers: Sequence[str]) -> Choices:
        """A tokenizer may join the end of a prompt with the beginning of an answer: a prompt ends where the tokens of
        both together are no longer its own, so that the same text is weighed whatever its tokens.

        Where an answer begins another one, which could then never be more probable, the end of each counts, too.
        """
        if any(other.startswith(one) for one, other in pairwise(sorted(answers))):
            end = (self.chat and self.tokenizer.eos_token) or "\n"
            answers = [answer + end for answer in answers]
        begun, behind = [], []
        for text, tokens in zip(prompts.texts, prompts.tokens, strict=True):
            gap = "" if self.chat else joint(text)
            whole = [self._tokens(text + gap + answer) for answer in answers]
            shared = _shared(tokens, whole)
            begun.append(whole[0][:shared])
            behind.append(tuple(one[shared:] for one in whole))
        return Choices(tuple(begun), tuple(behind))

    def _too_many(self, row: Input, tokens: int) -> int:
        """Characters of a row that can surely go: a character is four tokens at most, and most are less than one."""
        length, excess = sum(map(len, fields(row).values())), tokens - self.longest
        if not length:
            what = f"the prompt has {tokens} tokens without any row, and {self.longest} are the most"
            raise UserError(what, do="Write fewer `shots:`, or a larger `max_length:`.")
        return max(1, excess // 4, int(0.9 * length * excess / tokens))

    def _text(self, row: Input) -> str:
        import jinja2

        dialogue = self.prompter.dialogue(row)
        if not self.chat:
            return dialogue.plain()
        try:
            return str(
                self.tokenizer.apply_chat_template(dialogue.messages(), tokenize=False, add_generation_prompt=True)
            )
        except (jinja2.TemplateError, TypeError, ValueError) as error:
            raise UserError(
                f"the model's chat template fails: {clipped(str(error))}", do="Try `chat: false`."
            ) from None

    def _tokens(self, text: str) -> Row:
        """A chat template writes its own special tokens; else the tokenizer adds what begins a text, not what ends
        it."""
        found = list(self.tokenizer(text, add_special_tokens=not self.chat).input_ids)
        ends = not self.chat and len(found) > 1 and found[-1] == self.tokenizer.eos_token_id
        return found[:-1] if ends else found


def harmless(tokenizer: Any, rows: Sequence[Input]) -> tuple[Input, ...]:
    """Rows whose texts hold no special token of the tokenizer."""
    change = _parting(tokenizer)
    return tuple(rewritten(row, change) for row in rows)


def harmless_examples(tokenizer: Any, train: Examples) -> Examples:
    """Right answers that are texts of the data are as foreign as what is asked."""
    change, answers = _parting(tokenizer), train.answers
    match answers:
        case Texts(texts):
            answers = Texts(tuple(map(change, texts)))
        case References(texts):
            answers = References(tuple(tuple(map(change, several)) for several in texts))
    return Examples(harmless(tokenizer, train.inputs), answers)


def _parting(tokenizer: Any) -> Callable[[str], str]:
    """Puts a blank between the letters of what looks like a special token."""
    known = {*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()}
    special = sorted(token for token in known if len(token) > 1)

    def change(text: str) -> str:
        for token in special:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        return readable(text)

    return change


def _shared(prompt: Row, whole: Sequence[Row]) -> int:
    """Tokens that a prompt and all its answers begin with; every answer has at least one more."""
    there = zip(prompt, *whole, strict=False)
    parted = next((place for place, tokens in enumerate(there) if len(set(tokens)) > 1), len(prompt))
    return min(parted, *(len(tokens) - 1 for tokens in whole))
