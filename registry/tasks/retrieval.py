"""A query, and which documents of a collection are relevant to it, in grades; also ranking of given candidates."""

from registry.task import Task


class Retrieval(Task):
    inputs = ("text",)
    optional = ("candidates",)
    target, answer = "relevant", "relevant"
    has_collection = True
    metrics = ("ndcg_at_10", "mrr", "recall_at_10", "recall_at_100", "mean_average_precision")
    default_metrics = ("ndcg_at_10", "mrr", "recall_at_10", "recall_at_100")
