"""Unzips gzipped bytes; of a truncated file, everything before its end."""

import zlib

from ingestion.lines.reader import GZIP_MAGIC


def is_zipped(content: bytes) -> bool:
    """Whether the bytes are a gzip stream."""
    return content.startswith(GZIP_MAGIC)


def unzipped(content: bytes) -> bytes:
    """Return the bytes unzipped, member by member, as far as possible; other bytes unchanged."""
    if not is_zipped(content):
        return content
    parts, rest = [], content
    while is_zipped(rest):
        stream = zlib.decompressobj(wbits=31)
        try:
            parts.append(stream.decompress(rest))
        except zlib.error:
            break
        rest = stream.unused_data
    return b"".join(parts)
