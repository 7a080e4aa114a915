"""Writes a simulation: people stream through, their records go to the real inputs, the truth next to them."""

from dataclasses import dataclass
from pathlib import Path

from simulator.ad_spend import write_ad_spend
from simulator.catalogue import Catalogue
from simulator.crawlers import maybe_crawl
from simulator.life import live
from simulator.mess import Mishaps
from simulator.output_folder import make_room, sum_up
from simulator.people import households
from simulator.plan import Plan
from simulator.progress import Progress, silent
from simulator.reference_data import write_reference_data
from simulator.segment_files import SegmentFiles
from simulator.spool import MEMORY_BYTES
from simulator.store_database import StoreDatabase
from simulator.store_tables import raw_table
from simulator.support_files import SupportFilesWriter
from simulator.technicians import maybe_try_a_till
from simulator.truth import Truth
from simulator.world import World


@dataclass(frozen=True)
class Written:
    """What a simulation wrote: rows by raw table, truth by kind, and how often each mishap happened."""

    tables: dict[str, int]
    truth: dict[str, int]
    mess: dict[str, dict[str, str | int | float]]


def write(
    plan: Plan,
    out: Path,
    store_url: str | None = None,
    *,
    replace: bool = False,
    spool_bytes: int = MEMORY_BYTES,
    progress: Progress = silent,
) -> Written:
    """Write the simulation under ``out``: ``landing/``, ``store.db``, ``support/``, ``truth/``.

    With ``store_url`` the store is written to that database instead. What an earlier simulation wrote there
    is replaced; OutputTakenError or StoreTakenError is raised where other data would be overwritten and
    ``replace`` is not set. At most ``spool_bytes`` of events are held in memory. ``progress`` is called for
    finished people and written files.
    """
    is_ours = make_room(out, store_url, replace)
    sum_up(out, plan, store_url, {})
    mishaps = Mishaps()
    truth = Truth(out / "truth")
    world = World(
        plan,
        Catalogue(plan, mishaps),
        mishaps,
        SegmentFiles(out, plan, mishaps, truth, spool_bytes),
        StoreDatabase(store_url or f"sqlite:///{out / 'store.db'}", replace or is_ours),
        SupportFilesWriter(out / "support"),
        truth,
    )
    write_reference_data(world)
    done = 0
    for household in households(plan, mishaps):
        live(world, household)
        for person in household:
            maybe_crawl(world, person.number)
            maybe_try_a_till(world, person.number)
        done += len(household)
        progress("people", done, plan.people)
    world.events.close(progress)
    spend_rows = write_ad_spend(out, plan, truth)
    world.store.close()
    world.support.close()
    truth.close()
    written = _written(world, spend_rows)
    sum_up(out, plan, store_url, {"tables": written.tables, "truth": written.truth, "mess": written.mess})
    return written


def _written(world: World, spend_rows: int) -> Written:
    tables = {f"{source}_events": count for source, count in world.events.messages.items()}
    tables["marketing_ad_spend"] = spend_rows
    tables |= {raw_table(table): count for table, count in world.store.counts.items()}
    tables |= {f"support_{kind}": count for kind, count in world.support.counts().items()}
    return Written(tables, world.truth.counts(), world.mishaps.account())
