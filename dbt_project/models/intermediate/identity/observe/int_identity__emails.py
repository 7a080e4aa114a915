"""One row per distinct value that contains an e-mail address as written: the mailbox it reaches, or null.

Forms, contact cards and mail programs wrap an address ("Lea Roth <lea@example.net>", ``mailto:``), and
providers deliver several spellings to one mailbox (Gmail ignores dots, most drop what follows a plus sign). A
text with no address, or more than one, gives null: a guess could be another person's mailbox.
"""

import html
import re
import unicodedata
from urllib.parse import unquote

import idna
import pandas as pd

ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PLAIN_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}")
SCHEME = re.compile(r"^(mailto|smtp|e-?mail)\s*:\s*(//)?\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
COMMENT = re.compile(r"\([^()@]*\)")
QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a"
# Characters around an address in a sentence, a list or a cell that no address contains.
AROUND = QUOTES + "<>()[]{},;:!?\\/| "
# Invisible characters, such as a zero-width space, that copied text contains.
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
# Types whose values may be an e-mail address: some senders use the address as the id.
ID_TYPES = ("user_id", "member_id", "loyalty_id", "anonymous_id")


def unwrapped(written):
    """Return the text of the one address that ``written`` contains, or None if there is none or more than one."""
    text = html.unescape(written) if ";" in written else written
    text = unicodedata.normalize("NFKC", text).replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    text = "".join(c for c in text if unicodedata.category(c) not in INVISIBLE)
    text = COMMENT.sub("", text).strip(AROUND)
    if SCHEME.match(text) or ("@" not in text and "%40" in text):
        text = unquote(SCHEME.sub("", text).partition("?")[0])
    if "<" in text:
        # The closing bracket at the very end was stripped.
        bracketed = IN_BRACKETS.findall(f"{text}>")
        if len(bracketed) != 1:
            return None
        text = SCHEME.sub("", bracketed[0].strip(AROUND))
    return text.strip(AROUND).rstrip(".")


def ascii_domain(domain):
    """Return the domain as name servers know it (``xn--`` for other scripts), or None if it is not valid."""
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower()
    except idna.IDNAError:
        return domain.lower() if domain.isascii() and "[" not in domain else None


def mailbox(written, providers):
    """Return the mailbox of a written address, by the rules of its provider; None if it is not an address."""
    lowered = written.strip().lower()
    text = lowered if PLAIN_ADDRESS.fullmatch(lowered) else unwrapped(written)
    if text is None or not ADDRESS.fullmatch(text):
        return None
    local, domain = text.split("@")
    local = unicodedata.normalize("NFC", local.strip(QUOTES).lower())
    domain = domain if text is lowered and "xn--" not in domain else ascii_domain(domain)
    if domain is None:
        return None
    provider = providers.get(domain)
    if provider:
        domain = provider["canonical_domain"]
        local = local.partition("+")[0] if provider["plus_alias"] else local
        local = local.replace(".", "").strip(QUOTES) if provider["ignores_dots"] else local
    address = f"{local}@{domain}"
    return address if ADDRESS.fullmatch(address) else None


def model(dbt, session):
    """Distinct values that contain an address in, the same with ``identifier_value`` out."""
    dbt.config(materialized="table")
    types = ", ".join(f"'{name}'" for name in ID_TYPES)
    values = (
        dbt.ref("int_identity__observed")
        .filter(
            f"identifier_type = 'email' or (identifier_type in ({types})"
            " and (contains(raw_value, '@') or contains(raw_value, '%40')))"
        )
        .project("identifier_type, raw_value, phone_country")
        .distinct()
    )
    rules = dbt.ref("email_provider_rules").df().to_dict("records")
    providers = {rule["domain"]: rule for rule in rules}
    frame = values.df().astype("string")
    found = [mailbox(written, providers) for written in frame["raw_value"]]
    return frame.assign(identifier_value=pd.Series(found, dtype="string", index=frame.index))
