"""Settings of a data set that is made of estimates of tiles."""

from __future__ import annotations

from pydantic import Field

from rssm.config.product import CommonDataSet, Layers


class TiledDataSet(CommonDataSet):
    """From estimates of tiles to the data set."""

    # steps are days: series are read as often as maps
    layers: Layers = Field(Layers(steps=16, rows=100, columns=180), description="Storage.")
