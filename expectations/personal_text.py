"""What gives personal text away, wherever it turns up: an e-mail address or a URL's query."""

import re

# An @ (or its URL form) with a domain behind it; a parameter; anything after a URL's question mark.
PERSONAL_TEXT = r"[^\s@/](@|%40)[^\s@/]+\.[a-zA-Z]|\?[^\s=?&]+=|://\S*\?\S"


def without_personal_text(value: object) -> object:
    """Return ``value``, or a word in its place if it is text that may name a person."""
    if isinstance(value, str) and re.search(PERSONAL_TEXT, value):
        return "withheld"
    return value
