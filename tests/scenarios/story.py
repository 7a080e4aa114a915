"""Reads a story's file, with timestamps as text and decimals as written."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Record = dict[str, Any]

REPOSITORY = Path(__file__).resolve().parents[2]
OWN_STORIES = Path(__file__).parent / "stories"
DESIGN_STORIES = REPOSITORY.parent / "shared" / "design" / "scenarios"
DEFAULT_CURRENCY = "USD"


@dataclass(frozen=True)
class Story:
    """One story: records by source, the clock of the run, and the expectations on the published marts."""

    name: str
    path: Path
    story: str
    now: str
    expect: list[Record]
    web: list[Record] = field(default_factory=list)
    app: list[Record] = field(default_factory=list)
    marketing: list[Record] = field(default_factory=list)
    marketing_ad_spend: list[Record] = field(default_factory=list)
    store: dict[str, list[Record]] = field(default_factory=dict)
    support: dict[str, list[Record]] = field(default_factory=dict)
    deliveries: list[list[int]] = field(default_factory=list)
    seed: str | None = None

    @property
    def sources(self) -> set[str]:
        """The sources that the story has records of."""
        records = {
            "web": self.web,
            "app": self.app,
            "marketing": self.marketing or self.marketing_ad_spend,
            "store": self.store,
            "support": self.support,
        }
        return {source for source, content in records.items() if content}

    @property
    def reporting_currency(self) -> str:
        """The one currency the story's people pay in, else the project's default."""
        content = [self.web, self.app, self.marketing, self.marketing_ad_spend, self.store]
        currencies = set(_values_named("currency", content))
        return currencies.pop() if len(currencies) == 1 else DEFAULT_CURRENCY


class StoryLoader(yaml.SafeLoader):
    """YAML in which a timestamp is text, and a number with a point is a Decimal with its digits."""


StoryLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _exact_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


StoryLoader.add_constructor("tag:yaml.org,2002:float", _exact_number)


def load_story(path: Path) -> Story:
    """Read one story; raises ValueError naming the file if it has a key that no part of the test knows."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=StoryLoader)
    try:
        return Story(name=path.stem, path=path, **content)
    except TypeError as problem:
        raise ValueError(f"{path.name} is not a story: {problem}") from problem


def story_files() -> list[Path]:
    """Find the stories: those of SCENARIOS_DIR if it is set, else the project's own and the design's."""
    chosen = os.environ.get("SCENARIOS_DIR")
    folders = [Path(chosen)] if chosen else [OWN_STORIES, DESIGN_STORIES]
    if chosen and not folders[0].is_dir():
        raise FileNotFoundError(f"SCENARIOS_DIR names {chosen}, which is not a folder")
    return [
        file for folder in folders for pattern in ("*.yml", "*.yaml") for file in sorted(folder.glob(pattern))
    ]


def _values_named(name: str, content: Any) -> Iterator[str]:
    """Every value under a key of this name, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == name and value is not None:
                yield str(value)
            else:
                yield from _values_named(name, value)
    elif isinstance(content, list):
        for item in content:
            yield from _values_named(name, item)
