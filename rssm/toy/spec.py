"""What the job that writes the toy Earth's archive is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.config.catalogue import Product
from rssm.config.toy import Toy
from rssm.grid import Area


@dataclass(frozen=True)
class ToySpec:
    """The toy Earth, and the product whose files are written; last: last step of the run."""

    toy: Toy
    entry: Product
    area: Area
    last: str
