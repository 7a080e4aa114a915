"""A merge story: records in three batches, its own identifiers, and the expected people.

Each story's identifiers carry its own name, so that all of them are in one warehouse without meeting.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.identity.records import Record

STORIES: list["Story"] = []


@dataclass(frozen=True)
class Story:
    """Three batches of records and the groups of identifiers that are one person each."""

    name: str
    batches: tuple[list[Record], list[Record], list[Record]]
    people: tuple[set[str], ...]


@dataclass(frozen=True)
class Names:
    """A story's own identifiers."""

    story: str
    number: int

    def user(self, name: object) -> str:
        """An account id."""
        return f"{self.story}-{name}"

    def email(self, name: object) -> str:
        """An address of the story's own domain."""
        return f"{name}@{self.story.replace('_', '-')}.shop"

    def phone(self, number: int) -> str:
        """A North American number in E.164."""
        return f"+1202{2_000_000 + self.number * 1000 + number}"


Written = tuple[list[Record], list[Record], list[Record], list[set[str]]]


def story(write: Callable[[Names], Written]) -> Callable[[Names], Written]:
    """Add a story to the battery."""
    first, second, third, people = write(Names(write.__name__, len(STORIES)))
    STORIES.append(Story(write.__name__, (first, second, third), tuple(people)))
    return write


def nodes(**identifiers: str | list[str]) -> set[str]:
    """The nodes ``type:value`` of identifiers, several of a type as a list."""
    return {
        f"{identifier_type}:{value}"
        for identifier_type, values in identifiers.items()
        for value in (values if isinstance(values, list) else [values])
    }
