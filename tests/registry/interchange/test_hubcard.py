"""The check of a hub card's front matter: what the hub would refuse when it is uploaded."""

import numpy as np
import pytest

from registry.interchange.hubcard import class_names, problems, size_category

GOOD = {
    "license": "other",
    "license_name": "my-license-1.0",
    "language": ["en", "zh"],
    "size_categories": ["1K<n<10K"],
    "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": "a.csv"}]}],
    "dataset_info": {
        "features": [{"name": "label", "dtype": {"class_label": {"names": {"0": "a", "1": "b"}}}}],
        "splits": [{"name": "train", "num_bytes": 3, "num_examples": 1}],
    },
}


def test_a_card_of_the_documented_shape_is_accepted():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"license": "MIT"}, 'license: "MIT" is not in the list'),
        ({"license_name": "My License"}, "license_name: is needed"),
        ({"language": "English"}, 'language: "English" is no ISO 639 code'),
        ({"size_categories": ["1k"]}, 'size_categories: "1k"'),
        ({"task_categories": ["sentiment"]}, 'task_categories: "sentiment"'),
        ({"annotations_creators": "crowd"}, 'annotations_creators: "crowd"'),
        ({"configs": [{"config_name": "a/b"}]}, 'configs: "a/b" cannot name a config'),
        ({"configs": [{"config_name": "a", "data_files": [{"split": "a b", "path": "x"}]}]}, 'configs: "a b"'),
        ({"configs": [{"config_name": "a", "data_files": [{"split": "x", "path": "p"}] * 2}]}, "named twice"),
        ({"dataset_info": {"splits": [{"num_bytes": "3", "num_examples": 1}]}}, "num_bytes of a split"),
        ({"dataset_info": {"features": [{"name": "x"}]}}, 'the feature "x" must have one type'),
        ({"dataset_info": {"features": [{"dtype": "string"}]}}, "a feature has no name"),
        ({"tags": [np.int64(3)]}, "tags.1: int64 is no plain YAML value"),
        ({"tags": ("a",)}, "tags: tuple is no plain YAML value"),
    ],
)
def test_what_the_hub_would_refuse_is_told(change, said):
    (told,) = problems({**GOOD, **change})
    assert said in told


def test_classes_come_in_the_order_of_their_numbers():
    named = {"name": "y", "dtype": {"class_label": {"names": {"10": "k", **{str(n): f"c{n}" for n in range(10)}}}}}
    assert class_names(named) == [*(f"c{n}" for n in range(10)), "k"]
    assert class_names({"name": "y", "dtype": "string"}) is None


def test_classes_with_a_gap_are_told():
    feature = {"name": "y", "dtype": {"class_label": {"names": {"0": "a", "2": "b"}}}}
    assert problems({"dataset_info": {"features": [feature]}}) == [
        'dataset_info: the classes of "y" must each have a name of its own'
    ]


@pytest.mark.parametrize(
    ("rows", "said"), [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**12, "n>1T")]
)
def test_a_bound_belongs_to_the_larger_category(rows, said):
    assert size_category(rows) == said
