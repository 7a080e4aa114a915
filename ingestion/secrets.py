"""Passwords and tokens are kept out of sight: in messages, and in addresses that would go into every row."""

import re

# A password may hold any sign, be it against the rules: it ends at the last @ of what has no blank.
_PASSWORD = re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)\S*(?=@)", re.IGNORECASE)
# Of a name alone only web addresses make a token; elsewhere it is a user, or a container of Azure.
_TOKEN = re.compile(r"(?P<head>\bhttps?://)[^\s/?#:]+(?=@)", re.IGNORECASE)
# What follows a slash is a folder, as in s3://lake/key=7/a.jsonl.
_NAMED = re.compile(
    r"(?P<head>(?<![\w./-])[\w.-]*(?:key|token|secret|pass|pwd|sig|credential)[\w.-]*\s?=\s?)"
    r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&;]+)""",
    re.IGNORECASE,
)
# An address with a port, and an @ further on, has no password.
_PASSWORD_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/:@]*:(?!\d+(?:/|\Z)).*@", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return ``text`` with the passwords and tokens in it put out of sight."""
    for pattern in (_PASSWORD, _TOKEN, _NAMED):
        text = pattern.sub(r"\g<head>***", text)
    return text


def has_secret(url: str) -> bool:
    """Tell that the address of a folder or bucket holds a password or a token."""
    address, _, query = url.partition("?")
    if "://" not in address:
        return False
    in_front = _PASSWORD_IN_ADDRESS.match(url) or _TOKEN.match(address)
    return in_front is not None or _NAMED.search(query) is not None
