from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.readers.mail import COLUMNS, Mail

ALTERNATIVE = b"""Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain

%s
--b
Content-Type: text/html

<p>in <b>HTML</b></p><script>no</script>
--b--
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.eml"


def read(path: Path, data: bytes, encoding: str = "utf-8", *, mbox: bool = False) -> list[dict[str, str | None]]:
    path.write_bytes(data)
    frame = Mail(mbox=mbox).read(path, encoding)
    assert frame.columns == list(COLUMNS)
    return frame.to_dicts()


def body(path: Path, data: bytes, encoding: str = "utf-8") -> str | None:
    return read(path, data, encoding)[0]["body"]


def test_a_message(path: Path) -> None:
    data = b"From x@y Mon\nFrom: A <a@b.c>\r\nSubject: on two\r\n lines\nDate: 1 Jan\nX-Spam: yes\n\nHi\r\n\nthere\n"
    assert read(path, data) == [
        {"subject": "on two lines", "sender": "A <a@b.c>", "date": "1 Jan", "body": "Hi\r\n\nthere\n"}
    ]


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?b?5Lit?=", "中"),
        (b"Re: =?iso-8859-1?q?caf=E9?= =?iso-8859-1?q?_au?= lait", "Re: café au lait"),
        (b"=?gb2312?B?1tDOxA==?=", "中文"),
        (b"=?nonsense?q?caf=E9?=", "café"),
        (b"=?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"caf\xe9", "café"),
        ("中".encode(), "中"),
        (b"", ""),
    ],
)
def test_subjects(path: Path, header: bytes, subject: str) -> None:
    assert read(path, b"Subject: " + header + b"\n\nx")[0]["subject"] == subject


@pytest.mark.parametrize(
    ("charset", "data", "encoding", "text"),
    [
        (b"utf-8", "中".encode(), "utf-8", "中"),
        (b'"gb2312"', "镕".encode("gbk"), "utf-8", "镕"),
        (b"us-ascii", b"caf\xe9", "utf-8", "café"),
        (b"us-ascii", "é".encode(), "utf-8", "é"),
        (b"nonsense", b"caf\xe9", "cp1250", "café"),
        (b"punycode", b"abc-", "utf-8", "abc-"),
        (b"unicode_escape", rb"\x41", "utf-8", r"\x41"),
        (b"zlib", b"\xff", "utf-8", "ÿ"),
        (b"utf-8\0", b"\xff", "utf-8", "ÿ"),
        (b"utf-8", b"\x00\x80\xfe\xff", "utf-8", "\x00\x80þÿ"),
    ],
)
def test_character_sets_that_are_right_wrong_or_none(
    path: Path, charset: bytes, data: bytes, encoding: str, text: str
) -> None:
    assert body(path, b"Content-Type: text/plain; charset=" + charset + b"\n\n" + data, encoding) == text


def test_the_body_is_plain_text_else_html(path: Path) -> None:
    assert body(path, ALTERNATIVE % b"plain") == "plain"
    assert body(path, ALTERNATIVE % b"  \n") == "in HTML"
    assert body(path, b"Content-Type: text/html\n\n<td>a<td>b<br>c") == "a\nb\nc"
    assert body(path, b"Content-Type: text/enriched\n\nrich") == "rich"
    assert body(path, b"Content-Type: image/png\n\nabc") is None


def test_attachments_are_no_body(path: Path) -> None:
    message = EmailMessage()
    message.set_content("the text\n")
    message.add_attachment("attached", filename="a.txt")
    assert body(path, bytes(message)) == "the text\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"no header at all\n", "no header at all\n"),
        (b"Content-Type: multipart/mixed\n\nno boundary", "no boundary"),
        (b'Content-Type: multipart/mixed; boundary="b"\n\nnever begun', "never begun"),
        (b"Content-Transfer-Encoding: base64\n\n!", "!"),
        (b"Content-Transfer-Encoding: quoted-printable\n\n=zz=E9=", "=zzé"),
        (b"Content-Type: \xff\n\nx", "x"),
        (b"Content-Type: text/plain; charset*=''%ff\n\nx", "x"),
    ],
)
def test_broken_messages(path: Path, data: bytes, text: str) -> None:
    assert body(path, data) == text


def test_parts_nested_without_end(path: Path) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000))
    with pytest.raises(UserError, match="nested too deep"):
        read(path, nested)


def test_a_mailbox(path: Path) -> None:
    data = b"From a Mon\nSubject: 1\n\nhi\nFrom the start\n>From me\n\nFrom b Tue\r\nSubject: 2\n\nx\n\n\nFrom c\n\n"
    rows = read(path, data, mbox=True)
    assert [(row["subject"], row["body"]) for row in rows] == [
        ("1", "hi\nFrom the start\nFrom me\n\n"),
        ("2", "x\n\n\n"),
        (None, ""),
    ]
    assert len(read(path, data)) == 1
    assert read(path, b"", mbox=True) == []


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), subject=st.text("ab é中=?_", max_size=40))
def test_what_a_mail_program_writes_comes_back(path: Path, text: str, subject: str) -> None:
    message = EmailMessage()
    message["Subject"] = subject = " ".join(subject.split())
    message.set_content(text, cte="base64")
    row = read(path, bytes(message))[0]
    assert row["body"] == text.removesuffix("\n") + "\n"
    assert row["subject"] == subject
