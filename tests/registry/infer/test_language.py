"""Languages guessed from letters and little words."""

import polars as pl
import pytest

from registry.infer.language import spoken, unwritten

SAID = {
    "en": "The room was clean and the people at the desk were kind to us, but it is not a place for families.",
    "de": "Das Zimmer war sauber und die Leute sind nett, aber es ist nicht für eine Familie mit Kindern.",
    "fr": "La chambre est propre et les gens sont gentils, mais ce n'est pas un endroit pour une famille.",
    "es": "La habitación es limpia y la gente muy amable, pero no es un lugar para una familia con niños.",
    "zh": "房间很干净，前台的人很友好，但是 hotel 不适合带孩子的家庭。",
    "ja": "部屋はきれいで、スタッフも親切でしたが、家族向けではありません。",
    "ko": "방은 깨끗하고 직원들은 친절했지만 가족에게는 맞지 않습니다.",
    "ru": "Комната была чистой, и люди были добры, но это не место для семьи.",
    "uk": "Кімната була чистою, і люди були добрі, але це не місце для сім'ї.",
    "ar": "كانت الغرفة نظيفة وكان الناس لطفاء",
    "el": "Το δωμάτιο ήταν καθαρό και οι άνθρωποι ευγενικοί",
}


@pytest.mark.parametrize("code", SAID)
def test_a_sentence_tells_its_language(code):
    found = spoken(pl.Series([SAID[code]] * 3))
    assert found.codes == (code,)
    assert found.why


@pytest.mark.parametrize("text", ["", "12 34 %", "zzz qqq xxx kkk", "😀😀"])
def test_what_tells_nothing_is_undetermined(text):
    assert spoken(pl.Series([text, None])).codes == ("und",)


@pytest.mark.parametrize("text", ["a dog ran", "item a of o", "vitamin a", "Plan a, plan e, plan o", "je suis la"])
def test_one_or_two_words_of_a_language_are_no_evidence(text):
    assert spoken(pl.Series([text] * 3)).codes == ("und",)


def test_only_words_that_occur_are_named():
    found = spoken(pl.Series(["the food was cold and the room"] * 3))
    assert found.codes == ("en",)
    assert found.why.endswith("such as the, and, was")


def test_two_scripts_are_two_languages():
    found = spoken(pl.Series([SAID["zh"]] * 6 + [SAID["en"]] * 4 + ["12"]))
    assert found.codes == ("zh", "en")
    assert "in 55% of the texts, " in found.why
    assert spoken(pl.Series([SAID["zh"]] * 9 + [SAID["en"]])).codes == ("zh",)


@pytest.mark.parametrize(
    ("languages", "code", "fits"),
    [
        (["en"], "en", True),
        (["en"], "zh", False),
        (["zh", "en"], "en", True),
        (["pt-BR"], "es", True),
        (["ja"], "zh", True),
        (["tlh"], "zh", True),
        (["zh"], "ru", False),
    ],
)
def test_a_script_that_no_declared_language_has_is_told(languages, code, fits):
    assert (unwritten(languages, pl.Series([SAID[code]])) == "") == fits
