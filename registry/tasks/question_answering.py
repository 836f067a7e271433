"""A question and a passage that holds the answer, or does not: the answer is a part of the passage."""

from registry.task import Task


class QuestionAnswering(Task):
    inputs = ("question", "text")
    target, answer = "answers", "texts"
    metrics = ("exact_match", "answer_f1")
    default_metrics = ("exact_match", "answer_f1")
