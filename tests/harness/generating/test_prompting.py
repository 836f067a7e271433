"""Prompts: what rows look like to a model, in English and in Chinese, and what they cannot do to it."""

import numpy as np
import pytest

from harness.examples import Clip, Examples, Labels, Numbers, Pair, Question, References, Texts
from harness.generating.prompting import INPUTS, Prompt, Prompter, fields, prompter, rewritten, shortened
from harness.generating.wording import CHINESE, ENGLISH
from registry.errors import UserError

LABELS = ("neg", "pos")


def test_every_task_has_a_wording_in_both_languages():
    assert set(INPUTS) == set(ENGLISH) == set(CHINESE)
    for task in INPUTS:
        for languages in (("en",), ("zh-CN", "en"), ("fr",)):
            prompter(Prompt(), task, LABELS, languages)


def test_chinese_data_is_asked_about_in_chinese():
    asked = prompter(Prompt(names={"pos": "好评", "neg": "差评"}), "text-classification", LABELS, ("zh",))
    assert asked.dialogue("好吃").plain() == "下面的文本属于哪个标签：差评、好评？只回答标签。\n\n文本：好吃\n标签："


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        (("en", "zh"), "Translate from English into Chinese.\n\nEnglish: x\nChinese:"),
        (("zh", "en"), "请把中文翻译成英语。\n\n中文：x\n英语："),
        (("en-GB", "tlh"), "Translate from English into tlh.\n\nEnglish: x\ntlh:"),
    ],
)
def test_a_translation_names_its_languages(languages, told):
    assert prompter(Prompt(), "translation", (), languages).dialogue("x").plain() == told


def test_what_stands_in_a_row_is_no_template():
    asked = prompter(Prompt(item="{text_pair} | {text}"), "text-pair", LABELS, ("en",))
    said = asked.dialogue(Pair("{text_pair} {labels} {text.__class__}", "{text}")).plain()
    assert said.endswith("{text} | {text_pair} {labels} {text.__class__}")


def test_what_labels_are_called_is_no_template():
    asked = prompter(Prompt(item="{labels}\n{text}"), "text-classification", ("{text}", "{labels}"), ("en",))
    assert asked.dialogue("row").asked.endswith("\n{text}, {labels}\nrow")


@pytest.mark.parametrize("labels", [("a_b", "A b"), ("ＡＢ", "ab"), ("_", "ab")])
def test_labels_that_nobody_could_tell_apart_in_an_answer_are_refused(labels):
    with pytest.raises(UserError, match="in the prompt\n  Give"):
        prompter(Prompt(), "text-classification", labels, ("en",))


def worked(answers, count: int, seed: int = 1, task: str = "summarisation", rows=("a", "b", "c")) -> Prompter:
    return prompter(Prompt(), task, LABELS, ("en",)).with_shots(Examples(rows, answers), count, seed)


@pytest.mark.parametrize(
    ("task", "answers", "rows", "told"),
    [
        ("summarisation", Texts(("x", "y", "z")), ("a", "b", "c"), {"x", "y", "z"}),
        ("text-regression", Numbers(np.array([1.0, 2.5, 3.25])), ("a", "b", "c"), {"1", "2.5", "3.25"}),
        (
            "question-answering",
            References((("x", "y"), (), ("z",))),
            (Question("q", "t"),) * 3,
            {"x", "unanswerable", "z"},
        ),
    ],
)
def test_right_answers_are_shown_as_a_model_is_to_write_them(task, answers, rows, told):
    assert {turn.answered for turn in worked(answers, 3, task=task, rows=rows).shots} == told


def test_rare_labels_are_among_the_worked_examples():
    answers = Labels(np.array([0] * 50 + [1] * 2))
    shots = worked(answers, 6, task="text-classification", rows=tuple(f"row {n}" for n in range(52))).shots
    assert sorted(turn.answered for turn in shots) == ["neg"] * 4 + ["pos"] * 2
    assert len({turn.asked for turn in shots}) == 6


def test_the_instruction_is_said_once_and_first():
    asked = worked(Texts(("x", "y", "z")), 2)
    dialogue = asked.dialogue("last")
    assert dialogue.plain().count("Summarise") == 1
    assert dialogue.messages()[0]["content"].startswith("Summarise")
    assert dialogue.messages()[-1] == {"role": "user", "content": "Text: last\nSummary:"}


def test_rows_are_cut_at_their_longest_text():
    assert shortened(Pair("abc", "abcdef"), 4) == Pair("abc", "ab")
    assert shortened("ab", 5) == ""
    assert rewritten(Question("a", "b"), str.upper) == Question("A", "B")
    with pytest.raises(TypeError, match="Clip"):
        fields(Clip(b""))


def test_an_unknown_label_is_told_with_the_nearest():
    with pytest.raises(UserError, match='names the label "poss"; nearest: "pos"'):
        prompter(Prompt(names={"poss": "good"}), "text-classification", LABELS, ("en",))
