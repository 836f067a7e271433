"""Items go to an annotation tool, and what was answered there becomes the next version."""

import json

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
    assert "3 of 4 items to be given votes" in told.stderr
    folder = stage.home / "annotate" / "my-reviews" / "doccano"
    items = [json.loads(line)["item"] for line in (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines()]
    ann = answered("doccano", folder, dict.fromkeys(items, "positive"), by="ann")
    ben = answered("doccano", folder, {items[0]: "negative", items[1]: "positive"}, by="ben")
    told = stage.bench("annotate", "import", "my-reviews", str(ann), str(ben), "--annotator-from-filename")
    assert "5 answers to 3 items by ann, ben\nleft out: 1 not answered\n5 new in " in told.stderr
    assert "`bench build my-reviews` takes them in" in told.stderr

    told = stage.bench("annotate", "export", "my-reviews", "--tool", "label-studio", "--take", "disagreement")
    assert "1 item to be given a decision" in told.stderr
    folder = stage.home / "annotate" / "my-reviews" / "label-studio"
    judged = answered("label-studio", folder, {items[0]: "negative"}, by="eve@example.org")
    named = stage.bench("annotate", "import", "my-reviews", str(judged), "--rename", "eve@example.org=eve", "--json")
    assert {"answers": 1, "votes": 0, "annotators": ["eve"]}.items() <= json.loads(named.stdout).items()
    built = json.loads(stage.bench("build", "my-reviews", "--json").stdout)[0]
    assert built["splits"]["test"]["rows"] == 3
