"""Two texts, one label of a closed set: inference, paraphrase, a question and a passage that may answer it."""

from registry.task import Task


class TextPair(Task):
    inputs = ("text", "text_pair")
    target, answer = "label", "label"
    metrics = (
        "accuracy",
        "macro_f1",
        "weighted_f1",
        "balanced_accuracy",
        "mcc",
        "lowest_class_f1",
        "auroc",
        "brier",
        "calibration_error",
    )
    default_metrics = ("accuracy", "macro_f1", "weighted_f1")
    soft_metrics = ("cross_entropy", "jensen_shannon")
