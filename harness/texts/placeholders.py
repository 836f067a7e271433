"""What a translation must leave as it is: the parts of a message that a program fills in or reads.

`%s` and `%(name)s` of printf, `{name}` and `{{ name }}` of templates, `<tag>`s, and `&entities;`. A sign of per cent in
prose ("50% of", "100%") is none.
"""

import re

PLACEHOLDER = re.compile(
    r"%\([^()\n]{1,80}\)[-#0+ ]?[\d*]*(?:\.\d+)?[diouxXeEfFgGcrsa]"
    r"|(?<![\d%])%(?:\d+\$)?[-#0+]?\d*(?:\.\d+)?[diouxXeEfFgGcrsa@](?![A-Za-z])"
    r"|\{\{[^{}\n]{1,80}\}\}"
    r"|\$?\{[^{}\s]{0,80}\}"
    r"|</?[A-Za-z][^<>\n]{0,500}>"
    r"|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
)


def placeholders(text: str) -> list[str]:
    """In order, each as often as it is there."""
    return PLACEHOLDER.findall(text)
