"""E-mail addresses and phone numbers in many spellings, and their normalised value."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def model(name: str) -> ModuleType:
    """The module of a Python model."""
    spec = importlib.util.spec_from_file_location(
        name, PROJECT / "models" / "intermediate" / "identity" / "observe" / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EMAILS, PHONES = model("int_identity__emails"), model("int_identity__phones")
with (PROJECT / "seeds" / "email_provider_rules.csv").open(encoding="utf-8") as file:
    PROVIDERS = {
        rule["domain"]: {
            "canonical_domain": rule["canonical_domain"],
            "ignores_dots": rule["ignores_dots"] == "true",
            "plus_alias": rule["plus_alias"] == "true",
        }
        for rule in csv.DictReader(file)
    }


def mailbox(written: str) -> str | None:
    found = EMAILS.mailbox(written, PROVIDERS)
    assert found is None or isinstance(found, str)
    return found


def e164(written: str, region: str = "US") -> str | None:
    found = PHONES.e164(written, region)
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    "written",
    [
        "LEA@EXAMPLE.NET",
        " lea@example.net ",
        "lea@example.net\u00a0",
        "\u200blea@example.net\ufeff",
        "le\u00ada@example.net",
        "lea@example.net.",
        "lea@example.net,",
        "lea@example.net;",
        "'lea@example.net'",
        '"lea@example.net"',
        '"lea"@example.net',
        "“lea@example.net”",
        "<lea@example.net>",
        "Lea Roth <lea@example.net>",
        '"Roth, Lea" <LEA@example.net>',
        "lea@example.net (Lea Roth)",
        "mailto:lea@example.net",
        "MAILTO:Lea@Example.net?subject=Kettle&body=x",
        "<mailto:lea@example.net>",
        "Email: lea@example.net",
        "lea%40example.net",
        "lea&#64;example.net",
        "&lt;lea@example.net&gt;",
        "lea\uff20example.net",
    ],
)
def test_an_address_is_read_out_of_its_wrapping(written: str) -> None:
    assert mailbox(written) == "lea@example.net"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (" Ana.Li+shop@GoogleMail.com ", "anali@gmail.com"),
        ("Ana.Li+shop@outlook.com", "ana.li@outlook.com"),
        ("Ana.Li+shop@firm.example", "ana.li+shop@firm.example"),
        ("mailto:ana%2Bshop@firm.example", "ana+shop@firm.example"),
        ("ana@Käse.example", "ana@xn--kse-qla.example"),
        ("ana@ka\u0308se.example", "ana@xn--kse-qla.example"),
        ("ana@XN--KSE-QLA.example", "ana@xn--kse-qla.example"),
        ("ana@stra\u00dfe.example", "ana@xn--strae-oqa.example"),
        ("ana@strasse.example", "ana@strasse.example"),
        ("rene\u0301@firm.example", "ren\u00e9@firm.example"),
        ("o'hara@firm.example", "o'hara@firm.example"),
        ("ana@my_host.example", "ana@my_host.example"),
    ],
)
def test_spellings_that_reach_one_mailbox_are_one_address(written: str, expected: str) -> None:
    assert mailbox(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "no address",
        "ana@firm",
        "@firm.example",
        "+x@gmail.com",
        "ana@one.example@two.example",
        "ana@one.example, bo@two.example",
        "ana@one.example bo@two.example",
        "Ana <ana@one.example>, Bo <bo@two.example>",
        "ann lee@firm.example",
        "ana@firm..example",
        "ana@[192.168.0.1]",
    ],
)
def test_a_text_that_is_not_exactly_one_address_is_none(written: str) -> None:
    assert mailbox(written) is None


@pytest.mark.parametrize(
    ("written", "region", "expected"),
    [
        ("(212) 555-0142", "US", "+12125550142"),
        ("2125550142.0", "US", "+12125550142"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("044 668 18 00", "CH", "+41446681800"),
        ("0041 44 668 18 00", "CH", "+41446681800"),
        ("0041 44 668 18 00", "US", "+41446681800"),
        ("00 41 44 668 18 00", "US", "+41446681800"),
        ("011 41 44 668 18 00", "US", "+41446681800"),
        ("41446681800", "US", "+41446681800"),
        ("whatsapp:+41446681800", "US", "+41446681800"),
        ("whatsapp:41446681800", "US", "+41446681800"),
        ("tel:+41-44-668-18-00", "US", "+41446681800"),
        ("+41 (0)44 668 18 00", "US", "+41446681800"),
        ("+41 44 668 18 00 (office)", "US", "+41446681800"),
        ("+41 44 668 18 00 ext. 12", "US", "+41446681800;ext=12"),
        ("+41446681800;ext=12", "US", "+41446681800;ext=12"),
        ("+41 44 668 18 00 x12", "US", "+41446681800;ext=12"),
        ("+41 44 668 18 00 #12", "US", "+41446681800;ext=12"),
        ("044 668 18 00, Durchwahl 12", "CH", "+41446681800;ext=12"),
        ("+33 1 42 68 53 00 poste 12", "US", "+33142685300;ext=12"),
        ("+49 30 123456-12 DW", "US", "+493012345612"),
        ("+49 30 123456 DW 12", "US", "+493012345612"),
        ("+49 30 123456-12", "US", "+493012345612"),
    ],
)
def test_a_phone_number_is_one_however_it_is_written(written: str, region: str, expected: str) -> None:
    assert e164(written, region) == expected


@pytest.mark.parametrize(
    "written", ["", "12", "Lea", "4.14467E+10", "020 7946 0018", "2125550142 or 2125550143"]
)
def test_what_cannot_be_one_phone_number_is_none(written: str) -> None:
    assert e164(written) is None


@given(st.integers(0, 9999), st.sampled_from([" ext. ", ";ext=", "x", " #", " extension "]))
def test_two_extensions_of_one_line_are_two_numbers(extension: int, word: str) -> None:
    line = "+41 44 668 18 00"
    own, other = e164(f"{line}{word}{extension}"), e164(f"{line}{word}{extension + 1}")
    assert own != other
    assert not {own, other} & {None, e164(line)}


TEXTS = st.one_of(
    st.text(max_size=20),
    st.emails(),
    st.builds(
        "{}{}@{}{}".format,
        st.text("aB.+\u0301'\"<", max_size=4),
        st.text(max_size=3),
        st.text(max_size=4),
        st.sampled_from([".Example", "@x.ch", "gmail.com", "ä.de."]),
    ),
)


@given(TEXTS)
@example("\u0130@x.example")
def test_the_form_of_an_address_has_that_form(written: str) -> None:
    once = mailbox(written)
    assert once is None or mailbox(once) == once


@given(
    st.one_of(
        TEXTS,
        st.from_regex(r"(\+|00|0|1)?[0-9 ()./-]{5,16}((x| ext\. |;ext=| DW |#)[0-9]{1,4})?", fullmatch=True),
    ),
    st.sampled_from(["US", "GB", "CH", "DE", "AT", "IT"]),
)
def test_the_form_of_a_phone_number_has_that_form_in_every_country(written: str, region: str) -> None:
    once = e164(written, region)
    assert once is None or {e164(once, other) for other in ("US", "CH", "IT")} == {once}
