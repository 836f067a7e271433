"""Personal data is found by form and checksum, and neither stays in the text nor goes to the ledger."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.clean.pii import Pii
from registry.texts.pii import KINDS, POSSIBLE, find, luhn, redacted
from tests.registry.clean.rows import fates, rows, texts_after
from tests.worlds import table

REGIONS = ("CN", "US")


def under(kind, text, regions=REGIONS):
    return [text[start:end] for start, end in find(text, kind, regions)]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("email", "(jane.doe+x@mail.example.co.uk), 邮箱li@qq.com谢谢", ["jane.doe+x@mail.example.co.uk", "li@qq.com"]),
        ("email", "ａ＠ｂ．ｃｏｍ", ["ａ＠ｂ．ｃｏｍ"]),
        ("email", "'o'neil@b.ie'", ["o'neil@b.ie"]),
        ("email", "jösé@münchen.de, 邮箱li@例子.中国的", ["jösé@münchen.de", "li@例子.中国"]),
        (
            "email",
            "用户@例子.广告，иван@почта.рф a@xn--fsq.xn--0zwm56d",
            ["用户@例子.广告", "иван@почта.рф", "a@xn--fsq.xn--0zwm56d"],
        ),
        ("email", "@小明.好 谢谢@小明.的 li@例子.很好 谢谢@bob.then 好@xiao.王", []),
        ("email", "@user a@b a@b.c a@-b.com a@b..com foo@ bar@b.c0m " + "x" * 65 + "@b.com", []),
        ("ip", "10.0.0.1, http://192.0.2.7/x 10.0.0.1-10.0.0.9:80", ["10.0.0.1", "192.0.2.7", "10.0.0.1", "10.0.0.9"]),
        (
            "ip",
            "2001:db8::1. fe80::1 ::ffff:10.0.0.1 地址１．２．３．４",
            ["2001:db8::1", "fe80::1", "::ffff:10.0.0.1", "１．２．３．４"],
        ),
        ("ip", "v1.2.3.4 version 1.2.3.4 版本1.2.3.4 Chrome/1.2.3.4 lib-1.2.3.4.tar 1.2.3.4.5 1.2.3.256 01.2.3.4", []),
        ("ip", "std::vector a::b 12:30:45 :: 1::2 ::g at 12:00:: abc::123 10::20", []),
        ("ip", "§ 1.1.1.1, sec. 1.2.3.4 第1.2.3.4条 1.1.1.1节 图3.2.1.1 公式 1.2.3.4", []),
        ("ip", "IP列表:10.0.0.1 10.0.0.2节点 2001:db8:0:0:0:0:0:1", ["10.0.0.1", "10.0.0.2", "2001:db8:0:0:0:0:0:1"]),
        ("payment_card", "4111 1111 1111 1111 378282246310005", ["4111 1111 1111 1111", "378282246310005"]),
        (
            "payment_card",
            "5105-1051-0510-5100, 卡号6222021234567890128",
            ["5105-1051-0510-5100", "6222021234567890128"],
        ),
        ("payment_card", "card4111111111111111 4111.1111.1111.1111", ["4111111111111111", "4111.1111.1111.1111"]),
        ("payment_card", "４１１１　１１１１　１１１１　１１１１", ["４１１１　１１１１　１１１１　１１１１"]),
        ("payment_card", "4111\u00a01111\u20111111\u20131111", ["4111\u00a01111\u20111111\u20131111"]),
        (
            "payment_card",
            "4111111111111112 1234567812345670 0000000000000000 x4111111111111111 4 1 1 1 1111 1111 1111",
            [],
        ),
        (
            "iban",
            "DE89370400440532013000 GB82 WEST 1234 5698 7654 32 is",
            ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"],
        ),
        ("iban", "de89370400440532013000", ["de89370400440532013000"]),
        ("iban", "IBANDE89-3704-0044-0532-0130-00", ["DE89-3704-0044-0532-0130-00"]),
        ("iban", "DE88370400440532013000 XX89370400440532013000 DE8937040044053201300 ADE89370400440532013000", []),
        ("resident_id", "身份证11010519491231002X，34052419800101001x", ["11010519491231002X", "34052419800101001x"]),
        ("resident_id", "110105194912310021 110105194913310027 99010519491231002X 911010519491231002X", []),
        (
            "resident_id",
            "ID110105 19491231 002X 110105-19491231-002x",
            ["110105 19491231 002X", "110105-19491231-002x"],
        ),
        ("uscc", "统一代码91350100M000100Y43。", ["91350100M000100Y43"]),
        ("uscc", "91350100M000100Y44 91350100I000100Y43", []),
        (
            "phone",
            "电话13800138000，+86 138-0013-8000，021-6552 9988",
            ["13800138000", "+86 138-0013-8000", "021-6552 9988"],
        ),
        ("phone", "(202) 456-1111 or +49 30 901820", ["(202) 456-1111", "+49 30 901820"]),
        ("phone", "１３８００１３８０００ tel13800138000", ["１３８００１３８０００", "13800138000"]),
        ("phone", "٠١٣٨٠٠١٣٨٠٠٠ ＋８６ １３８ ００１３ ８０００", ["٠١٣٨٠٠١٣٨٠٠٠", "＋８６ １３８ ００１３ ８０００"]),
        ("phone", "成交额13800000000元，¥13800138000 13800138000美元 13800138000.50 13800138000股", []),
        ("phone", "order no. 2024561111, 订单号：13800138000 订单编号 13800138000", []),
        ("phone", "2026-11-23 20261123 10:30:45 1234567890 ISBN 978-3-16-148410-0 110 3.14159265", []),
    ],
)
def test_what_is_found_and_what_is_not(kind, text, found):
    assert under(kind, text) == found


def test_a_national_number_needs_its_region_and_an_international_one_none():
    text = "030 901820 or +49 30 901820"
    assert under("phone", text, ["DE"]) == ["030 901820", "+49 30 901820"]
    assert under("phone", text, []) == ["+49 30 901820"]
    assert under("phone", text, ["CN", "US"]) == ["+49 30 901820"]


def test_a_resident_id_is_no_card_and_no_phone():
    assert redacted("11010519491231002X 6222021234567890128", KINDS, REGIONS) == (
        "<RESIDENT_ID> <PAYMENT_CARD>",
        ("resident_id", "payment_card"),
    )


def test_redact_keeps_the_row_and_drop_says_which_kinds():
    text = "a@b.org 10.0.0.1"
    assert fates(Pii(), text) == [None]
    assert fates(Pii(action="drop"), text, "fine") == ["personal data: email, ip", None]
    assert texts_after(Pii(action="drop"), text) == ["<EMAIL> <IP>"]
    assert texts_after(Pii(kinds=["ip"]), text) == ["a@b.org <IP>"]


def test_rows_that_left_before_are_redacted_too():
    frame = rows("a@b.org", pairs=["+8613800138000"], reasons=["too short"])
    for action in ("redact", "drop"):
        assert Pii(action=action).apply(frame).row(0) == ("0", "<EMAIL>", "<PHONE>", "too short")


def test_nothing_of_it_reaches_the_store(world):
    lines = [
        ("write to jane@example.org", "good"),
        ("I like it", "good"),
        ("not so good", "bad"),
        ("x jane@b.io", "bad"),
    ]
    more = "clean: [{length: {min_chars: 4, max_chars: 12}}, {pii: {action: drop}}]\n"
    built = world.card(table(*lines), more=more).build()
    ledger = pl.read_parquet(built.published.split("ledger"))
    assert sorted(ledger["text"].to_list()) == ["write to <EMAIL>", "x <EMAIL>"]
    assert sorted(ledger["reason"].to_list()) == ["over 12 characters", "personal data: email"]
    kept = [path for path in world.home.rglob("*") if path.is_file() and b"jane@" in path.read_bytes()]
    assert not [path for path in kept if "versions" in path.parts]


@pytest.mark.parametrize("parameters", [{"kinds": []}, {"kinds": ["name"]}, {"regions": ["cn"]}, {"regions": ["XX"]}])
def test_what_cannot_be_looked_for_is_refused(parameters):
    with pytest.raises(ValidationError):
        Pii(**parameters)


pieces = st.sampled_from(
    [
        "a@b.org",
        "＠",
        "4111 1111 1111 1111",
        "+8613800138000",
        "13800138000",
        "10.0.0.1",
        "2001:db8::1",
        ".",
        "-",
        " ",
        "1",
        "DE89370400440532013000",
        "11010519491231002X",
        "x",
        "好",
        "１",
        "：",
        "91350100M000100Y43",
        "tel",
        "é",
        "中国",
        "\u00a0",
        "\u2013",
        "元",
        "<",
        "@",
        "\n",
    ]
)


@given(text=st.lists(pieces, max_size=8).map("".join))
def test_what_is_redacted_holds_nothing_more_and_the_prefilter_misses_nothing(text):
    after, kinds = redacted(text, KINDS, REGIONS)
    assert redacted(after, KINDS, REGIONS) == (after, ())
    assert bool(kinds) == (after != text)
    assert not kinds or pl.Series([text]).str.contains(POSSIBLE)[0]


@given(digits=st.text("0123456789", min_size=12, max_size=18), data=st.data())
def test_luhn_notices_a_wrong_digit(digits, data):
    (check,) = (digit for digit in "0123456789" if luhn(digits + digit))
    number = digits + check
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    assert not luhn(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    "unit", ["a@", "a.b-", "b.", "é", "好@", "好.", "1", "1.", "12:", "DE44", "+1", "11-", ":", "1 "]
)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "phone"])
def test_hostile_texts_take_no_longer_than_others(kind, unit):
    assert find(f"a@{unit * 20_000}", kind, REGIONS) == []
