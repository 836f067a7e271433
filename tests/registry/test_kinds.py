"""Members of a kind: our own by file name, and cleaning ops of other distributions by entry point."""

import sys

import pytest

from harness.inspect.check import check_cards
from registry.errors import CardProblems, UserError
from registry.kinds import OPS, READERS
from tests.worlds import table

SHOUT = """
from typing import ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs


class Shout(Frozen):
    mark: str = "!"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar = (({}, "hey", "HEY!"),)

    def apply(self, rows):
        return rows.with_columns(pl.col(inputs(rows)).str.to_uppercase() + self.mark)
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Put a distribution on the path as installers do, and take it off again."""

    def install(name, entries, modules=(), version="1.2"):
        site = tmp_path / name
        about = site / f"{name}-{version}.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: Loud texts\n"
        )
        (about / "entry_points.txt").write_text("[cardbench.ops]\n" + "\n".join(entries))
        for module, code in dict(modules).items():
            (site / f"{module}.py").write_text(code)
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.syspath_prepend(str(site))

    before = set(sys.modules)
    yield install
    for module in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]


def test_an_op_of_another_distribution_cleans_a_card(installed, world):
    installed("acme-ops", ["shout = acme_ops:Shout"], {"acme_ops": SHOUT})
    built = world.card(table(("so good", "good"), ("so bad", "bad")), more="clean: [{shout: {mark: '?'}}]\n").build()
    assert sorted(built.published.read("test")["text"].to_list()) == ["SO BAD?", "SO GOOD?"]


def test_what_is_installed_is_listed_with_its_version_and_not_imported(installed):
    installed("acme-ops", ["shout = acme_missing:Shout"])
    assert "shout" in OPS.names()
    assert OPS.module_doc("shout") == "Loud texts [acme-ops 1.2]"
    assert OPS.plugin("shout")[:2] == ("acme-ops", "1.2")
    assert "shout" not in OPS.own()
    assert "acme_missing" not in sys.modules


def test_our_own_members_come_from_no_other_distribution(installed):
    installed("acme-ops", ["shout = acme_missing:Shout"])
    assert OPS.plugin("length") is None
    assert "shout" not in READERS.names()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "AttributeError: module 'acme_ops' has no attribute 'Shout'"),
        ("import acme_not_there", "ModuleNotFoundError: No module named 'acme_not_there'"),
        ("class Shout", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("class Shout: version = 1", "TypeError: it is no subclass of registry.frozen.Frozen"),
        (SHOUT.replace("def apply", "def clean"), "TypeError: it lacks version, libraries, examples, or its verbs"),
        (SHOUT.replace("version:", "revision:"), "TypeError: it lacks version, libraries, examples, or its verbs"),
    ],
)
def test_a_broken_one_is_an_error_only_where_it_is_used(installed, world, code, why):
    installed("acme-ops", ["shout = acme_ops:Shout"], {"acme_ops": code})
    rows = table(("so good", "good"), ("so bad", "bad"))
    world.card(rows, more="clean: [length]\n").catalog.dataset("mine")
    with pytest.raises(CardProblems) as told:
        world.card(rows, more="clean: [shout]\n").catalog.dataset("mine")
    (problem,) = told.value.problems
    assert problem.what.startswith('the cleaning op "shout" of acme-ops 1.2 (acme_ops:Shout) cannot be used: ' + why)
    assert problem.do == "Upgrade or uninstall acme-ops, or tell its authors."


def test_a_name_that_is_taken_is_refused_with_both_places(installed):
    installed("acme-ops", ["length = acme_ops:Length", "shout = acme_ops:Shout"])
    installed("other-ops", ["shout = other_ops:Shout"], version="3")
    with pytest.raises(UserError, match=r"is in cardbench \(registry.clean\) and acme-ops 1.2 \(acme_ops:Length\)"):
        OPS.get("length")
    with pytest.raises(UserError, match=r"other-ops 3 \(other_ops:Shout\) and acme-ops 1.2 \(acme_ops:Shout\)"):
        OPS.get("shout")
    assert OPS.get("whitespace").version


def test_an_unknown_name_is_told_with_the_nearest_of_all(installed):
    installed("acme-ops", ["shout = acme_ops:Shout"])
    with pytest.raises(UserError, match='unknown cleaning op "shoutt"; nearest: "shout"'):
        OPS.get("shoutt")


def test_a_check_takes_what_is_installed_and_nothing_else(installed, world):
    world.card(table(("so good", "good"), ("so bad", "bad")), more="clean: [shout, {shout: {mark: '?'}}]\n")
    assert "unknown cleaning op" in check_cards(world.catalog, ("mine",)).problems[0].what
    installed("acme-ops", ["shout = acme_ops:Shout"], {"acme_ops": SHOUT})
    assert check_cards(world.catalog, ("mine",), data=True).problems == ()
    world.card(more="clean: [{shout: {marks: '?'}}]\n")
    (problem,) = check_cards(world.catalog, ("mine",)).problems
    assert problem.path == ("clean", "1", "shout", "marks")
