"""One text, one label of a closed set."""

from registry.task import Task


class TextClassification(Task):
    inputs = ("text",)
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
