"""The pages, in the groups and the order of the navigation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A page: its module in `dashboards.views`, which is also its address, its title and its icon."""

    module: str
    title: str
    icon: str


GROUPS = {
    "Service": (
        Entry("customer", "Customer 360", ":material/person_search:"),
        Entry("service", "Service", ":material/support_agent:"),
    ),
    "Marketing": (
        Entry("journeys", "Journeys", ":material/route:"),
        Entry("attribution", "Attribution", ":material/pie_chart:"),
        Entry("channels", "Channels", ":material/hub:"),
        Entry("retention", "Retention and value", ":material/loyalty:"),
        Entry("experiments", "Experiments", ":material/science:"),
    ),
    "Data": (
        Entry("identity", "Identity health", ":material/fingerprint:"),
        Entry("operations", "Operations", ":material/monitor_heart:"),
    ),
}
ENTRIES = [entry for entries in GROUPS.values() for entry in entries]
# The first page is at the root.
PATHS = ["/", *(f"/{entry.module}" for entry in ENTRIES[1:])]
