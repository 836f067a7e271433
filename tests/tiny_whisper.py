"""A Whisper of one layer with random weights, made on the spot: for tests only, never on a board."""

from pathlib import Path

SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|transcribe|>", "<|notimestamps|>"]
"""What a network of several languages is asked with; its other tokens are the 256 bytes."""


def save(folder: Path, *, several: bool) -> Path:
    """config.json, generation_config.json, model.safetensors, preprocessor_config.json and a tokenizer.

    `several`: it knows English and German, and not English alone.
    """
    import torch
    from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration

    numbers = _save_tokenizer(folder)
    end, start, english, german, transcribe, plain = (numbers[token] for token in SPECIAL)
    torch.manual_seed(3)
    sides = {
        f"{side}_{name}": size
        for side in ("encoder", "decoder")
        for name, size in (("layers", 1), ("attention_heads", 2), ("ffn_dim", 32))
    }
    tokens = {"decoder_start_token_id": start, "eos_token_id": end, "bos_token_id": end, "pad_token_id": end}
    network = WhisperForConditionalGeneration(
        WhisperConfig(vocab_size=len(numbers), d_model=16, max_target_positions=448, init_std=0.6, **sides, **tokens)
    )
    usual = network.generation_config
    usual._from_model_config = False  # else it is not read again
    usual.is_multilingual, usual.no_timestamps_token_id, usual.max_length = several, plain, 24
    if several:
        usual.lang_to_id, usual.task_to_id = {"<|en|>": english, "<|de|>": german}, {"transcribe": transcribe}
    usual.suppress_tokens, usual.begin_suppress_tokens = [], [numbers["Ġ"], end]
    network.save_pretrained(folder)
    WhisperFeatureExtractor().save_pretrained(folder)
    return folder


def _save_tokenizer(folder: Path) -> dict[str, int]:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    bytes_ = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({token: number for number, token in enumerate(bytes_)}, []))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(), decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    end = SPECIAL[0]
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end, pad_token=end).save_pretrained(folder)
    return dict(tokenizer.get_vocab())
