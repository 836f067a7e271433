"""A card of pairs, from the table to the leaderboard."""

from tests.stories.conftest import CARD, Stage

WORDS = ("red", "green", "blue", "black", "white", "brown")
PAIRS = [(one, other) for one in WORDS for other in WORDS] + [(word, word) for word in WORDS] * 4


def test_whether_two_texts_say_the_same(stage: Stage) -> None:
    rows = [f"it is {a} {n},is it {b} {n},{'yes' if a == b else 'no'}" for n, (a, b) in enumerate(PAIRS)]
    stage.write("data/reviews.csv", "\n".join(["text,text_pair,label", *rows]) + "\n")
    card = CARD.replace("text-classification", "text-pair").replace("my-reviews", "colours")
    stage.write("cards/datasets/task/colours.yaml", card)
    (stage.root / "cards/datasets/task/my-reviews.yaml").unlink()
    shown = stage.bench("run", "colours", "--models", "majority,vader-lexicon,tfidf-logreg", code=0)
    assert "cannot read the inputs of text-pair" in shown.stdout
    scores = {cell["model"]: cell["value"] for cell in stage.cells("colours") if cell["metric"] == "accuracy"}
    assert scores["tfidf-logreg"] > scores["majority"]
