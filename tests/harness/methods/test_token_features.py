"""What a tagger sees of a token."""

from harness.methods.token_features import described, of_characters, shape


def test_a_shape_keeps_what_letters_are_and_not_which():
    assert [shape(word) for word in ("McDonald", "U.S.", "1984", "iPhone-7", "北京市", "")] == [
        "XxXxx",
        "X.X.",
        "dd",
        "xXxx-d",
        "xx",
        "",
    ]


def test_a_word_is_described_by_itself_its_ends_and_its_neighbours():
    first, _, last = described(["In", "New", "York"], by_character=False)
    assert {"w=In", "l=in", "s=Xx", "p1=i", "e3=in", "l-1=<s>", "l1=new", "l2=york", "l0+1=in|new"} <= set(first)
    assert {"l-2=in", "l1=</s>", "e3=ork", "s-1=Xxx"} <= set(last)


def test_a_character_is_described_by_those_around_it():
    _, middle, _ = described(list("在北京"), by_character=True)
    assert {"c-1=在", "c0=北", "c1=京", "c0+=北京", "c-1+1=在|京", "k=hhh", "c-2=<s>", "c2=</s>"} <= set(middle)


def test_a_text_is_read_by_characters_where_its_tokens_are_such():
    assert of_characters([list("我在北京"), ["１９９８", "年"], list("一九九八年，冬天")])
    assert not of_characters([["I", "am", "in", "Beijing"]])
    assert not of_characters([["中国", "首都", "在", "北京"]])
