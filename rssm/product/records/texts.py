"""What files say of what they are: an edition made of satellite data, or one of a toy Earth, which never passes for the Earth.

One declaration for NetCDF, Zarr, GeoTIFF, STAC, pictures and the record of the edition.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from rssm.product.records.frame import GEOGRAPHIC, Frame, words
from rssm.product.records.provenance import citations
from rssm.product.specs import Edition

ESTIMATES = {  # what values are made of beside networks
    "chain": "SIM-n: what the rounds of networks simulate, as in the article",
    "fused": (
        "the chain of rounds fused with all products matched to the target by their distributions: the season mostly of the"
        " chain, departures from it mostly of the matched products"
    ),
}
JOINTLY = "; {share:.0%} of it is the joint fit of the target and all products"
# what a toy run says in place of, or before, what a run on satellite data says
OF_THE_EARTH = ("global", "climate data record")  # keywords that no toy has
TOY = "TOY EARTH"  # how titles and pictures begin
TOY_NOTE = (
    "All values are of a synthetic toy Earth, made to try and to judge the method: no satellite saw them and they say"
    " nothing of the real Earth."
)
TOY_LICENCE = "none: values of a toy Earth, not to be passed on as data"
TOY_SPDX = "other"  # what STAC calls a licence that is no SPDX identifier
TOY_ATTRIBUTE = "toy_earth"  # holds the note in files of a toy run, and is in no others


def made_on() -> str:
    """Today, ISO date in UTC; that of SOURCE_DATE_EPOCH (seconds since 1970) where it is set, as reproducible builds ask."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    today: date = datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else datetime.now(UTC).date()
    return today.isoformat()


def title(edition: Edition) -> str:
    """Title of an edition."""
    return f"{TOY}: {edition.about.title}" if edition.toy else edition.about.title


def summary(edition: Edition, frame: Frame) -> str:
    """What the data set is."""
    article = "a" if frame.grid.crs == GEOGRAPHIC else "the"
    named = {"period": words(frame.calendar).period, "grid": f"{article} {frame.grid_name}", "depth": frame.depth_text}
    text = edition.texts.summary.format(**named)
    text += f" The estimate is {estimate(edition)}." if edition.estimate else ""
    return f"{TOY_NOTE} As if it were: {text}" if edition.toy else text


def estimate(edition: Edition) -> str:
    """What values are made of beside networks, where a method has a choice."""
    if edition.estimate is None:
        return ""
    return ESTIMATES[edition.estimate] + (JOINTLY.format(share=edition.joint) if edition.joint else "")


def keywords(edition: Edition) -> str:
    """Keywords, separated by commas."""
    own = edition.texts.keywords
    if not edition.toy:
        return own
    return ", ".join(["toy Earth, synthetic data", *(word for word in own.split(", ") if word not in OF_THE_EARTH)])


def licence(edition: Edition) -> str:
    """Under which licence the values are."""
    return TOY_LICENCE if edition.toy else edition.about.licence


def references(edition: Edition) -> str:
    """What describes the data set."""
    own = edition.texts.reference
    return f"None describes these values: {TOY_NOTE} The method: {own}" if edition.toy else own


def source(edition: Edition) -> str:
    """What values are made of."""
    products = ", ".join(edition.citations)
    if edition.toy:
        return f"synthetic toy Earth, no observations: files made in the formats of {products}, and neural networks"
    return f"{edition.texts.made_of}: {products}"


def acknowledgement(edition: Edition) -> str:
    """Whom to cite for the products used."""
    cited = citations(edition.citations)
    return f"None of these products was used; files in their formats were made up:\n{cited}" if edition.toy else cited


def note(edition: Edition) -> dict[str, str]:
    """The attribute that files of a toy run have, and no others."""
    return {TOY_ATTRIBUTE: TOY_NOTE} if edition.toy else {}


def is_toy(about: Mapping[str, Any]) -> bool:
    """Whether a file with some attributes is of a toy run."""
    return TOY_ATTRIBUTE in about
