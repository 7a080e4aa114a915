"""An invalid file of an audience is refused, with its name and the problem."""

from pathlib import Path

import pytest

from activation.definitions import AudienceError, read_audience

GOOD = """
description: Everybody.
owner: crm@throughline.example
purpose: marketing
channel: email
sql: select customer_id from dim_customers
destination: {kind: files, url: somewhere}
"""
ADS = ("purpose: marketing\nchannel: email", "purpose: advertising\nchannel: ads")


def read(folder: Path, old: str = "", new: str = "") -> str:
    assert old in GOOD
    file = folder / "everybody.yml"
    file.write_text(GOOD.replace(old, new) if old else GOOD)
    return read_audience(file).purpose


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path) == "marketing"
    assert read(tmp_path, *ADS) == "advertising"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("purpose: marketing\n", "", "purpose is missing"),
        ("purpose: marketing", "purpose: advertising", "sent by email is for marketing"),
        ("channel: email", "channel: ads", "sent by ads is for advertising"),
        ("channel: email", "channel: pigeon", "'pigeon'"),
        ("kind: files", "kind: fax", "a kind of files, webhook, ads"),
        ("url: somewhere", "url: somewhere, format: xml", "csv, parquet"),
        ("kind: files, url: somewhere", "kind: webhook, url: somewhere, format: csv", "with files only"),
        ("url: somewhere", "url: somewhere, colour: red", "unknown fields: colour"),
        ("owner: crm@throughline.example\n", "", "owner is missing"),
        ("owner: crm@throughline.example", "owner: the CRM team", "e-mail address"),
        ("description: Everybody.", "description: Everybody.\nholdout_share: 1", "below 1"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(AudienceError, match=why):
        read(tmp_path, old, new)
