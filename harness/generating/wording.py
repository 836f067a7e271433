"""What a model is asked where its card writes nothing: one wording a task, in English and in Chinese."""

from collections.abc import Mapping
from typing import NamedTuple


class Wording(NamedTuple):
    """What is asked, how a row is shown, and what stands for "there is no answer"."""

    instruction: str
    item: str
    nothing: str = ""


ENGLISH: Mapping[str, Wording] = {
    "text-classification": Wording(
        "Which of these labels fits the text: {labels}? Answer with the label only.", "Text: {text}\nLabel:"
    ),
    "text-pair": Wording(
        "Which of these labels fits the two texts: {labels}? Answer with the label only.",
        "Text 1: {text}\nText 2: {text_pair}\nLabel:",
    ),
    "text-regression": Wording("Rate the text. Answer with a number only.", "Text: {text}\nNumber:"),
    "text-similarity": Wording(
        "How alike are the two texts? Answer with a number only.", "Text 1: {text}\nText 2: {text_pair}\nNumber:"
    ),
    "question-answering": Wording(
        "Answer the question with words of the passage, as few as possible. "
        'Where the passage does not tell, answer "unanswerable".',
        "Passage: {text}\nQuestion: {question}\nAnswer:",
        "unanswerable",
    ),
    "summarisation": Wording("Summarise the text in one or two sentences.", "Text: {text}\nSummary:"),
    "translation": Wording("Translate from {source} into {target}.", "{source}: {text}\n{target}:"),
    "text-generation": Wording("Reply to the message.", "Message: {text}\nReply:"),
}

CHINESE: Mapping[str, Wording] = {
    "text-classification": Wording("下面的文本属于哪个标签：{labels}？只回答标签。", "文本：{text}\n标签："),
    "text-pair": Wording(
        "下面两段文本的关系属于哪个标签：{labels}？只回答标签。", "文本一：{text}\n文本二：{text_pair}\n标签："
    ),
    "text-regression": Wording("请给文本打分，只回答一个数字。", "文本：{text}\n分数："),
    "text-similarity": Wording("下面两段文本有多相似？只回答一个数字。", "文本一：{text}\n文本二：{text_pair}\n分数："),
    "question-answering": Wording(
        "请用文章中的原话回答问题，越短越好。文章中没有答案时回答“无法回答”。",
        "文章：{text}\n问题：{question}\n回答：",
        "无法回答",
    ),
    "summarisation": Wording("请用一两句话概括文本。", "文本：{text}\n摘要："),
    "translation": Wording("请把{source}翻译成{target}。", "{source}：{text}\n{target}："),
    "text-generation": Wording("请回复这条消息。", "消息：{text}\n回复："),
}

NAMES: Mapping[str, tuple[str, str]] = {
    "ar": ("Arabic", "阿拉伯语"),
    "de": ("German", "德语"),
    "en": ("English", "英语"),
    "es": ("Spanish", "西班牙语"),
    "fr": ("French", "法语"),
    "hi": ("Hindi", "印地语"),
    "it": ("Italian", "意大利语"),
    "ja": ("Japanese", "日语"),
    "ko": ("Korean", "韩语"),
    "nl": ("Dutch", "荷兰语"),
    "pl": ("Polish", "波兰语"),
    "pt": ("Portuguese", "葡萄牙语"),
    "ru": ("Russian", "俄语"),
    "tr": ("Turkish", "土耳其语"),
    "uk": ("Ukrainian", "乌克兰语"),
    "vi": ("Vietnamese", "越南语"),
    "zh": ("Chinese", "中文"),
}
"""Of languages, in English and in Chinese; the code itself stands for any other."""


def usual(task: str, languages: tuple[str, ...]) -> Wording:
    """Of a task, in the first language of the data: Chinese, or else English."""
    return (CHINESE if chinese(languages) else ENGLISH)[task]


def chinese(languages: tuple[str, ...]) -> bool:
    return bool(languages) and f"{languages[0]}-".startswith("zh-")


def name(language: str, *, in_chinese: bool) -> str:
    """What people call a language."""
    code = language.partition("-")[0]
    return NAMES[code][in_chinese] if code in NAMES else language
