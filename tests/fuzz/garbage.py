"""Synthetic landing files: messages with anything in any field, lines of anything, files of any bytes and any name."""

import gzip
import json
from typing import Any

from hypothesis import strategies as st

SQL = [
    "'; DROP TABLE raw.web_events; --",
    "\"); COPY (SELECT 1) TO 'executed'; --",
    "$$ || now()",
    "{{ ref('x') }}",
]
ODD_TEXTS = [
    "",
    " ",
    "\u0000",
    "a\u2028b",
    "\ufeff",
    "🙂" * 3,
    "\ud83d",
    "\ud83d\ud83d\ude00",
    "nan",
    "-Infinity",
    "NULL",
    "[1,",
    '"',
    "\\",
    *SQL,
]
TIMES = [
    "2026-05-01T10:00:00.123Z",
    "2026-05-01 10:00:00+05:30",
    "2026-05-01T10:00Z",
    " 2026-05-01T10:00:00Z\t",
    "\r\n ",
    "2026-05-01T10:00:00",
    "2026-05-01",
    "1970-01-01T00:00:00Z",
    "2200-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "2026-05-01T10:00:60Z",
    "2026-05-01T10:00:00+15:00",
    "epoch",
    "1777600000",
]
# As many as give repeated ids, in a file and among files.
MESSAGE_IDS = [f"m{number}" for number in range(8)]
texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(st.characters(codec="utf-8"), max_size=8))
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), texts)
values = st.recursive(
    scalars,
    lambda some: st.one_of(st.lists(some, max_size=2), st.dictionaries(texts, some, max_size=2)),
    max_leaves=4,
)


def _nested(levels: int) -> Any:
    found: Any = 1
    for level in range(levels):
        found = {"x": found} if level % 2 else [found]
    return found


NESTED = [_nested(30), _nested(31), _nested(64)]
good = st.fixed_dictionaries(
    {
        "messageId": st.sampled_from(MESSAGE_IDS),
        "type": st.sampled_from(["track", "page"]),
        "timestamp": st.sampled_from(["2026-05-01T10:00:00.123Z", "2026-05-02T10:00:00+02:00"]),
    },
    optional={
        "event": texts,
        "properties": st.one_of(values, st.sampled_from(NESTED)),
    },
)
times = st.one_of(st.sampled_from(TIMES), values)
# Every field may hold anything.
wrong = st.fixed_dictionaries(
    {},
    optional={
        "messageId": st.one_of(st.sampled_from(MESSAGE_IDS), values),
        "type": st.one_of(st.just("track"), values),
        **dict.fromkeys(("event", "name", "anonymousId", "userId", "previousId", "groupId"), values),
        **{
            key: st.one_of(st.sampled_from(TIMES), values)
            for key in ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
        },
        **dict.fromkeys(("context", "properties", "traits", "batch", "integrations"), values),
    },
)
envelopes = st.fixed_dictionaries(
    {"batch": st.lists(st.one_of(good, wrong, values), max_size=4)},
    optional={
        **dict.fromkeys(("sentAt", "receivedAt", "timestamp"), st.one_of(st.sampled_from(TIMES), scalars)),
        "context": st.one_of(st.dictionaries(st.sampled_from(["ip", "page"]), values, max_size=2), values),
        "messageId": st.one_of(st.none(), st.just("envelope")),
        "type": st.sampled_from([None, "", " "]),
    },
)


def _large(size: int) -> bytes:
    return json.dumps({"messageId": "m0", "type": "page", "timestamp": TIMES[0], "name": "x" * size}).encode()


lines = st.one_of(
    st.builds(lambda one: json.dumps(one).encode(), st.one_of(good, good, wrong, envelopes)),
    st.builds(
        lambda one: json.dumps(one, ensure_ascii=False).encode(errors="surrogatepass"), st.one_of(good, wrong)
    ),
    # Keys that come twice: the first counts.
    st.builds(
        lambda first, second: f"{json.dumps(first)[:-1]}, {json.dumps(second)[1:]}".encode(),
        st.one_of(good, wrong.filter(bool)),
        good,
    ),
    st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b"\r")),
    st.sampled_from(
        [
            b"",
            b" \t\r",
            b'{"messageId": "m0", "x": nan}',
            b'{"messageId": "m0", "x": [1,]}',
            b'{"messageId": "m0"',
            b"[" * 64 + b"]" * 64,
            b"[" * 100_000 + b"]" * 100_000,
            b'"' + b"\\" * 65,
            b"a\x01\x02b",
            b"\xff\xfe{\0}\0",
            b"\xc3",
            _large(LARGEST := 1024 * 1024 - 100),
            _large(LARGEST + 200),
            _large(2_500_000),
        ]
    ),
)


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Make up the bytes of a file: lines, zipped or not, whole or not."""
    end = draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    text = end.join(draw(st.lists(lines, max_size=8))) + draw(st.sampled_from([b"", end]))
    start = draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf"]))
    kind = draw(st.sampled_from(["plain", "plain", "zipped", "cut", "flipped", "two", "tail"]))
    if kind == "plain":
        return start + text
    zipped = gzip.compress(start + text, mtime=0)
    if kind == "cut":
        return zipped[: draw(st.integers(0, len(zipped)))]
    if kind == "flipped":
        at = draw(st.integers(2, len(zipped) - 1))
        return zipped[:at] + bytes([zipped[at] ^ draw(st.integers(1, 255))]) + zipped[at + 1 :]
    return (
        zipped
        + {"zipped": b"", "two": zipped, "tail": draw(st.sampled_from([b"\0" * 9, b"tail", b"\x1f"]))}[kind]
    )


NAMES = [
    "plain.jsonl",
    "a'b\".json",
    "new\nline.jsonl",
    "*.jsonl",
    "?.json",
    "[a-z].jsonl",
    "{a,b}.jsonl",
    "; DROP TABLE raw.web_events; --.jsonl",
    "-rf.jsonl",
    "..jsonl",
    "...gz",
    "back\\slash.json",
    "$(touch executed).jsonl",
    "%s%d.jsonl",
    "a b#c&d.json",
    "https:/x.jsonl",
    "é𝄞\u202e.jsonl",
    "n" * 240 + ".jsonl",
    "UPPER.JSONL.GZ",
    "deep/" * 20 + "x.json",
    "ad_spend/x.jsonl",
    "\udcff\udc80.jsonl",
]
deliveries = st.dictionaries(st.sampled_from(NAMES), contents(), min_size=1, max_size=8)
