"""A text and what somebody wrote as its summary."""

from registry.task import Task


class Summarisation(Task):
    inputs = ("text",)
    target, answer = "reference", "text"
    metrics = ("rouge_1", "rouge_2", "rouge_l", "bertscore", "length_ratio", "novelty")
    default_metrics = ("rouge_l", "rouge_1", "rouge_2", "length_ratio", "novelty")
