"""Licences: as pages, as the hub's ids, and back."""

import pytest

from registry.card import License
from registry.interchange.licences import HUB, for_croissant, for_hub, objection, spdx_of

BY = "https://creativecommons.org/licenses/by-sa/4.0/"


def test_an_spdx_licence_is_its_page_and_several_are_several():
    assert for_croissant(License(spdx="mit AND CC-BY-4.0")) == [
        "https://spdx.org/licenses/MIT",
        "https://spdx.org/licenses/CC-BY-4.0",
    ]


@pytest.mark.parametrize("spdx", ["LicenseRef-terms", "MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"])
def test_what_has_no_page_of_its_own_stands_with_its_note(spdx):
    (work,) = for_croissant(License(spdx=spdx, note="Ask first."))
    assert work == {"@type": "sc:CreativeWork", "name": spdx, "description": "Ask first."}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"spdx": "NOASSERTION", "note": "unclear"}, "no licence is asserted"),
        ({"spdx": "Free"}, '"Free" is no SPDX licence'),
        ({"spdx": "LicenseRef-terms"}, "no note says its terms"),
        ({"spdx": "LicenseRef-terms", "note": "Ask first."}, ""),
        ({"spdx": "MIT"}, ""),
    ],
)
def test_what_nobody_could_act_on_is_no_licence(given, said):
    assert said in objection(License(**given))
    assert bool(said) == bool(objection(License(**given)))


@pytest.mark.parametrize("hub", sorted(HUB - {"unknown", "other"}))
def test_the_hubs_ids_that_are_spdx_come_back_as_they_were(hub):
    spdx = spdx_of(hub)
    assert spdx is None or for_hub(License(spdx=spdx)) == {"license": hub}


def test_most_of_the_hubs_ids_are_spdx():
    families = {"cc", "gpl", "lgpl", "gfdl", "bsd", "openrail", "openrail++", "llama2", "gemma", "deepfloyd-if-license"}
    unknown = {hub for hub in HUB - {"unknown", "other"} if spdx_of(hub) is None}
    assert {hub for hub in unknown - families if "rail" not in hub} == set()


@pytest.mark.parametrize(
    ("page", "spdx"),
    [
        (BY, "CC-BY-SA-4.0"),
        (BY + "legalcode", "CC-BY-SA-4.0"),
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("https://choosealicense.com/licenses/apache-2.0/", "Apache-2.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://example.org/terms", None),
    ],
)
def test_pages_of_licences_are_known(page, spdx):
    assert spdx_of(page) == spdx
