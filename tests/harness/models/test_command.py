"""Programs as models: what they are told, what they may answer, and how each way to fail is told."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Collection, Examples, Labels, Nothing, Query, Rankings, Relevance
from harness.model import Setting
from harness.models.command import Command, CommandRecipe
from harness.outside import program as programs
from registry.errors import UserError
from registry.progress import Silent

TRAIN = Examples(("so bad", "so good", "bad bad"), Labels(np.array([0, 1, 0])))
NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
LABELS = ("bad", "good")
HEAD = "import json, os, sys, time\ninputs = [json.loads(line) for line in open('inputs.jsonl', encoding='utf-8')]\n"


@pytest.fixture
def setting():
    def make(**changes):
        usual = {"task": "text-classification", "languages": ("en",), "labels": LABELS, "seed": 7}
        return Setting(**{**usual, "device": Device("cpu", "fp32"), "progress": Silent(), **changes})

    return make


@pytest.fixture
def program(tmp_path, setting):
    """A model whose program is a script of the project."""

    def make(code, arguments=(), more=None, **recipe):
        (tmp_path / "model.py").write_text(HEAD + code, encoding="utf-8")
        wanted = CommandRecipe(run=(sys.executable, "model.py", *arguments), **recipe)
        return Command(wanted, setting(project=tmp_path, **(more or {})))

    return make


def refusal(model, inputs=("one", "two")):
    with pytest.raises(UserError) as told:
        model.predict(inputs)
    return str(told.value)


def test_ten_lines_learn_and_answer(program):
    model = program(
        "import collections\n"
        "task = json.load(open('task.json'))\n"
        "train = [json.loads(line) for line in open('train.jsonl')]\n"
        "(label, _), = collections.Counter(one['label'] for one in train).most_common(1)\n"
        "for one in inputs: print(json.dumps({'label': label, 'probabilities': {'bad': 0.9, 'good': 0.1}}))\n"
        "assert task == {'task': 'text-classification', 'labels': ['bad', 'good'], 'languages': ['en'], 'seed': 7}\n"
        "assert open('validation.jsonl').read() == ''\n"
        "assert [one['text'] for one in inputs] == ['这', 'two']\n"
    )
    fitted = model.fit(TRAIN, NOTHING)
    found = model.predict(("这", "two"))
    assert found.labels.tolist() == [0, 0]
    assert found.probabilities.tolist() == np.array([[0.9, 0.1]] * 2, dtype=np.float32).tolist()
    assert fitted.facts["program"].endswith("model.py")


def test_inputs_come_on_standard_input_too(setting, tmp_path):
    """A line of shell is a model."""
    recipe = CommandRecipe(run=("sed", 's/.*good.*/{"label": "good"}/; t; s/.*/{"label": "bad"}/'))
    assert Command(recipe, setting(project=tmp_path)).predict(("so good", "x")).labels.tolist() == [1, 0]


def test_a_collection_and_relevance_are_told(program):
    model = program(
        "documents = [json.loads(line) for line in open('collection.jsonl')]\n"
        "assert json.loads(open('train.jsonl').read()) == {'text': 'q', 'relevant': {'d2': 1}}\n"
        "assert inputs == [{'text': 'q'}]\n"
        "print(json.dumps({'ranking': [one['id'] for one in reversed(documents)]}))",
        more={"task": "retrieval", "collection": Collection(("d1", "d2"), ("a", "b"))},
    )
    model.fit(Examples((Query("q"),), Relevance(({"d2": 1},))), Examples((), Nothing(0)))
    assert model.predict((Query("q"),)) == Rankings((("d2", "d1"),))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sys.exit(3)", "ended with exit code 3, and said nothing on standard error"),
        ("1 / 0", "ended with exit code 1; the last 5 lines it said:\n    Traceback"),
        ("os.kill(os.getpid(), 11)", "was ended by signal 11 (Segmentation fault)"),
        ("os.kill(os.getpid(), 40)", "was ended by signal 40 ("),
        ("print(json.dumps({'label': 'bad'}))", "printed 1 answer for 2 inputs"),
        ('print(\'{"label": "bad"}\\n\' * 3)', "printed 3 answers for 2 inputs"),
        ("pass", "printed 0 answers for 2 inputs"),
        ('print(\'{"label": "bad"}\\n\\nEpoch \\x1b[1m1\')', "line 3 of what it printed\n  is not valid JSON"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe')", "line 1 of what it printed\n  is not UTF-8"),
        ('print(\'{"label": "bad"}\\n{"label": "god"}\')', 'line 2 of what it printed\n  "label" is "god", none of'),
    ],
)
def test_each_way_to_fail_has_a_reason_of_its_own(program, code, told):
    reason = refusal(program(code))
    assert told in reason
    assert "\x1b" not in reason
    assert "model.py" in reason.splitlines()[0]


def test_a_program_that_hangs_ends_with_all_that_it_started(program, tmp_path):
    reason = refusal(
        program(
            "import subprocess\n"
            "child = subprocess.Popen(['sleep', '600'])\n"
            f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))\n"
            "print('thinking', file=sys.stderr, flush=True)\ntime.sleep(600)",
            timeout_s=1,
        )
    )
    assert "was stopped after 1 s; the last 1 line it said:\n    thinking" in reason
    assert "timeout_s" in reason
    assert ended(int((tmp_path / "child").read_text()))


def test_what_a_program_leaves_running_ends_with_it(program, tmp_path):
    model = program(
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))\n"
        'for one in inputs: print(\'{"label": "bad"}\')'
    )
    assert model.predict(("one",)).labels.tolist() == [0]
    assert ended(int((tmp_path / "child").read_text()))


def ended(pid):
    for _ in range(200):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_program_that_prints_without_end_is_stopped(tmp_path):
    (tmp_path / "given").touch()
    with (
        (tmp_path / "printed").open("wb") as printed,
        pytest.raises(UserError, match="was stopped: it printed more than 1,000 bytes"),
    ):
        programs.run(("yes",), tmp_path, tmp_path / "given", printed, programs.Terms(60, largest=1000))


def test_a_program_may_empty_its_folder(program):
    code = 'import shutil\nfor one in inputs: print(\'{"label": "bad"}\')\nshutil.rmtree(os.getcwd())'
    assert program(code).predict(("one", "two")).labels.tolist() == [0, 0]


def test_what_still_writes_when_its_program_ended_does_not_undo_the_answers(program):
    code = (
        "import subprocess\n"
        "busy = 'import os\\nfor n in range(9**9): open(str(os.getpid()) + str(n), \"w\")'\n"
        "for _ in range(8): subprocess.Popen([sys.executable, '-S', '-c', busy])\n"
        "time.sleep(0.1)\n"
        'for one in inputs: print(\'{"label": "bad"}\')'
    )
    assert program(code).predict(("one",)).labels.tolist() == [0]


def test_what_is_printed_beyond_the_answers_is_counted_and_not_read(program):
    assert "printed 300,000 answers for 2 inputs" in refusal(program('print(\'{"label": "bad"}\\n\' * 300_000)'))


def test_one_endless_line_is_no_answer(program, monkeypatch):
    monkeypatch.setattr("harness.outside.wire.LONGEST", 1000)
    assert "line 1 of what it printed\n  is longer than 1,000 bytes" in refusal(program("print('{' * 5000)"))


def test_no_argument_of_a_program_holds_what_none_can(setting, tmp_path):
    model = Command(CommandRecipe(run=(sys.executable, "a\0b")), setting(project=tmp_path))
    assert "cannot be started: embedded null byte" in refusal(model)


def test_a_program_that_is_not_there(setting, tmp_path):
    recipe = CommandRecipe(run=("no-such-program", "--fast"))
    assert 'there is no program "no-such-program"' in refusal(Command(recipe, setting(project=tmp_path)))


def test_a_script_without_an_interpreter_says_what_it_needs(setting, tmp_path):
    (tmp_path / "model.R").write_text("cat('hello')")
    told = refusal(Command(CommandRecipe(run=("model.R",)), setting(project=tmp_path)))
    assert "cannot be started: Permission denied" in told
    assert "needs an interpreter" in told


def test_a_program_gets_no_variable_that_nobody_named(program, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("MY_KEY", "value of mine")
    code = "print(sorted(os.environ), os.environ.get('MY_KEY'), file=sys.stderr); sys.exit(1)"
    assert "HF_TOKEN" not in refusal(program(code))
    told = refusal(program(code, environment=("MY_KEY",)))
    assert "'MY_KEY'" in told
    assert "value of mine" not in told
    for printed in ("os.environ['MY_KEY']", "json.dumps({'label': os.environ['MY_KEY']})"):
        told = refusal(program(f"print({printed})\n" * 2, environment=("MY_KEY",)))
        assert "***" in told
        assert "value of mine" not in told


def test_files_of_the_project_are_named_by_their_content(tmp_path):
    (tmp_path / "lib").mkdir()
    for name in ("model.py", "lib/a.py", "lib/b.py"):
        (tmp_path / name).write_text(name)
    recipe = CommandRecipe(run=("python", "model.py", "--depth", "3", "/etc/hostname", "x" * 5000), files=("lib/*.py",))
    before = Command.files(recipe, tmp_path)
    assert set(before) == {"model.py", "lib/a.py", "lib/b.py"}
    (tmp_path / "lib/b.py").write_text("changed")
    after = Command.files(recipe, tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"lib/b.py"}
    with pytest.raises(UserError, match="there is no such file"):
        Command.files(CommandRecipe(run=("python",), files=("lib/c.py",)), tmp_path)


def test_a_link_that_leads_out_of_the_project_is_no_file_of_it(tmp_path):
    inside = tmp_path / "project"
    inside.mkdir()
    (tmp_path / "model.py").write_text("print()")
    (inside / "model.py").symlink_to(tmp_path / "model.py")
    assert Command.files(CommandRecipe(run=("python", "model.py", "../model.py")), inside) == {}


def test_nothing_is_left_of_a_run(program, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    program("open('checkpoint', 'w').write('x')\nfor one in inputs: print('{\"label\": \"bad\"}')").predict(("one",))
    assert list((tmp_path / "temporary").iterdir()) == []
