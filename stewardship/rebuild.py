"""dbt on a copy of the warehouse, for questions that must not touch the warehouse itself."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class RebuildError(RuntimeError):
    """dbt could not build in the copy; the message says why, in its words."""


def rebuild(project: Path, copy: Path, arguments: Sequence[str], **settings: str) -> None:
    """Run ``dbt build`` with ``arguments`` in the warehouse ``copy``; what dbt leaves behind is beside it.

    Raises ``RebuildError`` where it fails. Tests are left out: they judge a warehouse that is to be kept.
    """
    places = [f"--project-dir={project}", f"--profiles-dir={project}"]
    places += [f"--target-path={copy.parent / 'target'}", f"--log-path={copy.parent / 'logs'}"]
    built = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            "build",
            *places,
            "--exclude-resource-type",
            "test",
            "unit_test",
            *arguments,
        ],
        env={**os.environ, "WAREHOUSE_PATH": str(copy), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise RebuildError(built.stdout.strip())
