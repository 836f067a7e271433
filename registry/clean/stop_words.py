"""Words that carry little meaning by themselves, out of texts: for models that count words.

A word is what stands between white space, without the punctuation around it, which goes with it; Chinese therefore
needs `segment` first. Negations (`not`, `never`, 不, 没) are none of the words: they turn a meaning round.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

import polars as pl
from pydantic import Field, model_validator

from registry.frozen import Frozen, Text
from registry.text import inputs

_ENGLISH = (
    "a an the this that these those i me my mine myself we us our ours ourselves you your yours yourself "
    "yourselves he him his himself she her hers herself it its itself they them their theirs themselves one who "
    "whom whose which what where when why how am is are was were be been being have has had having do does did "
    "doing done will would shall should can could may might must ought i'm you're he's she's it's we're they're "
    "i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll it'll we'll they'll "
    "that's there's here's what's who's where's how's let's and or but if because as until while although though "
    "since unless than so then of at by for with about against between into through during before after above "
    "below to from up down in out on off over under upon within toward towards among along across per via again "
    "further once here there now just also too very such same own other another each every both either some any "
    "all more most few many much several only even still yet ever already"
).split()
_CHINESE = (
    "的 地 得 了 着 过 之 所 者 们 我 你 您 他 她 它 我们 你们 您们 他们 她们 它们 咱们 自己 大家 这 那 这个 那个 "
    "这些 那些 这里 那里 这儿 那儿 这样 那样 这么 那么 此 该 本 其 某 各 每 谁 什么 哪 哪个 哪些 哪里 哪儿 怎么 "
    "怎样 怎么样 如何 为什么 多少 几 一 一个 一些 一下 一种 一样 是 有 在 于 从 自 由 向 往 到 对 对于 关于 至于 "
    "把 被 让 给 用 以 按 按照 根据 通过 随着 为 为了 和 与 跟 同 及 以及 或 或者 还是 而 而且 并 并且 且 但 但是 "
    "可是 不过 然而 因为 由于 所以 因此 因而 如果 要是 假如 虽然 尽管 即使 只要 只有 无论 不管 既然 于是 就 才 都 "
    "也 还 又 再 却 只 已 已经 曾 曾经 正 正在 将 会 能 能够 可以 可能 应该 要 想 来 去 上 下 里 中 内 外 前 后 "
    "时 时候 等 等等 啊 吧 吗 呢 呀 哦 哈 嘛 啦 么 哎 唉 嗯 這 這個 這些 這裡 這樣 那個 們 我們 你們 他們 她們 "
    "它們 個 一個 誰 什麼 哪個 怎麼 為什麼 為 為了 與 對 對於 關於 從 給 讓 還 還是 還有 過 著 會 將 來 時 時候 "
    "後 裡 裏 後來 雖然 儘管 無論 無 於 於是 並 並且 嗎"
).split()


class StopWords(Frozen):
    """`words` are further ones; case does not matter. A space is left where words were."""

    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    words: tuple[Annotated[Text, Field(pattern=r"^\S+$")], ...] = ()

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "The cat is on the mat, and it's not happy.", "cat mat, not happy."),
        ({}, "我 很 喜欢 这个 酒店 的 服务", "很 喜欢 酒店 服务"),
        ({"languages": ["zh"], "words": ["Co."]}, "the Co. 的 服务", "the 服务"),
    )

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.languages and not self.words:
            raise ValueError("must have languages or words")
        return self

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        listed = {"en": _ENGLISH, "zh": _CHINESE}
        words = [*self.words, *(word for language in self.languages for word in listed[language])]
        words += [word.replace("'", "’") for word in words if "'" in word]
        edge = r"[\p{P}\p{S}]*"
        word = f"{edge}(?:{'|'.join(map(pl.escape_regex, words))}){edge}"
        found = rf"(?:{word}(?:\s+|\z))+"
        text = pl.col(inputs(rows)).str.replace_all(rf"(?i)\A{found}", "")
        return rows.with_columns(text.str.replace_all(rf"(?i)\s{found}", " "))
