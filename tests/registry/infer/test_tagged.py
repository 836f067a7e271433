"""Tagged sentences told from other text."""

import pytest

from registry.infer.sniff import sniffed
from registry.readers.conll import Conll
from registry.readers.tagged import Tagged

WORDS = [("Ann", "B-PER"), ("Lee", "I-PER"), ("went", "O"), ("to", "O"), ("Rome", "B-LOC"), (".", "O")]


def keys(tmp_path, text, name="ner.txt"):
    path = tmp_path / name
    path.write_text(text)
    return dict(sniffed(path, name).keys)


def sentences(between, more=(), before=""):
    one = "\n".join(between.join((word, *more, tag)) for word, tag in WORDS)
    return "\n\n".join([f"{before}{one}"] * 4) + "\n"


@pytest.mark.parametrize("name", ["ner.txt", "ner.conll", "ner.bio"])
@pytest.mark.parametrize("between", ["\t", " "])
def test_one_token_a_line_with_its_tag(tmp_path, between, name):
    found = keys(tmp_path, sentences(between), name)
    assert found == {"format": {"conll": {"columns": ["tokens", "tags"]}}}
    assert Conll(**found["format"]["conll"]).read(tmp_path / name, "utf-8").height == 4


@pytest.mark.parametrize(("mark", "comment"), [("# text = a\n", "# "), ("-DOCSTART- -X- -X- O\n", "-DOCSTART-")])
def test_columns_between_and_comments(tmp_path, mark, comment):
    found = keys(tmp_path, sentences(" ", ("NN", "NP"), mark))
    names = ["tokens", "column_2", "column_3", "tags"]
    assert found == {"format": {"conll": {"columns": names, "comment": comment}}}
    assert Conll(**found["format"]["conll"]).read(tmp_path / "ner.txt", "utf-8")["tokens"][0][0] == "Ann"


@pytest.mark.parametrize(("separator", "options"), [("/", "tagged"), ("_", {"tagged": {"separator": "_"}})])
def test_words_that_end_with_their_tag(tmp_path, separator, options):
    line = " ".join(f"{word}{separator}{tag}" for word, tag in WORDS)
    assert keys(tmp_path, f"{line}\n" * 4, "pos.txt") == {"format": options}
    read = Tagged(separator=separator).read(tmp_path / "pos.txt", "utf-8")
    assert read["tags"][0].to_list() == [tag for _, tag in WORDS]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"line {n}" for n in range(20)),
        "\n\n".join("1 2\n3 4" for _ in range(20)),
        "\n".join(f"the room number {n} was and/or is clean" for n in range(20)),
        "\n".join(f"http://a.example/{n} http://a.example/b" for n in range(20)),
        "\n\n".join(f"Word{n} ANOTHER{n}" for n in range(20)),
    ],
)
def test_other_text_stays_text(tmp_path, text):
    assert keys(tmp_path, f"{text}\n") == {}
