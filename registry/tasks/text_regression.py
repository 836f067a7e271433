"""One text, one number: a rating, a grade, a price."""

from registry.task import Task


class TextRegression(Task):
    inputs = ("text",)
    target, answer = "score", "number"
    metrics = ("rmse", "mae", "pearson", "spearman", "r2")
    default_metrics = ("rmse", "pearson", "spearman")
