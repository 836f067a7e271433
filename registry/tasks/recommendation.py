"""What users chose, one row a choice, and the items that they could choose from: what comes next?"""

from registry.task import Task


class Recommendation(Task):
    inputs = ("user", "item")
    optional = ("rating",)
    has_collection = True
    metrics = ("ndcg_at_10", "recall_at_10", "mrr", "ranking_auc", "coverage_at_10")
    default_metrics = ("ndcg_at_10", "recall_at_10", "mrr", "coverage_at_10")
