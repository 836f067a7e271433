"""Parts of messages, and messages of parts."""

import pytest

from harness.methods.translating import parts, together


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unable to delete v1.0 of %(name)s.", ["Unable", "to", "delete", "v1.0", "of", "%(name)s", "."]),
        ("Don't <b>stop</b>!", ["Don't", "<b>", "stop", "</b>", "!"]),
        ("删除 %(name)s失败。", ["删除", "%(name)s", "失败", "。"]),
        ("フファイル", list("フファイル")),
        ("हिन्दी (x)", ["हिन्दी", "(", "x", ")"]),
        ("{{ a }}{{ b }}", ["{{ a }}", "{{ b }}"]),
        ("", []),
    ],
)
def test_placeholders_stay_whole_and_words_are_found(text, expected):
    assert parts([text, "else"]) == [expected, ["else"]]


@pytest.mark.parametrize(
    "text", ["Unable to delete (%s), v1.0.", "删除%(name)s失败。", "共 3 项", "He said: “no”, twice!", ""]
)
def test_a_text_is_put_together_as_its_script_has_it(text):
    assert together(parts([text])[0]) == text.replace("共 3 项", "共3项")
