"""One text, one label of a closed set."""


class TextClassification:
    version = 1
    inputs = ("text",)
    target = "label"
    metrics = ("accuracy", "macro_f1", "weighted_f1", "balanced_accuracy", "mcc")
    default_metrics = ("accuracy", "macro_f1", "weighted_f1")
    soft_metrics = ("cross_entropy", "jensen_shannon")
