"""One text, any number of labels of a closed set."""

from registry.task import Task


class MultilabelClassification(Task):
    inputs = ("text",)
    target, answer = "labels", "labels"
    metrics = ("micro_f1", "multilabel_macro_f1", "samples_f1", "subset_accuracy", "hamming_loss")
    default_metrics = ("micro_f1", "multilabel_macro_f1", "subset_accuracy")
