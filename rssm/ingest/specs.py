"""Specification of the job that makes maps."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.grid import Area


@dataclass(frozen=True)
class DeriveSpec:
    """A product that follows from others."""

    entry: Product
    inputs: Inputs
    area: Area


@dataclass(frozen=True)
class IngestSpec:
    """A product's entry of the catalogue (texts that decide no value left out), and how its files become maps."""

    entry: Product
    inputs: Inputs
    ingest: Ingest
    area: Area
