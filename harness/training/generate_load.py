"""Weights of generative models, with what turns text into tokens: a folder of safetensors, or one GGUF file.

Runs no code from them and opens no socket. A GGUF file holds its tokenizer and its configuration; its quantised numbers
become floating point again. Refuses pickles, and weights that do not fit their own configuration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch

from harness.training.load import LOCAL, check, check_fit, loading
from harness.training.machine import Machine

GGUF = ".gguf"
UNTOLD = 1 << 20
"""Above this, a tokenizer that names a longest text means that it knows of none."""


class Generative(NamedTuple):
    """`network` on its device, training mode off. `longest` is the most tokens it reads, None where it tells none."""

    network: Any
    tokenizer: Any
    machine: Machine
    longest: int | None

    @property
    def parameters(self) -> int:
        return sum(weight.numel() for weight in self.network.parameters())

    @property
    def pad(self) -> int:
        """Decoder-only vocabularies often have no padding token; any will do, since the mask hides it."""
        known = (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id, 0)
        return int(next(number for number in known if number is not None))

    @property
    def ends(self) -> frozenset[int]:
        """The tokens that end an answer."""
        told = self.network.generation_config.eos_token_id
        several = told if isinstance(told, list) else [told]
        return frozenset(end for end in (*several, self.tokenizer.eos_token_id) if end is not None)


def load(weights: Path, kind: Literal["decoder", "seq2seq"], machine: Machine, *, to_learn: bool = False) -> Generative:
    """The network and its tokenizer; weights that are `to_learn` stay fp32. UserError where they cannot be used."""
    import transformers

    is_file = weights.suffix == GGUF
    if not is_file:
        check(weights)
    folder, file = (weights.parent, {"gguf_file": weights.name}) if is_file else (weights, {})
    loader: Any = transformers.AutoModelForCausalLM if kind == "decoder" else transformers.AutoModelForSeq2SeqLM
    with loading(weights), _no_bar():
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **LOCAL, **file)
        network, report = loader.from_pretrained(
            folder, **LOCAL, **file, use_safetensors=True, dtype="float32", output_loading_info=True
        )
    check_fit(weights, network, tokenizer, report)
    precision = torch.float32 if to_learn or machine.precision == "fp32" else torch.bfloat16
    return Generative(network.to(machine.kind, precision).eval(), tokenizer, machine, _longest(network, tokenizer))


@contextmanager
def _no_bar() -> Iterator[None]:
    """The reader of GGUF files draws a bar of its own, whatever transformers was told."""
    from transformers import modeling_gguf_pytorch_utils as reader

    library: Any = reader
    drawn, library.tqdm = library.tqdm, partial(library.tqdm, disable=True)
    try:
        yield
    finally:
        library.tqdm = drawn


def _longest(network: Any, tokenizer: Any) -> int | None:
    """T5 and its kin have no table of positions; their tokenizer tells what they were made for."""
    told = getattr(network.config, "max_position_embeddings", None), tokenizer.model_max_length
    return min((int(size) for size in told if size is not None and size < UNTOLD), default=None)
