"""What audits make sense of the rows of a task."""

import pytest

from registry.answers import audits_of


@pytest.mark.parametrize(
    ("task", "audits"),
    [
        ("text-classification", ("leaks", "near", "ngrams", "noise", "order")),
        ("token-classification", ("near", "ngrams", "noise", "order")),
        ("retrieval", ("near", "ngrams", "order")),
        ("speech-recognition", ()),
    ],
)
def test_words_tell_labels_and_not_the_tags_of_a_whole_sentence(task, audits):
    assert audits_of(task) == audits
