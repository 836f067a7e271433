"""Values that tests of several modules draw."""

from hypothesis import strategies as st

PRINTABLE = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"))
AWKWARD = st.sampled_from(
    [
        "\x1f",
        "\x1e",
        "\\",
        "\\N",
        "\\u",
        ",",
        "\t",
        "\n",
        " ",
        "\u3000",
        "é",
        "e\u0301",
        "ＡＢ",
        "&amp;",
        "很好",
    ]
)

texts = st.lists(st.one_of(PRINTABLE, AWKWARD), max_size=12).map("".join)
"""Any text, rich in what separates, escapes and folds."""

words = st.text("abcdé很", min_size=1, max_size=6)
"""Short words from a small alphabet: equal ones are frequent."""

plain_data = st.recursive(
    st.one_of(st.integers(-(10**12), 10**12), st.text(PRINTABLE, max_size=20), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(PRINTABLE, min_size=1, max_size=8), inner, max_size=4),
    ),
    max_leaves=20,
)
"""What JSON can say without floating point numbers."""
