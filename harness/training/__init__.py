"""The fine-tuning engine; the only folder besides `harness/models` that imports torch."""
