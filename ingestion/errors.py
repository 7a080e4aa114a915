"""What can go wrong with a source, in one sentence that names the source and the cause, and no password."""

import re
from typing import TYPE_CHECKING

from printable import escaped

if TYPE_CHECKING:
    from ingestion.load.ledger import LoadReport

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


class SourceError(Exception):
    """A configured source could not be read, or could not be read whole; ``report`` says what was loaded."""

    def __init__(self, source: str, message: str) -> None:
        self.source = source
        self.message = escaped(without_secrets(message))
        self.report: LoadReport | None = None
        super().__init__(f"{source}: {self.message}")


class SettingError(SourceError, ValueError):
    """A setting cannot be understood; the message names it and says what it is and what it must be."""

    def __str__(self) -> str:
        return self.message


class NotConfiguredError(Exception):
    """The source's setting is absent and its default does not exist; the message names the setting."""


def cause_of(error: BaseException) -> str:
    """Return the first line of what lies at the bottom of a chain of exceptions.

    What the operating system said goes before what libraries made of it; apart from that only stated causes
    count, since an exception may also come up while a harmless one is being handled.
    """
    stated = error
    while stated.__cause__ is not None:
        stated = stated.__cause__
    said_by_system = [one for one in _chain(error) if isinstance(one, OSError) and one.strerror]
    lines = str(said_by_system[-1] if said_by_system else stated).strip().splitlines()
    if isinstance(stated, FileNotFoundError) and lines and not said_by_system:
        # Of a remote file it has the address alone.
        return f"no such file or folder: {lines[0]}"
    return lines[0] if lines else type(stated).__name__


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__) is not None and below not in chain:
        chain.append(below)
    return chain


def without_secrets(text: str) -> str:
    """Return ``text`` with the passwords and tokens in it put out of sight."""
    for pattern in (_PASSWORD, _TOKEN, _NAMED):
        text = pattern.sub(r"\g<head>***", text)
    return text


def has_secret(url: str) -> bool:
    """Return whether the address of a folder or bucket contains a password or a token."""
    address, _, query = url.partition("?")
    if "://" not in address:
        return False
    in_front = _PASSWORD_IN_ADDRESS.match(url) or _TOKEN.match(address)
    return in_front is not None or _NAMED.search(query) is not None
