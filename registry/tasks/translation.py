"""A text and its translation: from the first language of the card to the second."""

from registry.task import Task


class Translation(Task):
    inputs = ("text",)
    target, answer = "reference", "text"
    metrics = ("chrf", "bleu", "ter", "placeholder_accuracy", "length_ratio")
    default_metrics = ("chrf", "bleu", "ter")
