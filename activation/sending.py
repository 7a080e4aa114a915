"""A sending: only changes since the last one go to the destination, and land as events.

    members who may be contacted ─ compared with the state ─ sent ─ landed as events ─ state

If it is killed after it was sent, it is sent again, with the same keys. Ids of events are derived from their content.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from activation.definitions import ADS, Audience
from activation.destinations import Change, new_work, send
from activation.members import CONTACTS, SENT, Member, counted, members_of
from activation.state import public_id, read_state, write_state
from ingestion.lines.landing import Landing

ADDED, REMOVED = "Audience Member Added", "Audience Member Removed"


@dataclass(frozen=True)
class Sending:
    """The result of a sending: members by outcome, and numbers of added, changed and removed ones."""

    audience: str
    outcomes: Mapping[str, int]
    added: int
    changed: int
    removed: int


def activate(audience: Audience, warehouse: Path, now: datetime) -> Sending:
    """Send the changes of an audience. Raises AudienceError without recording anything that was not sent."""
    folder = warehouse.parent / "audiences"
    members = members_of(audience, warehouse, now)
    before = read_state(folder, audience)
    chosen = {public_id(member.customer_id): member for member in members if member.outcome == SENT}
    after = {key: _digest(member, audience) for key, member in chosen.items()}
    # Members who were sent before stay in spite of the cap, which limits new messages only.
    kept = {
        public_id(each.customer_id) for each in members if each.outcome == "frequency_cap"
    } & before.keys()
    after |= {key: before[key] for key in kept}
    added = sorted(key for key in after if before.get(key) != after[key])
    removed = sorted(before.keys() - after.keys())
    changes = [_change("add", key, audience, chosen[key]) for key in added]
    changes += [_change("remove", key, audience, None) for key in removed]
    if changes:
        send(audience, changes, new_work(folder))
        _land(audience, [chosen[key] for key in added], removed, now)
    write_state(folder, audience, after)
    changed = sum(key in before for key in added)
    return Sending(audience.name, counted(members), len(added) - changed, changed, len(removed))


def _change(action: str, key: str, audience: Audience, member: Member | None) -> Change:
    wanted = ("email", "phone") if audience.channel == ADS else (CONTACTS[audience.channel],)
    contacts = {
        name: getattr(member, name) if member and name in wanted else None for name in ("email", "phone")
    }
    return {"action": action, "id": key, **contacts}


def _digest(member: Member, audience: Audience) -> str:
    return hashlib.sha256(json.dumps(_change("add", "", audience, member)).encode()).hexdigest()[:16]


def _land(audience: Audience, added: Sequence[Member], removed: Sequence[str], now: datetime) -> None:
    """Write the sending as messages into the landing folder of marketing."""
    messages = [_message(ADDED, audience, member.customer_id, now, member) for member in added]
    messages += [_message(REMOVED, audience, key, now, None) for key in removed]
    text = "".join(json.dumps(message, sort_keys=True) + "\n" for message in messages)
    landing = Landing("marketing")
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = f"{landing.url}/audiences/{audience.name}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{name}.jsonl"
    if landing.is_local:
        Path(path.removeprefix("file://")).parent.mkdir(parents=True, exist_ok=True)
    with landing.files.open(path, "wb") as out:
        out.write(text.encode())


def _message(
    event: str, audience: Audience, key: str, now: datetime, member: Member | None
) -> dict[str, Any]:
    contact = CONTACTS[audience.channel]
    traits = {contact: getattr(member, contact)} if member else {}
    facts = {
        "audience": audience.name,
        "member_key": public_id(member.customer_id) if member else key,
        "destination": audience.destination["kind"],
        "purpose": audience.purpose,
        "consent_event_id": member.consent if member else None,
        "campaign_id": audience.name,
    }
    at = now.astimezone(UTC).isoformat()
    identity = hashlib.sha256(json.dumps([event, facts, at], sort_keys=True).encode()).hexdigest()[:32]
    return {
        "messageId": f"audience-{identity}",
        "type": "track",
        "event": event,
        "timestamp": at,
        "context": {"channel": "paid" if audience.channel == ADS else audience.channel, "traits": traits},
        "properties": facts,
    }
