"""Shared state of all stories: the plan, the products, and the systems that store records."""

from dataclasses import dataclass

from simulator.catalogue import Catalogue
from simulator.mess import Mishaps
from simulator.plan import Plan
from simulator.segment_files import SegmentFiles
from simulator.store_database import StoreDatabase
from simulator.support_files import SupportFilesWriter
from simulator.truth import Truth


@dataclass(frozen=True)
class World:
    """The retailer and its systems."""

    plan: Plan
    catalogue: Catalogue
    mishaps: Mishaps
    events: SegmentFiles
    store: StoreDatabase
    support: SupportFilesWriter
    truth: Truth
