"""The dialect of cards: what scalars mean, where things stand, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import yamlsource
from registry.errors import CardProblems, UserError
from registry.yamlsource import parse, scalar
from tests.strategies import PRINTABLE, plain_data


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "yes",
        "on",
        "off",
        "NO",
        "Yes",
        "n",
        "y",
        "True",
        "NULL",
        "None",
        "0x1F",
        "0o17",
        "1_000",
        "12:30:45",
        "2024-01-01",
        ".inf",
        ".nan",
        "1e",
        "=",
        "+",
        "-",
    ],
)
def test_words_that_older_yaml_makes_something_else_stay_words(word):
    assert scalar(word) == word
    assert type(scalar(word)) is str


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("null", None), ("~", None), ("", None)])
def test_truth_and_nothing(text, value):
    assert scalar(text) is value


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("010", 10, int),
        ("-7", -7, int),
        ("1e-4", 0.0001, float),
        ("4.10", 4.1, float),
        (".5", 0.5, float),
        ("1.", 1.0, float),
        ("6E3", 6000.0, float),
    ],
)
def test_numbers_have_their_value_and_remember_how_they_were_written(text, value, kind):
    number = scalar(text)
    assert number == value
    assert isinstance(number, kind)
    assert number.written == text


def test_quoted_numbers_and_words_stay_text():
    data = parse("a: '1'\nb: \"true\"\nc: 'null'\nd: |\n  1\n", "card.yaml").data
    assert data == {"a": "1", "b": "true", "c": "null", "d": "1\n"}


def test_a_very_long_number_does_not_stop_the_parser():
    assert parse(f"a: {'9' * 10_000}\n", "card.yaml").data["a"] is not None


@given(
    data=st.dictionaries(
        st.text(PRINTABLE, min_size=1, max_size=8).filter(lambda key: key != "<<"), plain_data, max_size=5
    ),
    spaced=st.booleans(),
)
def test_json_is_yaml_and_means_the_same(data, spaced):
    def without_merge_keys(value):
        if isinstance(value, dict):
            return {key: without_merge_keys(inner) for key, inner in value.items() if key != "<<"}
        return [without_merge_keys(inner) for inner in value] if isinstance(value, list) else value

    data = without_merge_keys(data)
    text = json.dumps(data, ensure_ascii=False, indent=2 if spaced else None)
    assert parse(text, "card.yaml").data == data


def test_every_key_and_value_has_its_place():
    source = parse("name: 标题\nlist:\n  - a\n  - {很好: b}\n", "card.yaml")
    assert source.keys[("name",)] == (1, 1, 4)
    assert source.values[("name",)] == (1, 7, 2)
    assert source.values[("list", "1")] == (3, 5, 1)
    assert source.keys[("list", "2", "很好")] == (4, 6, 2)
    assert source.values[("list", "2", "很好")] == (4, 10, 1)


def test_the_caret_stands_under_the_word_after_wide_characters():
    problem = parse("a: {很好: word}\n", "card.yaml").problem(("a", "很好"), "what")
    _, quoted, caret, _ = str(problem).splitlines()
    assert quoted == "    1 | a: {很好: word}"
    assert caret == " " * (8 + len("a: {: ") + 4) + "^^^^"


def test_a_place_that_is_not_written_is_told_at_the_key_around_it():
    problem = parse("a:\n  b: {c: 1}\n", "card.yaml").problem(("a", "b", "x", "y"), "what")
    assert (problem.line, problem.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", 'key "a" is written twice; the first is in line 1'),
        ("a: {b: 1, b: 1}\n", 'key "b" is written twice'),
        ("a: &x 1\n", "anchors and aliases"),
        ("a: *x\n", "anchors and aliases"),
        ("<<: {a: 1}\n", "merge keys"),
        ("a: !!python/name:os.system x\n", "tags such as"),
        ("a: !custom x\n", "tags such as"),
        ("a: !!str 1\n", "tags such as"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("[1, 2]\n", "must be keys and values"),
        ("word\n", "must be keys and values"),
        ("# nothing\n", "is empty"),
        ("? [a, b]\n: 1\n", "a key must be one word"),
        ("a: [1, 2\n", "the bracket that opens here is not closed"),
        ("a: 1\n b: 2\n", 'a line has one ": " only'),
        ("a: 'x\n", "the quote that opens here is never closed"),
        ("a: %x\n", 'cannot begin with "%"'),
        ("a: {b: *}\n", 'cannot begin with "*"'),
        ("a:\n\tb: 1\n", "a tab cannot indent"),
        ("很好: 1\nb: \x07\n", "card.yaml:2:4"),
        ("a: " + "[" * 100_000, "nested deeper than 32 levels"),
        ("a: " + "{b: " * 40 + "}" * 40, "nested deeper than 32 levels"),
    ],
)
def test_what_could_hide_a_second_meaning_is_refused(text, says):
    with pytest.raises(CardProblems) as refused:
        parse(text, "card.yaml")
    assert says in str(refused.value)


def test_every_duplicate_key_is_told_not_only_the_first():
    with pytest.raises(CardProblems) as refused:
        parse("a: 1\na: 2\nb: 1\nb: 2\nb: 3\n", "card.yaml")
    assert [problem.line for problem in refused.value.problems] == [2, 4, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    file = tmp_path / "card.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: x\r\ntitle: y\r\n")
    assert yamlsource.read(file, "card.yaml").data == {"name": "x", "title": "y"}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("name: 很\ntitle: caf".encode() + b"\xe9\n", "card.yaml:2:11"),
        (b"a" * ((1 << 20) + 1), "a card has at most 1,048,576"),
        (b"\xff\xfea\x00", "is not UTF-8"),
    ],
)
def test_bytes_that_are_no_card_are_told_with_their_place(tmp_path, raw, says):
    file = tmp_path / "card.yaml"
    file.write_bytes(raw)
    with pytest.raises(CardProblems) as refused:
        yamlsource.read(file, "card.yaml")
    assert says in str(refused.value)


def test_a_file_that_is_gone_is_a_user_error(tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        yamlsource.read(tmp_path / "gone.yaml", "gone.yaml")


def test_control_characters_of_a_card_never_reach_the_terminal():
    with pytest.raises(CardProblems) as refused:
        parse('a: "\\u001b[2J"\na: 2\n"\\e[31m": 1\n"\\e[31m": 2\n', "card.yaml")
    assert "\x1b" not in str(refused.value)
