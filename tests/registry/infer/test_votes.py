"""Answers of several people in a table: which are taken for votes, which are only told of, and which are neither."""

import json

import pytest

from registry.datacheck import look
from registry.errors import UserError
from registry.infer.draft import written
from registry.infer.start import saved
from tests.registry.infer.drafting import ROOMS, columns, cycle, drafted
from tests.worlds import table

MOODS = ("bad", "good", "mixed")


def answers(*wrong, names=MOODS):
    """What three people say of each room: the first is right, the others are wrong in every so many rooms."""
    right = cycle(*names)
    return [right, *([names[(names.index(one) + (n % each == 0)) % len(names)] for n, one in enumerate(right)]
                     for each in wrong)]  # fmt: skip


def told(draft):
    return written(draft).replace("\n# ", " ")


def built(world, draft):
    """The published version of a draft, which passes its check."""
    saved(draft, world.catalog, force=True)
    assert look(world.catalog.dataset(draft.name), world.catalog).problems == ()
    return world.build(draft.name).published


def test_three_columns_of_people_who_mostly_agree_are_votes(world):
    ann, ben, cai = answers(5, 7)
    cai = ["" if n % 11 == 0 else one for n, one in enumerate(cai)]
    draft = drafted(world, columns(id=[f"r{n}" for n in range(200)], text=ROOMS, ann=ann, ben=ben, cai=cai))
    assert draft.annotation == {"question": "Which label fits this text?", "votes": {"columns": ["ann", "ben", "cai"]}}
    assert "the columns ann, ben, cai hold the same few values; Krippendorff's alpha of the 581 values is" in told(
        draft
    )
    made = built(world, draft)
    assert made.manifest["labels"] == list(MOODS)
    assert "annotators" in made.read("train").columns


def test_two_columns_called_after_annotators_are_votes_however_they_agree(world):
    first, second = answers(2)
    draft = drafted(world, columns(text=ROOMS, rater_a=first, rater_b=second))
    assert draft.annotation["votes"] == {"columns": ["rater_a", "rater_b"]}
    assert built(world, draft).manifest["rows_kept"] == 100


def test_annotators_who_share_no_item_are_votes_by_their_names(world):
    either = [("", "bad"), ("good", "")]
    data = columns(text=ROOMS, vote1=cycle(*(a for a, _ in either)), vote2=cycle(*(b for _, b in either)))
    draft = drafted(world, data)
    assert draft.annotation["votes"] == {"columns": ["vote1", "vote2"]}
    assert "no two of them are on one item" in told(draft)


def test_columns_of_whole_numbers_are_votes_on_a_scale(world):
    names = ("-2", "-1", "0", "1", "2")
    ann, ben, cy = answers(6, 9, names=names)
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=ben, cy=cy))
    assert draft.annotation["scale"] == {"min": -2, "max": 2}
    assert draft.labels == {
        "from": {"low": "aggregate < 0", "high": "aggregate > 0"},
        "else": {"drop": "in the middle"},
    }
    assert "means below and above 0, the middle of the scale" in told(draft)
    assert built(world, draft).manifest["labels"] == ["low", "high"]


@pytest.mark.parametrize(
    "three",
    [
        (cycle("yes", "no"), cycle("yes", "no", "no"), cycle("no", "yes", "yes")),  # three flags
        (cycle("0", "1"), cycle("0", "1", "0", "1", "0", "1", "1"), cycle("0", "1", "0", "1", "1")),  # that agree
        (cycle("good", "bad"), cycle("good", "good", "bad", "bad"), cycle("bad", "bad", "bad", "good")),  # aspects
        (cycle("a", "b"), cycle("a", "b"), cycle("a", "b")),  # one column, three times
        (cycle("a", "b"), cycle("c", "d"), cycle("e", "f")),  # different values
    ],
)
def test_columns_of_attributes_are_no_votes(world, three):
    food, service, price = three
    draft = drafted(world, columns(text=ROOMS, food=food, service=service, price=price))
    assert draft.annotation == {}
    assert "votes:" not in told(draft)
    assert draft.select == "SELECT text, food AS label\nFROM rooms"


def test_two_columns_without_telling_names_are_no_votes(world):
    first, second = answers(7)
    assert drafted(world, columns(text=ROOMS, mood=first, tone=second)).annotation == {}


def test_what_agrees_too_little_to_be_sure_is_told(world):
    first, second, third = answers(2, 3)
    draft = drafted(world, columns(text=ROOMS, x=first, y=second, z=third))
    assert draft.annotation == {}
    assert "too little to be sure. If they are answers of several people, write `annotation:`" in told(draft)


def test_a_column_that_is_called_the_outcome_stays_the_label(world):
    gold, ann, ben, cai = answers(5, 7, 9)
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=ben, cai=cai, gold_label=gold))
    assert draft.select == "SELECT text, gold_label AS label\nFROM rooms"
    assert 'column "gold_label" is by its name the outcome' in told(draft)


def test_a_wished_label_goes_before_votes(world):
    ann, ben, cai = answers(5, 7)
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=ben, cai=cai), columns={"label": "ben"})
    assert draft.select == "SELECT text, ben AS label\nFROM rooms"


def test_spellings_of_one_answer_are_migrated_to_the_commonest(world):
    ann, ben, cai = answers(5, 7)
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=[f"{one} " for one in ben], cai=[*map(str.title, cai)]))
    assert draft.annotation["migrations"] == {"Bad": "bad", "Good": "good", "Mixed": "mixed"}
    assert built(world, draft).manifest["labels"] == list(MOODS)


def test_a_vote_that_looks_like_a_missing_one_is_noted(world):
    ann, ben, cai = answers(5, 7, names=("bad", "good", "n/a"))
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=ben, cai=cai))
    assert "where one stands for no answer, take it out, and write `migrations: {n/a: null}`" in told(draft)


def test_votes_on_repeated_texts_are_put_together(world):
    first, second = answers(9)
    draft = drafted(world, columns(text=[*ROOMS[:190], *ROOMS[:10]], rater1=first, rater2=second))
    assert draft.clean == ({"dedupe_exact": {"conflict": "pool"}},)
    assert "10 rows repeat the text of another; the votes on it are put together" in told(draft)


def test_votes_go_with_given_splits(world):
    ann, ben, cai = answers(5, 7)
    split = cycle("train", "train", "test", "dev")
    draft = drafted(world, columns(text=ROOMS, ann=ann, ben=ben, cai=cai, split=split))
    assert draft.split == {"method": "given"}
    assert draft.select.startswith("SELECT text, ann, ben, cai, CASE split")
    built(world, draft)


def test_votes_in_files_of_several_splits_are_taken_together(world):
    ann, ben = answers(5)
    world.write({"data/test.csv": columns(text=ROOMS[150:], rater1=ann[150:], rater2=ben[150:])})
    draft = drafted(world, columns(text=ROOMS[:150], rater1=ann[:150], rater2=ben[:150]), "data/train.csv")
    assert draft.annotation["votes"] == {"columns": ["rater1", "rater2"]}
    assert built(world, draft).manifest["rows_read"] == 200


def long_rows(header="item,text,annotator,value,time", names=MOODS):
    """Three answers to each room, at different times."""
    given = list(zip(*answers(5, 7, names=names), strict=True))
    return table(
        *(
            (f"i{n}", ROOMS[n], who, given[n][place], f"2024-05-0{place + 1} 10:00:{n % 60:02}")
            for n in range(60)
            for place, who in enumerate(("ann", "ben", "cai"))
        ),
        header=header,
    )


def test_rows_of_answers_become_one_row_for_each_item(world):
    draft = drafted(world, long_rows())
    assert draft.select == "SELECT item AS id, min(text) AS text\nFROM rooms\nGROUP BY item"
    places = {"source": "rooms", "item": "item", "value": "value", "annotator": "annotator", "time": "time"}
    assert draft.annotation["votes"] == places
    assert 'column "annotator" names 3 people, who answered 60 items of column "item" in 180 rows' in told(draft)
    assert built(world, draft).manifest["rows_read"] == 60


def test_rows_of_answers_about_questions_leave_times_out_that_do_not_sort(world):
    draft = drafted(world, long_rows("item,question,annotator,answer,time").replace("2024-05-0", "May "))
    assert draft.select == "SELECT item AS id, min(question) AS text\nFROM rooms\nGROUP BY item"
    places = {"source": "rooms", "item": "item", "value": "answer", "annotator": "annotator"}
    assert draft.annotation["votes"] == places


def test_rows_of_ratings_under_other_names_are_votes_on_a_scale(world):
    draft = drafted(world, long_rows("post,body,who,score,at", names=("1", "2", "3", "4", "5")))
    assert draft.select == "SELECT post AS id, min(body) AS text\nFROM rooms\nGROUP BY post"
    assert draft.annotation["scale"] == {"min": 1, "max": 5}
    built(world, draft)


def test_items_keep_their_group_and_their_split(world):
    rows = [
        (f"i{n}", ROOMS[n], who, "ab"[n % 2], f"d{n // 4}", ("train", "test")[n % 3 == 0])
        for n in range(60)
        for who in "xy"
    ]
    draft = drafted(world, table(*rows, header="item,text,annotator,label,doc,split"))
    assert "min(doc) AS doc, min(split) AS split" in draft.select
    assert draft.split == {"method": "given"}
    built(world, draft)


def test_an_item_of_which_several_things_are_asked_is_no_item_of_votes(world):
    rows = [
        (f"i{n}", ROOMS[n], who, aspect, "ab"[n % 2]) for n in range(30) for who in "xy" for aspect in ("food", "price")
    ]
    assert drafted(world, table(*rows, header="item,text,annotator,about,value")).annotation == {}


def test_one_answer_to_each_item_is_a_label(world):
    rows = [(f"i{n}", ROOMS[n], "xy"[n % 2], "ab"[n % 2]) for n in range(60)]
    assert drafted(world, table(*rows, header="item,text,annotator,value")).annotation == {}


def lines(**values):
    rows = zip(*values.values(), strict=True)
    return "".join(json.dumps(dict(zip(values, row, strict=True))) + "\n" for row in rows)


def test_a_list_of_numbers_is_votes_on_a_scale(world):
    ratings = [[n % 5 + 1, n % 5 + 1, (n + n % 2) % 5 + 1] for n in range(200)]
    draft = drafted(world, lines(text=ROOMS, ratings=ratings), "data/rooms.jsonl")
    assert draft.annotation["votes"] == "ratings"
    assert draft.annotation["scale"] == {"min": 1, "max": 5}
    built(world, draft)


def test_numbers_that_are_written_as_texts_are_cast(world):
    votes = [[str(n % 5 + 1)] * 2 for n in range(200)]
    draft = drafted(world, lines(text=ROOMS, votes=votes), "data/rooms.jsonl")
    assert draft.select == "SELECT text, votes::DOUBLE[] AS votes\nFROM rooms"
    built(world, draft)


def test_a_list_of_words_beside_a_list_of_people_is_named_votes(world):
    said = [list(given) for given in zip(*answers(5, 7), strict=True)]
    data = lines(text=ROOMS, said=said, annotators=[["ann", "ben", "cai"]] * 200)
    draft = drafted(world, data, "data/rooms.jsonl")
    assert draft.annotation["votes"] == {"list": "said", "by": "annotators"}
    assert "annotators" in built(world, draft).read("train").columns


def test_a_list_of_tags_is_no_votes(world):
    tags = [[["x", "y", "z"], ["y", "z", "w"], ["x", "w", "y"]][n % 3] for n in range(200)]
    draft = drafted(world, lines(text=ROOMS, tags=tags, label=cycle("a", "b")), "data/rooms.jsonl")
    assert (draft.annotation, draft.labels) == ({}, ("a", "b"))


def test_ratings_of_which_none_falls_on_one_side_ask_for_other_bounds(world):
    low = cycle("1", "2")
    with pytest.raises(UserError, match='the rows that stay have only "low"') as refused:
        drafted(world, columns(text=ROOMS, rater1=["5", *low[1:]], rater2=low))
    assert "other bounds between the labels" in refused.value.do


@pytest.mark.parametrize(
    ("header", "rows", "asked"),
    [
        (
            "id,text,source",
            [(f"r{n}", text, "the web") for n, text in enumerate(ROOMS)],
            "`bench annotate label` asks people",
        ),
        (
            "item,annotator,value,at",
            [(f"i{n}", who, "ab"[n % 2], f"2024-05-01 10:00:{n % 60:02}") for n in range(60) for who in "xyz"],
            "texts that stand in another file",
        ),
    ],
)
def test_texts_without_labels_and_answers_without_texts_are_told_what_to_do(world, header, rows, asked):
    with pytest.raises(UserError) as refused:
        drafted(world, table(*rows, header=header))
    assert asked in refused.value.do
    assert "docs/annotation.md" in refused.value.do
