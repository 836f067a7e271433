"""Two texts, one number: how alike they are, or what an answer beside the right one is worth."""

from registry.task import Task


class TextSimilarity(Task):
    inputs = ("text", "text_pair")
    target, answer = "score", "number"
    metrics = ("spearman", "pearson", "rmse", "mae", "r2")
    default_metrics = ("spearman", "pearson", "rmse")
