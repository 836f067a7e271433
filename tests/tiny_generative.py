"""A decoder and a sequence-to-sequence network with random weights, made on the spot: for tests, never on a board."""

from pathlib import Path
from typing import Any

CHAT = "{% for one in messages %}<|{{ one.role }}|>{{ one.content }}</s>{% endfor %}<|assistant|>"
SPECIAL = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<|endoftext|>"}
TURNS = ["<|user|>", "<|assistant|>", "<|system|>"]
POSITIONS = 512
MERGED = "Ā Ā"
"""Two zero bytes are one token: readers of GGUF files want one merge at least."""


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

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    alphabet = [*SPECIAL.values(), *TURNS, *letters, MERGED.replace(" ", "")]
    numbers = {letter: number for number, letter in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(numbers, [tuple(MERGED.split())]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, extra_special_tokens=TURNS, chat_template=chat, **SPECIAL
    )


def save_gguf(decoder: Path, file: Path) -> Path:
    """The same Llama as one GGUF file, tokenizer included."""
    import gguf
    from transformers import AutoModelForCausalLM, AutoTokenizer

    network, tokenizer = AutoModelForCausalLM.from_pretrained(decoder), AutoTokenizer.from_pretrained(decoder)
    config = network.config
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_rope_freq_base(10_000.0)
    tokens = [tokenizer.convert_ids_to_tokens(number) for number in range(len(tokenizer))]
    special = {*tokenizer.all_special_tokens, *TURNS}
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in special else 1 for token in tokens])
    writer.add_token_merges([MERGED])
    writer.add_chat_template(tokenizer.chat_template)
    writer.add_bos_token_id(tokenizer.bos_token_id)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    for name, weight in network.state_dict().items():
        values = weight.numpy()
        for part, count in heads.items():
            if part in name:  # llama.cpp has the two halves of a rotation beside each other
                values = values.reshape(count, 2, -1, values.shape[1]).swapaxes(1, 2).reshape(values.shape)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file
