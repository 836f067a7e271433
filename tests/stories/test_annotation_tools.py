"""Items go to an annotation tool, and what was answered there becomes the next version."""

import json
from pathlib import Path

from tests.annotators import answered
from tests.stories.conftest import CARD, Stage

ASKED = """annotation:
  question: How does the guest feel?
  votes_per_item: 2
labels: [negative, positive]
split: {method: all-test}
"""
ROWS = 'id,text\na,"fine \U0001f600"\nb,"这本书很好"\nc,"a dull day"\nd,"so so"\n'


def test_votes_from_a_tool_become_labels(stage: Stage) -> None:
    stage.write("data/reviews.csv", ROWS)
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + ASKED)
    told = stage.bench("annotate", "export", "my-reviews", "--tool", "doccano", "-n", "3", "--seed", "1")
    assert "3 of 4 items to be given votes; of all 4, 4 lack votes; README.md says how" in told.stderr
    folder = stage.home / "annotate" / "my-reviews" / "doccano-random"
    items = [json.loads(line)["item"] for line in (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines()]
    ann = answered("doccano", folder, dict.fromkeys(items, "positive"), by="ann")
    ben = answered("doccano", folder, {items[0]: "negative", items[1]: "positive"}, by="ben")
    told = stage.bench("annotate", "import", "my-reviews", str(ann), str(ben), "--annotator-from-filename")
    assert "5 answers to 3 items by ann, ben\nleft out: 1 not answered\n5 new in cards/annotations/" in told.stderr
    assert "`bench build my-reviews` takes them in" in told.stderr

    told = stage.bench("annotate", "export", "my-reviews", "--tool", "label-studio", "--take", "disagreement")
    assert "1 item to be given a decision" in told.stderr
    folder = stage.home / "annotate" / "my-reviews" / "label-studio-disagreement"
    judged = answered("label-studio", folder, {items[0]: "negative"}, by="eve@example.org")
    named = stage.bench("annotate", "import", "my-reviews", str(judged), "--rename", "eve@example.org=eve", "--json")
    assert {"answers": 1, "votes": 0, "annotators": ["eve"]}.items() <= json.loads(named.stdout).items()
    built = json.loads(stage.bench("build", "my-reviews", "--json").stdout)[0]
    assert built["splits"]["test"]["rows"] == 3


def test_marks_in_texts_are_measured_and_not_built(stage: Stage) -> None:
    spans = "annotation: {question: Which?, answer: spans, votes_per_item: 2}\nlabels: [MEAL, ROOM]\n"
    stage.write("data/reviews.csv", ROWS)
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + spans)
    stage.bench("annotate", "export", "my-reviews", "--tool", "label-studio")
    folder = stage.home / "annotate" / "my-reviews" / "label-studio-random"
    marked = answered("label-studio", folder, {"a": [[0, 4, "MEAL"]], "c": []}, by="7")
    told = stage.bench("annotate", "import", "my-reviews", str(marked)).stderr
    assert "2 answers to 2 items by 7\nleft out: 2 not answered\n2 new in cards/annotations/my-reviews/0001-" in told
    assert 'look at the names: "7" is the number of an account; `--rename 7=NAME` says who that is\n' in told
    assert "a layer can be taken back: remove cards/annotations/my-reviews/0001-label-studio-" in told
    assert told.endswith("`bench annotate report my-reviews` measures them\n")

    twice = stage.bench("annotate", "import", "my-reviews", str(marked), "--rename", "7=ann", "--json")
    found = json.loads(twice.stdout)
    assert not Path(found["layer"]).is_absolute()
    said = "with the same times: one person under two names counts twice; `--rename` gives them one"
    assert found["doubts"] == [f'2 answers of "ann" came in as those of "7" before, {said}']


def test_items_with_all_their_votes_are_not_given_out_again(stage: Stage) -> None:
    stage.write("data/reviews.csv", ROWS)
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + ASKED.replace("votes_per_item: 2", "votes_per_item: 1"))
    stage.bench("annotate", "export", "my-reviews", "--tool", "prodigy")
    folder = stage.home / "annotate" / "my-reviews" / "prodigy-random"
    first = answered("prodigy", folder, {"a": "positive", "b": "positive", "c": "negative"}, by="ann")
    stage.bench("annotate", "import", "my-reviews", str(first))
    told = stage.bench("annotate", "export", "my-reviews", "--tool", "doccano").stderr
    assert "1 item to be given votes; of all 4, 1 lack votes" in told
    last = answered("prodigy", folder, {"d": "negative"}, by="ann")
    stage.bench("annotate", "import", "my-reviews", str(last))
    told = stage.bench("annotate", "export", "my-reviews", "--tool", "prodigy", code=2).stderr
    assert told == (
        "every item has its 1 vote\n  Where votes disagree somebody decides: `--take disagreement --as adjudication`.\n"
    )
