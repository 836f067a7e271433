"""One layer of character references becomes characters; what they spelt is left as it is."""

import pytest

from registry.clean.unescape_html import UnescapeHtml
from tests.registry.clean.rows import texts_after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("&lt;b&gt; &quot;很好&quot; &#x4F60;&#22909; &nbsp;", '<b> "很好" 你好 \u00a0'),
        ("&amp;lt; was written as &amp;amp;lt;", "&lt; was written as &amp;lt;"),
        ("AT&T; ?a=1&lt=3 &nosuch; &;", "AT&T; ?a=1<=3 &nosuch; &;"),
        ("R&D, no reference at all", "R&D, no reference at all"),
    ],
)
def test_one_layer_is_taken_off(text, after):
    assert texts_after(UnescapeHtml(), text) == [after]
