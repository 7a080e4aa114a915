"""Digests of the files that somebody edits: whether a project is the one that built what there is."""

import hashlib
from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path

_EDITED = ("*.sql", "*.py", "*.yml", "*.csv", "*.md")
_LEFT_BEHIND = ("target", "logs")
DECISIONS = "seeds/identity_decisions.csv"
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


def digest_of(folder: Path, without: Collection[str] = ()) -> str:
    """Digest the names and contents of a folder's files but these; what dbt leaves behind is in folders of its own."""
    digest = hashlib.sha256()
    files = {file for pattern in _EDITED for file in folder.rglob(pattern)}
    for file in sorted(files):
        name = file.relative_to(folder)
        if name.parts[0] not in _LEFT_BEHIND and name.as_posix() not in without:
            digest.update(f"{name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def digest_of_build(dbt_project: Path, of_models: Sequence[str]) -> str:
    """Digest what a whole build is made by beside records: project, settings, our package `money`, libraries.

    Stewards' decisions are left out: a slice takes them in.
    """
    packages = " ".join(f"{name} {version(name)}" for name in PACKAGES)
    money = digest_of(Path(__file__).parents[1] / "money")
    parts = (digest_of(dbt_project, without=(DECISIONS,)), packages, money, *of_models)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
