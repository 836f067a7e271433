"""What every reader in `registry/readers` declares and does, found by file name."""

import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.kinds import READERS
from tests.wavs import tone


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"text": ["a", "b"], "n": [1, None]}).write_parquet(out)
    return out.getvalue()


CHOICE = b'{"type": "choices", "value": {"choices": ["x"]}}'
SAMPLES = {
    "argilla": (
        {},
        b'[{"id": 1, "text": "a", "q.responses": ["x"], "q.responses.users": ["u"], "q.responses.status": ["draft"]}]',
    ),
    "conll": ({"columns": ["tokens", "tags"]}, b"a O\nb B-x\n\nc O\n"),
    "csv": ({"columns": {"n": "integer"}}, b'text,n\n"a, b",1\nc,2\n'),
    "doccano": ({}, b'{"id": 1, "text": "a b", "label": [[0, 1, "x"]]}\n{"id": 2, "text": "c", "label": ["y"]}\n'),
    "html": ({"rows": "//p", "columns": {"text": ".", "n": "count(b)"}}, b"<p>a <b>b</b><p>c&amp;<!-- d -->"),
    "json": ({"rows": "data"}, b'{"data": [{"text": "a", "n": [1]}, {"text": "b"}]}'),
    "jsonl": ({}, b'{"text": "a", "n": 1}\n{"text": "b"}\n'),
    "label_studio": ({}, b'[{"id": 1, "data": {"text": "a"}, "annotations": [{"result": [%s]}]}]' % CHOICE),
    "mail": (
        {"mbox": True},
        b"From x\nSubject: =?utf-8?q?a?=\nContent-Type: text/html; charset=x\n\n<p>b\n\nFrom y\n\nc",
    ),
    "parquet": ({}, parquet()),
    "po": (
        {},
        b'#, fuzzy\nmsgctxt "c"\nmsgid "a\\n"\nmsgid_plural "b"\nmsgstr[0] "c"\n"d"\n\n#~ msgid "e"\n#~ msgstr "f"\n',
    ),
    "prodigy": ({}, b'{"text": "a b", "spans": [{"start": 0, "end": 1, "label": "x"}], "answer": "accept"}\n'),
    "tagged": ({}, b"a/x b/y\nc/d/z\n"),
    "text": ({}, b"a\nb\n"),
    "wav": ({}, tone(0.01)),
    "xml": ({"rows": "//p"}, b'<?xml version="1.0"?><!DOCTYPE r [<!ELEMENT r ANY>]><r><p a="b">c&amp;</p></r>'),
}
"""Parameters and a file that they read; every reader has one."""


@pytest.fixture(params=READERS.names())
def name(request):
    return request.param


@pytest.fixture
def reader(name):
    return READERS.get(name)(**SAMPLES[name][0])


def test_a_reader_has_a_version_that_no_card_can_write(name):
    reader = READERS.get(name)
    assert reader.version >= 1
    assert "version" not in reader.model_fields


def test_every_parameter_is_described(name):
    fields = READERS.get(name).model_fields.values()
    assert all(field.description for field in fields)


def test_what_identity_writes_of_a_reader_is_that_reader(reader):
    written = json.loads(json.dumps(reader.model_dump(mode="json", exclude_defaults=True), sort_keys=True))
    assert type(reader).model_validate(written) == reader


def test_rows_are_the_same_each_time(name, reader, tmp_path):
    path = tmp_path / "sample"
    path.write_bytes(SAMPLES[name][1])
    frame = reader.read(path, "utf-8")
    assert frame.height
    assert frame.equals(reader.read(path, "utf-8"))


def test_a_file_that_is_not_there(reader, tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        reader.read(tmp_path / "nothing", "utf-8")


@given(data=st.data())
def test_damage_is_told_or_harmless(name, reader, tmp_path, data):
    """Whatever is changed in a file: a table comes out, or one plain error; never a traceback."""
    content = bytearray(SAMPLES[name][1])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path / "damaged"
    path.write_bytes(content[:cut])
    try:
        assert isinstance(reader.read(path, "utf-8"), pl.DataFrame)
    except UserError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
