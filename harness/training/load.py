"""A folder of weights to a network and its tokenizer. Runs no code from the folder and opens no socket.

Refuses pickled weights, folders that lack a file, weights that do not fit their own configuration, and
networks with a decoder that waits for a second input.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from harness.training.machine import quiet
from registry.errors import UserError, clipped, plural

_TOKENIZERS = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}


class Loaded(NamedTuple):
    """`backbone` in fp32, training mode off. `max_length` is the most tokens it can take.

    `tells_texts_apart`: it has learnt which text of a pair a token is of, as BERT has and RoBERTa has not.
    """

    backbone: Any
    tokenizer: Any
    max_length: int
    tells_texts_apart: bool


def load(folder: Path, dropout: float) -> Loaded:
    """The network in `folder`, every dropout in it set to `dropout`. UserError where it cannot be used."""
    import transformers

    check(folder)
    with loading(folder):
        config = _configuration(folder, dropout)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **LOCAL)
        backbone, report = transformers.AutoModel.from_pretrained(
            folder, **LOCAL, config=config, use_safetensors=True, attn_implementation="eager", dtype="float32",
            output_loading_info=True,
        )  # fmt: skip
    if not tokenizer.is_fast:
        raise UserError("the tokenizer has no fast implementation (tokenizer.json)", where=str(folder))
    check_fit(folder, backbone, tokenizer, report, unused="pooler")
    apart = getattr(backbone.config, "type_vocab_size", 0) > 1
    return Loaded(backbone.eval(), tokenizer, _max_length(backbone, tokenizer), apart)


@contextmanager
def loading(weights: Path) -> Iterator[None]:
    """Quiet libraries, and a UserError for whatever they find wrong with weights: these come from strangers."""
    from safetensors import SafetensorError

    try:
        with quiet():
            yield
    except (OSError, ValueError, KeyError, IndexError, TypeError, ImportError, RuntimeError, SafetensorError) as error:
        what = clipped(str(error).strip().split("\n")[0]) or type(error).__name__
        raise UserError(f"the weights cannot be loaded: {what}", where=str(weights)) from error


def check_fit(weights: Path, network: Any, tokenizer: Any, report: dict[str, Any], unused: str = "\0") -> None:
    """UserError where network, configuration and tokenizer are not of one kind.

    A tensor that is missing would silently stay random; only one whose name holds `unused` may be.
    """
    missing = sorted(key for key in report["missing_keys"] if unused not in key)
    wrong = [*missing, *sorted(str(key) for key in report["mismatched_keys"])]
    if wrong:
        what = f"{plural(len(wrong), 'tensor')} missing or of another shape, first {clipped(wrong[0])}"
        raise UserError(f"the weights do not fit their configuration: {what}", where=str(weights))
    rows = network.get_input_embeddings().num_embeddings
    if len(tokenizer) > rows:
        what = f"the tokenizer knows {len(tokenizer):,} tokens and the network {rows:,}: they do not fit"
        raise UserError(what, where=str(weights))


def check(folder: Path) -> None:
    """UserError where `folder` lacks what is needed. Reads names only, so it is cheap enough for a plan."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if not names & {"model.safetensors", "model.safetensors.index.json"}:
        pickled = sorted(name for name in names if name.endswith(_PICKLES))
        if pickled:
            raise UserError(
                f"{pickled[0]} is a pickle, which can run code when it is read; safetensors is needed",
                where=str(folder),
                do="Use a revision that has model.safetensors, or convert the weights where you trust them.",
            )
        raise _lacks(folder, "model.safetensors")
    if "config.json" not in names:
        raise _lacks(folder, "config.json")
    if not names.intersection(_TOKENIZERS):
        raise _lacks(folder, "a tokenizer (tokenizer.json, vocab.txt ...)")


def _lacks(folder: Path, what: str) -> UserError:
    return UserError(
        f"the weights folder lacks {what}",
        where=str(folder),
        do="`save_pretrained` of a model and of its tokenizer writes such a folder.",
    )


def _configuration(folder: Path, dropout: float) -> Any:
    """The network's configuration; dropout rates go by many names in it, and all of them are numbers."""
    import transformers

    config = transformers.AutoConfig.from_pretrained(folder, **LOCAL)
    if config.is_encoder_decoder:
        raise ValueError(f"{config.model_type} has a decoder; an encoder is needed")
    for name, value in config.to_dict().items():
        if ("dropout" in name or name.endswith("pdrop")) and isinstance(value, int | float):
            setattr(config, name, dropout)
    return config


def _max_length(backbone: Any, tokenizer: Any) -> int:
    """Tokens that both can take. RoBERTa and its kin count positions from behind their padding number."""
    positions = getattr(backbone.config, "max_position_embeddings", None) or 2**20
    table = getattr(getattr(backbone, "embeddings", None), "position_embeddings", None)
    behind = getattr(table, "padding_idx", None)
    return min(int(tokenizer.model_max_length), positions - (0 if behind is None else behind + 1))
