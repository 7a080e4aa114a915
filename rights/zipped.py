"""Gzipped bytes, also those of a file that breaks off: what is before the break."""

import zlib

from ingestion.lines.reader import GZIP_MAGIC


def is_zipped(content: bytes) -> bool:
    """Whether the bytes are a gzip stream."""
    return content.startswith(GZIP_MAGIC)


def unzipped(content: bytes) -> bytes:
    """Return the bytes unzipped, member by member, as far as they can be; others as they are."""
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
