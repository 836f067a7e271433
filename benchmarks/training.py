"""Our engine against the textbook loop, in one run on one machine: read the ratios, not the rates.

    python -m benchmarks.training --weights FOLDER --texts FILE [--quality]

FILE has a line a text, columns parted by tabs: the text comes last, before it a number whose sign is the
label. The two sides take turns, and medians over the turns are told, so that a busy machine slows both.
`--quality` also trains one epoch on 8,000 texts and probes them, with accuracy on the 1,500 after them.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import transformers

from harness.device import detect
from harness.examples import Examples, Labels
from harness.model import Fitted, Setting
from harness.models.encoder import Encoder, EncoderRecipe
from registry.progress import Silent

TURNS = 5
TEXTBOOK_STEPS = 6  # times TURNS: 30 steps in all
OUR_TEXTS = 1_600
PADDED_TO = 128
ROWS = 16


class Textbook:
    """What a tutorial does: padding to a fixed length, 16 rows a batch, fp32, AdamW, the model as it comes."""

    def __init__(self, weights: Path, train: Examples) -> None:
        auto = transformers.AutoModelForSequenceClassification
        self.network = auto.from_pretrained(weights, num_labels=2, local_files_only=True, dtype="float32")
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(weights, local_files_only=True)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=5e-5)
        self.train, self.at = train, 0

    def train_rate(self) -> float:
        """Examples a second over a few training steps."""
        self.network.train()
        began = time.perf_counter()
        for _ in range(TEXTBOOK_STEPS):
            inputs, labels = self._next()
            self.network(**inputs, labels=labels).loss.backward()
            self.optimiser.step()
            self.optimiser.zero_grad()
        return TEXTBOOK_STEPS * ROWS / (time.perf_counter() - began)

    def evaluate_rate(self) -> float:
        """Examples a second without gradients."""
        self.network.eval()
        began = time.perf_counter()
        with torch.no_grad():
            for _ in range(TEXTBOOK_STEPS):
                self.network(**self._next()[0]).logits.argmax(1)
        return TEXTBOOK_STEPS * ROWS / (time.perf_counter() - began)

    def _next(self) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        rows = slice(self.at, self.at + ROWS)
        self.at = (self.at + ROWS) % (len(self.train) - ROWS)
        inputs = self.tokenizer(
            list(self.train.inputs[rows]),
            padding="max_length",
            max_length=PADDED_TO,
            truncation=True,
            return_tensors="pt",
        )
        return dict(inputs), torch.from_numpy(self.train.told(Labels).labels[rows])


class Rates(NamedTuple):
    """Examples a second; tokenising is inside the evaluation rates, on both sides."""

    train: float
    evaluate: float


def ours(weights: Path, train: Examples, recipe: EncoderRecipe) -> Rates:
    """One epoch of our engine, then predictions for the same texts."""
    model = Encoder(recipe, setting(weights))
    found = model.fit(train, part(train, 0, 0))
    began = time.perf_counter()
    model.predict(train.inputs)
    return Rates(found.facts["examples_per_second"], len(train) / (time.perf_counter() - began))


def setting(weights: Path) -> Setting:
    return Setting("text-classification", ("negative", "positive"), ("en",), 1, detect(), Silent(), weights)


def part(examples: Examples, start: int, end: int) -> Examples:
    return Examples(examples.inputs[start:end], Labels(examples.told(Labels).labels[start:end]))


def read(file: Path) -> Examples:
    """Shuffled, always in the same way."""
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
    order = np.random.default_rng(0).permutation(len(lines))
    labels = np.array([float(lines[row][-2]) > 0 for row in order], dtype=np.int64)
    return Examples(tuple(lines[row][-1] for row in order), Labels(labels))


def ratios(weights: Path, data: Examples) -> None:
    textbook, recipe = Textbook(weights, data), EncoderRecipe(epochs=1)
    turns: dict[str, list[float]] = {"train": [], "evaluate": [], "their train": [], "their evaluate": []}
    for turn in range(TURNS):
        turns["their train"].append(textbook.train_rate())
        turns["their evaluate"].append(textbook.evaluate_rate())
        rates = ours(weights, part(data, turn * OUR_TEXTS, (turn + 1) * OUR_TEXTS), recipe)
        turns["train"].append(rates.train)
        turns["evaluate"].append(rates.evaluate)
    for name in ("train", "evaluate"):
        we, they = statistics.median(turns[name]), statistics.median(turns[f"their {name}"])
        pairs = [a / b for a, b in zip(turns[name], turns[f"their {name}"], strict=True)]
        print(
            f"{name:<9} ours {we:7.1f}/s   textbook {they:6.1f}/s   ratio {we / they:5.1f}"
            f"   (turn by turn {min(pairs):.1f} to {max(pairs):.1f})"
        )


def quality(weights: Path, data: Examples) -> None:
    train, validation = part(data, 0, 8_000), part(data, 8_000, 9_500)
    for recipe in (EncoderRecipe(epochs=1, learning_rate=1e-4), EncoderRecipe(method="probe")):
        found: Fitted = Encoder(recipe, setting(weights)).fit(train, validation)
        print(f"{recipe.method:<9} {found.trainable_parameters:,} weights trained; {found.facts}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--quality", action="store_true")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    data = read(arguments.texts)
    print(f"{detect()}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    ratios(arguments.weights, data)
    if arguments.quality:
        quality(arguments.weights, data)


if __name__ == "__main__":
    main()
