"""Digests of the files that somebody edits: whether a project is the one that built what there is."""

import hashlib
from importlib.metadata import version
from pathlib import Path

_EDITED = ("*.sql", "*.py", "*.yml", "*.csv", "*.md")
_LEFT_BEHIND = ("target", "logs")
# What Python models import: with another version, the same code may make other rows. DuckDB runs them all.
PACKAGES = (
    "duckdb",
    "idna",
    "nltk-vader-sentiment",
    "numpy",
    "pandas",
    "phonenumbers",
    "py3langid",
    "pyarrow",
    "RapidFuzz",
    "scipy",
    "splink",
)


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
    """Digest what dbt does not see: the macros, the project's configuration, our package `money`, and libraries."""
    configuration = (dbt_project / "dbt_project.yml").read_bytes()
    packages = " ".join(f"{name} {version(name)}" for name in PACKAGES)
    money = digest_of(Path(__file__).parents[1] / "money")
    parts = (digest_of(dbt_project / "macros").encode(), configuration, packages.encode(), money.encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()
