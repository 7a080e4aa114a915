"""Prepares Superset and serves it on 127.0.0.1: database, administrator, the marts, two dashboards.

Run by Superset's own Python, as `make superset` does. Everything that it writes is in SUPERSET_HOME, by default
`data/superset`, for the owner alone. The administrator's password is printed once, when the account is made.
"""

import argparse
import logging
import os
import secrets
import sys
from contextlib import redirect_stdout
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ASSETS = HERE / "assets"
ADMIN = "admin"


def main() -> None:
    """Prepare, then become the server."""
    parser = argparse.ArgumentParser(prog="make superset", allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument(
        "--import",
        dest="again",
        action="store_true",
        help="put the two dashboards back as they are in the repository",
    )
    options = parser.parse_args()
    marts = ROOT / (os.environ.get("MARTS_PATH") or "data/marts.duckdb")
    if not marts.exists():
        sys.exit(f"Nothing is published at {marts}: run a refresh or `make demo` first.")
    os.umask(0o077)
    home = ROOT / (os.environ.get("SUPERSET_HOME") or "data/superset")
    home.mkdir(parents=True, exist_ok=True)
    _make_secret(home / "secret_key")
    os.environ |= {
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "MARTS_PATH": str(marts),
        "FLASK_APP": "superset.app:create_app()",
        "DO_NOT_TRACK": "1",
        "SCARF_ANALYTICS": "false",
    }
    # Migrations print hundreds of lines.
    with (home / "start.log").open("w", encoding="utf-8") as log, redirect_stdout(log):
        password = prepare(again=options.again)
    address = f"127.0.0.1:{options.port}"
    print(f"Superset is on http://{address}; its user is {ADMIN}.", flush=True)
    if password:
        print(f"The password, which is shown this once: {password}", flush=True)
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    options_of_server = ["--bind", address, "--threads", "8", "--timeout", "120", "--log-level", "warning"]
    os.execv(gunicorn, [gunicorn, *options_of_server, "superset.app:create_app()"])


def _make_secret(file: Path) -> None:
    if not file.exists():
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")


def prepare(*, again: bool) -> str | None:
    """Bring database, roles, administrator and assets up to date; return the password of a new administrator."""
    from superset.app import create_app

    app = create_app()
    # Of hundreds of lines about migrations, only errors.
    logging.disable(logging.WARNING)
    with app.app_context():
        import flask_migrate
        from superset import appbuilder, security_manager
        from superset.utils.core import override_user

        flask_migrate.upgrade()
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        password = None
        admin = security_manager.find_user(username=ADMIN)
        if admin is None:
            password = secrets.token_urlsafe(12)
            role = security_manager.find_role("Admin")
            admin = security_manager.add_user(
                ADMIN, "Throughline", "Admin", "admin@localhost", role, password
            )
        with override_user(admin):
            _import_assets(again=again)
            _read_columns()
    return password


def _import_assets(*, again: bool) -> None:
    """Import `assets/`; not a second time unless asked, as that undoes what was changed in Superset."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    if again or _marts() is None:
        files = {
            str(file.relative_to(ASSETS)): file.read_text(encoding="utf-8") for file in ASSETS.rglob("*.yaml")
        }
        ImportAssetsCommand(files).run()


def _read_columns() -> None:
    """Take the datasets' columns and descriptions from the published file, whatever version that is."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable

    for dataset in db.session.query(SqlaTable).filter_by(database=_marts()):
        dataset.fetch_metadata()
    db.session.commit()


def _marts() -> object:
    from superset import db
    from superset.models.core import Database

    return db.session.query(Database).filter_by(database_name="Throughline marts").one_or_none()


if __name__ == "__main__":
    main()
