"""A text and what was written in reply: dialogue, instructions with their answers."""

from registry.task import Task


class TextGeneration(Task):
    inputs = ("text",)
    target, answer = "reference", "text"
    metrics = ("chrf", "rouge_l", "bertscore", "distinct_1", "distinct_2", "repetition", "length_ratio")
    default_metrics = ("chrf", "rouge_l", "distinct_2", "repetition")
