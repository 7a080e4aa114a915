"""Experiments on the shop's pages; variants are assigned per device, as by most tools."""

from dataclasses import dataclass
from random import Random

from simulator.devices import Device


@dataclass(frozen=True)
class Experiment:
    """A test of variants on one feed (`web` or `app`); each device sees one of `variants`, id and name."""

    experiment_id: str
    name: str
    source: str
    variants: tuple[tuple[str, str], ...]

    def variant_of(self, dice: Random) -> dict[str, str]:
        """Return the properties of the message, with a variant by the device's own dice."""
        variation_id, variation_name = dice.choice(self.variants)
        return {
            "experiment_id": self.experiment_id,
            "experiment_name": self.name,
            "variation_id": variation_id,
            "variation_name": variation_name,
        }


EXPERIMENTS = (
    Experiment("exp-12", "Button colour", "web", (("control", "Blue button"), ("green", "Green button"))),
    Experiment(
        "exp-15",
        "Order of the start page",
        "app",
        (("original", "Offers first"), ("news", "News first"), ("basics", "Last bought first")),
    ),
)


def experiment_on(device: Device) -> Experiment:
    """Return the experiment that runs on the device's feed."""
    return next(each for each in EXPERIMENTS if each.source == device.source)
