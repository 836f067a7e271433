"""Two texts, one label of a closed set: inference, paraphrase, a question and a passage that may answer it."""


class TextPair:
    version = 1
    inputs = ("text", "text_pair")
    target = "label"
    metrics = ("accuracy", "macro_f1", "weighted_f1", "balanced_accuracy", "mcc")
    default_metrics = ("accuracy", "macro_f1", "weighted_f1")
    soft_metrics = ("cross_entropy", "jensen_shannon")
