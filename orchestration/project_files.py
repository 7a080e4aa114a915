"""Digests of the files that somebody edits: whether a project is the one that built what there is."""

import hashlib
from pathlib import Path

_EDITED = ("*.sql", "*.py", "*.yml", "*.csv", "*.md")
_LEFT_BEHIND = ("target", "logs")


def digest_of(folder: Path) -> str:
    """Digest the names and contents of a folder's files; what dbt leaves behind is in folders of its own."""
    digest = hashlib.sha256()
    files = {file for pattern in _EDITED for file in folder.rglob(pattern)}
    for file in sorted(files):
        name = file.relative_to(folder)
        if name.parts[0] not in _LEFT_BEHIND:
            digest.update(f"{name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def digest_of_macros(dbt_project: Path) -> str:
    """Digest what dbt cannot tell its own macros of: the macros and the project's configuration."""
    configuration = (dbt_project / "dbt_project.yml").read_bytes()
    return hashlib.sha256(digest_of(dbt_project / "macros").encode() + configuration).hexdigest()
