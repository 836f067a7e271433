"""What lies beside data about their licence."""

import os

import pytest

from registry.infer.licence import NOT_STATED, beside, front_matter, of_tag


def stated(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return beside(folder)


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("MIT License\n\nPermission is hereby granted, free of charge, to any person", "MIT"),
        ("  Apache License\n  Version 2.0, January 2004", "Apache-2.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
    ],
)
def test_a_license_file_is_known_by_its_text(tmp_path, text, spdx):
    assert stated(tmp_path, LICENSE=text).license == {"spdx": spdx}


@pytest.mark.parametrize("tag", ["cc-by-nc-sa-4.0", "[cc-by-nc-sa-4.0]"])
def test_a_licence_against_commerce_says_so_in_the_card(tmp_path, tag):
    found = stated(tmp_path, README_md=f"---\nlicense: {tag}\n---\n# data\n")
    assert found.license == {"spdx": "CC-BY-NC-SA-4.0", "use": "non-commercial"}


def test_a_file_that_would_be_waited_for_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "LICENSE")
    assert beside(tmp_path) == NOT_STATED


def test_an_unknown_file_asserts_nothing_and_is_pointed_to(tmp_path):
    found = stated(tmp_path, LICENSE="Ask Bob.")
    assert found.license["spdx"] == "NOASSERTION"
    assert "LICENSE" in found.license["note"]


@pytest.mark.parametrize("tag", ["other", "unknown", "llama3", "cc-by-9.9"])
def test_an_unknown_tag_is_quoted(tag):
    assert of_tag(tag, "README").license == {"spdx": "NOASSERTION", "note": f'README says "{tag}"'}


def test_nothing_beside_the_data_is_no_licence(tmp_path):
    assert beside(tmp_path).license == {"spdx": "NOASSERTION"}


@pytest.mark.parametrize("text", ["", "# no matter", "---\na: &x [*x]\n---\n", "---\n: : :\n---\n", "---\na: 1\n"])
def test_front_matter_that_cannot_be_read_states_nothing(text):
    assert front_matter(text) == {}
