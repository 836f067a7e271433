"""How pip's own settings lead to an index."""

import subprocess
import sys
from pathlib import Path

import pytest

from registry.packages.pypi import index_url, open_endpoint


def test_pip_names_the_index_where_the_environment_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setattr("registry.packages.pypi._pip_index", lambda: "http://mirror/simple")
    assert index_url() == "http://mirror/simple"
    monkeypatch.setattr("registry.packages.pypi._pip_index", lambda: "")
    assert index_url().startswith("https://")


@pytest.mark.skipif(sys.platform != "linux", reason="pip looks elsewhere")
def test_pip_itself_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "pip" / "pip.conf"
    config.parent.mkdir()
    config.write_text("[global]\nindex-url = http://mirror.invalid/simple\n")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("no pip here")
    assert index_url() == "http://mirror.invalid/simple"


@pytest.mark.parametrize(("requests_bundle", "expected"), [(None, "/ssl.pem"), ("/requests.pem", "/requests.pem")])
def test_certificates_are_those_of_the_environment(
    requests_bundle: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/ssl.pem")
    if requests_bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests_bundle)
    session = open_endpoint("https://index.invalid/simple").session
    used = session.merge_environment_settings("https://index.invalid/", {}, None, None, None)
    assert used["verify"] == expected
