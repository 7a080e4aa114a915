"""The content of a file as readers see it: gzip and Parquet unpacked."""

import zlib
from contextlib import closing
from pathlib import Path

import duckdb


def readable(file: Path) -> bytes:
    """Return a file's bytes, of gzip and Parquet the unpacked content."""
    content = file.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31).decompress(content)
    if content.startswith(b"PAR1"):
        query = "select concat_ws(' ', *columns(*)) from read_parquet(?)"
        # Not DuckDB's own connection, which a forked process cannot use after its parent did.
        with closing(duckdb.connect()) as connection:
            rows = connection.execute(query, [str(file)]).fetchall()
        return "\n".join(row for (row,) in rows).encode()
    return content
