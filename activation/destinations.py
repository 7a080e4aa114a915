"""Where audiences go, each a custom destination of dlt: files in a bucket, a webhook, or hashes for an ad platform.

A batch of a webhook has a key that is derived from its content, so that a receiver can skip a repeated one. 429 and 5xx
are retried, after the time in `Retry-After` if there is one.
"""

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import dlt
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import requests
from dlt.common.schema.typing import TColumnSchema, TTableSchema
from dlt.common.typing import TDataItems
from dlt.pipeline.exceptions import PipelineStepFailed
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from activation.definitions import CSV, PARQUET, Audience, AudienceError

BATCH = 500
TRIES, FIRST_WAIT_SECONDS, TIMEOUT_SECONDS = 6, 0.5, 30
_AGAIN = (429, 500, 502, 503, 504)
FIELDS = ("action", "id", "email", "phone")

Change = Mapping[str, str | None]


def send(audience: Audience, changes: Sequence[Change], work: Path) -> None:
    """Send changes (FIELDS; action is add or remove) to the audience's destination. Raises AudienceError.

    dlt's files in `work` are removed, because they contain contacts.
    """
    sink = _sink(audience)
    destination = dlt.destination(
        sink, batch_size=BATCH, name=f"audience_{audience.name}", loader_file_format="typed-jsonl"
    )
    shutil.rmtree(work, ignore_errors=True)
    try:
        pipeline = dlt.pipeline(f"audience_{audience.name}", destination=destination, pipelines_dir=str(work))
        columns: dict[str, TColumnSchema] = {name: {"data_type": "text", "nullable": True} for name in FIELDS}
        pipeline.run([dict(change) for change in changes], table_name="members", columns=columns)
    except PipelineStepFailed as error:
        raise AudienceError(
            f"The audience {audience.name} was not sent: {error.__cause__ or error}"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sink(audience: Audience) -> Callable[[TDataItems, TTableSchema], None]:
    kind, url = audience.destination["kind"], str(audience.destination["url"])
    if kind == "webhook":
        return _to_webhook(audience, url)
    if kind == "ads":
        return _to_files(audience, url, hashed)
    return _to_files(audience, url, lambda change: dict(change))


def _to_webhook(audience: Audience, url: str) -> Callable[[TDataItems, TTableSchema], None]:
    def sink(items: TDataItems, table: TTableSchema) -> None:
        members = [{name: item.get(name) for name in FIELDS} for item in items]
        body = json.dumps({"audience": audience.name, "members": members}, sort_keys=True)
        key = hashlib.sha256(body.encode()).hexdigest()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        token: object = dlt.secrets.get(f"audiences.{audience.name}.token")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with _session() as session:
            session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS).raise_for_status()

    return sink


def _session() -> requests.Session:
    again = Retry(
        total=TRIES,
        backoff_factor=FIRST_WAIT_SECONDS,
        status_forcelist=_AGAIN,
        allowed_methods=None,
        respect_retry_after_header=True,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    return session


def _to_files(
    audience: Audience, url: str, form: Callable[[Change], dict[str, str | None]]
) -> Callable[[TDataItems, TTableSchema], None]:
    suffix = audience.destination.get("format", CSV)

    def sink(items: TDataItems, table: TTableSchema) -> None:
        rows = [form({name: item.get(name) for name in FIELDS}) for item in items]
        # Named by its content, so that a repeated batch is the same file.
        name = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:24]
        content = _as_parquet(rows) if suffix == PARQUET else _as_csv(rows)
        with fsspec.open(f"{url.rstrip('/')}/{audience.name}/{name}.{suffix}", "wb", auto_mkdir=True) as out:
            out.write(content)

    return sink


def _as_csv(rows: Sequence[Change]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _as_parquet(rows: Sequence[Change]) -> bytes:
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    written = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), written)
    content: bytes = written.getvalue().to_pybytes()
    return content


def hashed(change: Change) -> dict[str, str | None]:
    """Return a change in the form of ad platforms: SHA-256 of the normalised address and of the E.164 number."""
    email, phone = change["email"], change["phone"]
    return {
        "action": change["action"],
        "id": change["id"],
        "email_sha256": _sha256(email.strip().lower()) if email else None,
        "phone_sha256": _sha256("+" + re.sub(r"[^0-9]", "", phone)) if phone else None,
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new_work(folder: Path) -> Path:
    """Return a folder for dlt's work of one sending."""
    return folder / f"work-{uuid4().hex}"
