"""A decoder and a sequence-to-sequence network with random weights, made on the spot: for tests only, never on a board."""

from pathlib import Path
from typing import Any

CHAT = "{% for one in messages %}<|{{ one.role }}|>{{ one.content }}</s>{% endfor %}<|assistant|>"
SPECIAL = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>"}
TURNS = ["<|user|>", "<|assistant|>", "<|system|>"]
POSITIONS = 512


def save_decoder(folder: Path, *, chat: str | None = None) -> Path:
    """A Llama of two layers that reads bytes."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _bytes(chat)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"num_key_value_heads": 2, "max_position_embeddings": POSITIONS, "initializer_range": 0.4}
    ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": 0}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes, **ends)).save_pretrained(folder)
    return folder


def save_seq2seq(folder: Path, words: list[str]) -> Path:
    """A T5 of one layer that knows `words`."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    numbers = {word: number for number, word in enumerate(["<pad>", "</s>", "<unk>", *words])}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    special = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"d_model": 32, "d_ff": 64, "d_kv": 16, "num_layers": 1, "num_heads": 2, "dropout_rate": 0.0}
    config = T5Config(vocab_size=len(numbers), decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, **sizes)
    T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def _bytes(chat: str | None) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    alphabet = [*SPECIAL.values(), *TURNS, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, extra_special_tokens=TURNS, chat_template=chat, **SPECIAL
    )
