"""Models behind a server: what is asked, what is read, what is kept, and every way in which a server can fail."""

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Labels, Numbers, Question
from harness.generating import asking
from harness.models.http import Http, HttpRecipe
from registry.errors import UserError
from registry.identity import part
from tests.harness.models.servers import Said, chat, serving

KEY = "sk-very-secret-0123456789"
NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
TRAIN = Examples(("awful", "lovely", "bad", "fine"), Labels(np.array([0, 1, 0, 1])))


@pytest.fixture(autouse=True)
def _world(monkeypatch):
    monkeypatch.setattr(asking, "FIRST_PAUSE", 0.001)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("BENCH_TEST_KEY", KEY)


@pytest.fixture
def asked(setting, tmp_path):
    """A family that was fitted, on a server."""

    def make(url, *, train=NOTHING, seed=7, offline=False, task="text-classification", labels=None, **recipe):
        usual = {"url": url, "model": "toy", "retries": 2, "timeout_s": 5}
        known = ("negative", "positive") if "text-" in task and labels is None else labels or ()
        where = {"weights": None, "cache": tmp_path / "answers", "offline": offline}
        model = Http(HttpRecipe(**{**usual, **recipe}), setting(task=task, labels=known, seed=seed, **where))
        model.fit(train, NOTHING)
        return model

    return make


def by_word(heard) -> Said:
    """Answers by what stands in the last turn."""
    said = heard.body["messages"][-1]["content"]
    return chat("The label is Positive." if "love" in said else "negative")


def test_labels_are_read_out_of_what_is_said(asked):
    with serving(by_word) as server:
        model = asked(server.url, price={"prompt": 3.0, "completion": 15.0}, concurrency=3)
        found = model.predict(("I love it", "no", "I love that", "\ud800 {labels}"))
        assert found.labels.tolist() == [1, 0, 1, 0]
        assert found.probabilities is None
    (first,) = {heard.path for heard in server.heard}
    assert first == "/v1/chat/completions"
    body = next(heard.body for heard in server.heard if "I love it" in heard.body["messages"][0]["content"])
    assert body.keys() == {"model", "messages", "max_tokens", "temperature"}
    assert body["messages"][0]["content"].endswith("Text: I love it\nLabel:")
    assert model.found() == {
        "asked_answers": 4, "kept_answers": 0, "prompt_tokens": 40, "generated_tokens": 8, "failed_tries": {},
        "cost": pytest.approx(240e-6), "paid": pytest.approx(240e-6), "unreadable_answers": 0, "cut_texts": 0,
    }  # fmt: skip


def test_a_second_run_asks_for_nothing_even_offline(asked):
    rows = ("I love it", "no", "no")
    with serving(by_word) as server:
        first = asked(server.url, price={"prompt": 1, "completion": 1}).predict(rows)
    once = len(server.heard)
    again = asked(server.url, price={"prompt": 1, "completion": 1}, offline=True)
    assert again.predict(rows).labels.tolist() == first.labels.tolist()
    assert len(server.heard) == once
    assert (again.found()["kept_answers"], again.found()["paid"], again.found()["cost"]) == (3, 0, 36e-6)
    with pytest.raises(UserError, match="may not be asked offline"):
        again.predict(("something new",))


def test_a_run_that_broke_off_goes_on_where_it_stopped(asked):
    broken = threading.Event()

    def answer(heard):
        bad = broken.is_set() is False and "third" in heard.body["messages"][-1]["content"]
        return Said(400, {"error": {"message": "no room"}}) if bad else chat("negative")

    with serving(answer) as server:
        with pytest.raises(UserError, match=r"127\.0\.0\.1 \(chat\)\s+answered HTTP 400: no room"):
            asked(server.url, concurrency=1).predict(("first", "second", "third"))
        broken.set()
        model = asked(server.url, concurrency=1)
        model.predict(("first", "second", "third"))
    assert model.found()["kept_answers"] == 2


@pytest.mark.parametrize(
    "held",
    [
        '{"text": ',
        '{"text": null}',
        "[]",
        "[" * 100_000,
        '{"text":"positive","prompt_tokens":"7","generated_tokens":1}',
    ],
)
def test_damaged_answers_of_the_store_are_asked_for_again(asked, tmp_path, held):
    with serving(by_word) as server:
        asked(server.url).predict(("no",))
        (kept,) = (tmp_path / "answers").iterdir()
        kept.write_text(held, encoding="utf-8")
        assert asked(server.url).predict(("no",)).labels.tolist() == [0]
    assert len(server.heard) == 2


def test_a_server_that_counts_nonsense_does_not_count(asked):
    with serving(lambda _: chat("positive \ud800", prompt=10**400, completion=-1)) as server:
        model = asked(server.url, price={"prompt": 1, "completion": 1}, task="text-generation")
        assert model.predict(("x",)).texts == ("positive ?",)
    assert (model.found()["prompt_tokens"], model.found()["cost"]) == (None, None)


def test_what_stands_for_a_key_where_none_is_needed_may_occur_in_answers(asked, monkeypatch):
    monkeypatch.setenv("BENCH_TEST_KEY", "positive"[:4])
    with serving(lambda _: chat("positive")) as server:
        assert asked(server.url, key_from="BENCH_TEST_KEY").predict(("x",)).labels.tolist() == [1]


def test_trouble_that_passes_is_tried_again(asked):
    troubles = [Said(429, "", {"Retry-After": "0"}), Said(503, "<html>busy</html>")]
    with serving(lambda _: troubles.pop() if troubles else chat("positive")) as server:
        model = asked(server.url)
        assert model.predict(("x",)).labels.tolist() == [1]
    assert model.found()["failed_tries"] == {"HTTP 429": 1, "HTTP 503": 1}


@pytest.mark.parametrize(
    ("said", "told", "tries"),
    [
        (Said(500, "oops"), "answered HTTP 500, after 3 tries", 3),
        (Said(429, "", {"Retry-After": "9999"}), "HTTP 429; it asks to wait 9,999 seconds", 1),
        (Said(401, {"error": {"message": f"bad key {KEY}"}}), r"HTTP 401: bad key \*\*\*\s+Put a key", 1),
        (Said(404, {"error": "no model\x1b[31m"}), r"HTTP 404: no model\\x1b\[31m", 1),
        (Said(302, "", {"Location": "http://127.0.0.1:9/else"}), "it redirects to elsewhere", 1),
        (Said(302, "", {"Location": "file:///etc/passwd", "Content-Length": "9" * 12}), "cannot be asked", 1),
        (Said(302, "", {"Location": "http://127.0.0.1:9/", "Content-Length": "9" * 12}), "redirects to elsewhere", 1),
        (Said(429, "", {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}), "HTTP 429; it asks to wait", 1),
        (Said(429, "", {"Retry-After": "-5"}), "answered HTTP 429, after 3 tries", 3),
        (Said(200, "zzz", {"Transfer-Encoding": "chunked"}), "(broke off|had not answered)", 3),
        (Said(200, "<html>welcome</html>"), "no answer of its kind: <html>welcome", 1),
        (Said(200, ""), "no answer of its kind: nothing", 1),
        (Said(200, "[" * 50_000), "no answer of its kind", 1),
        (Said(200, {"choices": []}), "no answer of its kind", 1),
        (Said(200, {"choices": [{"message": {"content": ["parts"]}}]}), "no answer of its kind", 1),
        (
            Said(200, {"choices": [{"text": "of the other api"}]}),
            r"no answer of its kind[\s\S]*Check `url:` and `api:`",
            1,
        ),
        (Said(200, "x" * (5 << 20)), "sent more than 4,194,304 bytes", 1),
        (Said(200, "{", {"Content-Length": "100"}), r"(broke off|had not answered)", 3),
    ],
)
def test_a_server_that_gives_no_answers_is_told_with_its_host(asked, said, told, tries):
    with serving(lambda _: said) as server:
        with pytest.raises(UserError, match=told) as caught:
            asked(server.url, key_from="BENCH_TEST_KEY", timeout_s=0.2).predict(("x",))
        assert str(caught.value).startswith("127.0.0.1 (chat)\n")
    assert len(server.heard) == tries
    assert KEY not in str(caught.value)


def test_a_server_that_hangs_or_is_not_there(asked):
    free = threading.Event()

    def hang(_):
        free.wait(5)
        return chat("late")

    with serving(hang) as server:
        with pytest.raises(UserError, match=r"had not answered after 0\.05 seconds, after 2 tries"):
            asked(server.url, timeout_s=0.05, retries=1).predict(("x",))
        free.set()
    with pytest.raises(UserError, match="cannot be reached"):
        asked(server.url, retries=0).predict(("x",))


def test_the_key_is_sent_and_written_nowhere(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password other", encoding="utf-8")
    with serving(lambda heard: chat(f"positive {heard.headers.get('Authorization')}")) as server:
        model = asked(server.url, key_from="BENCH_TEST_KEY", task="text-generation")
        assert model.predict(("x",)).texts == ("positive Bearer ***",)
        asked(server.url, task="text-generation").predict(("y",))
    assert [heard.headers.get("Authorization") for heard in server.heard] == [f"Bearer {KEY}", None]
    written = [path.read_text(encoding="utf-8") for path in Path(tmp_path / "answers").iterdir()]
    assert len(written) == 2
    assert KEY not in "".join(written) + repr(vars(model)) + json.dumps(model.found())
    for held, told in (("", "holds no key"), ("two words", "cannot be a key")):
        monkeypatch.setenv("BENCH_TEST_KEY", held)
        with pytest.raises(UserError, match=told) as caught:
            asked(server.url, key_from="BENCH_TEST_KEY")
        assert "two" not in str(caught.value)


def test_the_address_may_stand_in_the_environment(asked, monkeypatch):
    recipe = {"url_from": "BENCH_TEST_URL"}
    device = Device("cpu", "fp32")
    with serving(by_word) as server:
        monkeypatch.setenv("BENCH_TEST_URL", f"{server.url}/")
        assert asked(None, **recipe).predict(("love",)).labels.tolist() == [1]
        assert Http.resolve(HttpRecipe(model="toy", **recipe), device) == {"url": server.url}
    for wrong in ("", "ftp://host", "https://me:secret@host/v1", "https://host/v1?key=secret", "http://[::1"):
        monkeypatch.setenv("BENCH_TEST_URL", wrong)
        with pytest.raises(UserError, match="BENCH_TEST_URL holds no address") as caught:
            asked(None, **recipe)
        assert "secret" not in str(caught.value)
        assert Http.resolve(HttpRecipe(model="toy", **recipe), device) == {}


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        ({}, "one of url and url_from"),
        ({"url": "http://a", "url_from": "A"}, "one of url and url_from"),
        ({"url": "host/v1"}, "is no address"),
        ({"url": "https://user:pass@host/v1"}, "a key belongs into the environment"),
        ({"url": "http://a", "key_from": "sk-123"}, "pattern"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(recipe, told):
    with pytest.raises(ValueError, match=told):
        HttpRecipe(model="toy", **recipe)


def test_what_changes_no_answer_is_no_part_of_a_runs_identity():
    quick = {"concurrency": 9, "retries": 1, "timeout_s": 1, "requests_per_minute": 5, "key_from": "K"}
    one = HttpRecipe(model="toy", url="http://a", **quick, price={"prompt": 1, "completion": 2})
    assert part(one) == part(HttpRecipe(model="toy", url="http://a"))
    assert part(HttpRecipe(model="toy", url="http://a", max_tokens=1)) != part(one)


def test_worked_examples_are_turns_of_a_chat_and_text_of_a_completion(asked):
    def answer(heard):
        return (
            chat("negative") if "messages" in heard.body else Said(200, {"choices": [{"text": " negative\nText: x"}]})
        )

    with serving(answer) as server:
        asked(server.url, train=TRAIN, shots=2).predict(("so what",))
        model = asked(server.url, train=TRAIN, shots=2, api="completions", limit_name="max_completion_tokens")
        model.predict(("so what",))
        assert model.found()["prompt_tokens"] is None
    spoken, written = (heard.body for heard in server.heard)
    assert [turn["role"] for turn in spoken["messages"]] == ["user", "assistant"] * 2 + ["user"]
    assert written["prompt"].endswith("\n\nText: so what\nLabel:")
    assert written["stop"] == ["\n"]
    assert written["max_completion_tokens"] == 128


def test_temperature_sends_the_seed_and_none_sends_neither(asked):
    with serving(by_word) as server:
        asked(server.url, temperature=0.7, seed=3).predict(("a",))
        asked(server.url, temperature=None).predict(("a",))
    drawn, left = (heard.body for heard in server.heard)
    assert (drawn["temperature"], drawn["seed"]) == (0.7, 3)
    assert "temperature" not in left


def test_every_task_that_it_reads(asked):
    with serving(lambda _: chat('<think>hm, 7</think> "3.5 stars"\nmore')) as server:
        numbers = asked(server.url, task="text-regression", labels=()).predict(("a", "b"))
        assert isinstance(numbers, Numbers)
        assert numbers.values.tolist() == [3.5, 3.5]
        answered = asked(server.url, task="question-answering").predict((Question("q", "t"),))
        assert answered.texts == ("3.5 stars",)
        assert asked(server.url, task="summarisation").predict(("t",)).texts == ('"3.5 stars"\nmore',)


def test_answers_that_cannot_be_read_are_counted_and_take_the_commonest_label(asked):
    with serving(
        lambda heard: chat("positive" if "x" in heard.body["messages"][-1]["content"][-9:] else None)
    ) as server:
        model = asked(server.url)
        assert model.predict(("x", "-")).labels.tolist() == [1, 1]
        assert model.found()["unreadable_answers"] == 1
        known = asked(server.url, train=Examples(("a",), Labels(np.array([0]))))
        assert known.predict(("x", "-")).labels.tolist() == [1, 0]
        with pytest.raises(UserError, match="none of 1 answers holds a label"):
            asked(server.url).predict(("-",))


def test_long_rows_lose_their_end(asked):
    with serving(by_word) as server:
        model = asked(server.url, task="question-answering", max_characters=20)
        model.predict((Question("Who did it?", "She did it. " * 9),))
        assert model.found()["cut_texts"] == 1
    assert "Passage: She did i\nQuestion: Who did it?\n" in server.heard[0].body["messages"][0]["content"]


def test_no_more_requests_a_minute_than_allowed(asked):
    with serving(by_word) as server:
        begun = time.monotonic()
        asked(server.url, requests_per_minute=1_200, concurrency=8).predict(tuple("abcd"))
        assert time.monotonic() - begun >= 3 * 60 / 1_200
