"""Texts alone: how probable a model finds them."""

from registry.task import Task


class LanguageModelling(Task):
    inputs = ("text",)
    metrics = ("byte_perplexity",)
    default_metrics = ("byte_perplexity",)
