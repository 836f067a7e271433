"""What every reader in `registry/readers` declares, found by file name."""

import pytest

from registry.kinds import READERS


@pytest.mark.parametrize("name", READERS.names())
def test_a_reader_has_a_version_that_no_card_can_write(name):
    reader = READERS.get(name)
    assert reader.version >= 1
    assert "version" not in reader.model_fields
