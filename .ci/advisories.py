"""Ask the index's advisory database about every package that the locks name; exit 1 if it knows a vulnerability.

An index without such a database, as a mirror in a closed network is, fails nothing: the output says that nothing
was checked.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK = "requirements-dev.lock"  # it contains everything that requirements.lock contains
SECONDS = 300
OPTIONS = ["--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=10"]


def main() -> int:
    """Run pip-audit and report what it found; return the exit code."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "-r", LOCK, *OPTIONS]
    try:
        audit = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(f"No vulnerabilities were looked for: the advisory database gave no answer in {SECONDS} s.")
        return 0
    if not audit.stdout.strip():
        cause = audit.stderr.strip().splitlines()[-1:] or ["no output"]
        print(f"No vulnerabilities were looked for: pip-audit said {cause[0]!r}.")
        return 0
    packages = json.loads(audit.stdout)["dependencies"]
    checked = [package for package in packages if "vulns" in package]
    for package in checked:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {found['id']}, fixed by {fixed}")
    vulnerable = [package for package in checked if package["vulns"]]
    print(f"{len(checked)} of {len(packages)} packages of {LOCK} were checked: {len(vulnerable)} vulnerable.")
    if len(checked) < len(packages):
        print(
            "The package index has no advisories about the others. Run `make audit` with an index that has them."
        )
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
