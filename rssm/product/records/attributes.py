"""Global attributes of the data set's files, by CF and ACDD: one declaration for NetCDF, Zarr, GeoTIFF and STAC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import rssm
from rssm.product.records import texts
from rssm.product.records.frame import Frame
from rssm.product.records.provenance import as_text
from rssm.product.records.release import release_kind
from rssm.product.specs import Edition

CONVENTIONS = "CF-1.11, ACDD-1.3"
Attributes = dict[str, Any]


def global_attributes(
    name: str, edition: Edition, frame: Frame, steps: Sequence[int], record: Mapping[str, Any]
) -> Attributes:
    """Attributes of a file.

    name    of the file in its edition: year or step
    steps   of the file
    record  its provenance
    """
    return {
        **_subject(edition, frame),
        **_edition(name, edition, frame, steps, record["extends"]),
        **_origin(edition, record),
        **frame.ids,
        **frame.over_places(),
        **frame.over_steps(steps),
    }


def _subject(edition: Edition, frame: Frame) -> Attributes:
    """What is measured, and by which conventions it is described."""
    return {
        "Conventions": CONVENTIONS,
        "summary": texts.summary(edition, frame),
        "keywords": texts.keywords(edition),
        "comment": edition.texts.comment,
        **texts.note(edition),
        "processing_level": "L4",
        "standard_name_vocabulary": "CF Standard Name Table v93",
        "cdm_data_type": "Grid",
        "project": edition.texts.project,
    }


def _edition(
    name: str, edition: Edition, frame: Frame, steps: Sequence[int], extends: Mapping[str, Any] | None
) -> Attributes:
    """Which file of which edition this is, and which one with which networks it extends."""
    known = {
        "title": texts.title(edition),
        **of_edition(edition.id, name),
        "naming_authority": edition.about.naming_authority,
        "doi": edition.about.doi,
        "product_version": edition.version,
        "product_type": release_kind(steps, extends["last"] if extends else None, frame.calendar),
        "date_created": texts.made_on(),
        "date_issued": edition.date,
    }
    if extends:
        networks = "; ".join(f"round {name}: sha256 {digest}" for name, digest in sorted(extends["networks"].items()))
        known |= {
            "extension_of": f"{extends['edition']} of {extends['date']}, release.json sha256 {extends['release']}",
            "frozen_until": extends["last"],
            "frozen_networks": networks or None,
        }
    return {name: value for name, value in known.items() if value is not None}


def of_edition(edition: str, name: str) -> Attributes:
    """A file's own `id`, which ACDD wants to be unique, and the edition that it belongs to."""
    return {"id": f"{edition}-{name}", "edition": edition}


def in_edition(about: Mapping[str, Any], name: str) -> Attributes:
    """The same of what was made of a year of the data set, from the year's attributes; of several tables each has its own."""
    edition = str(about["edition"])
    table = str(about["id"]).removeprefix(f"{edition}-")[: -len("2015")]
    return of_edition(edition, f"{table}{name}")


def _origin(edition: Edition, record: Mapping[str, Any]) -> Attributes:
    """Who made it, whom to ask, under which licence; what it was made of, and how."""
    about = edition.about
    person = {
        f"{who}_{what}": getattr(about, f"creator_{what}")
        for who in ("creator", "publisher")
        for what in ("name", "email", "url")
    }
    return {
        "institution": about.institution,
        **person,
        "license": texts.licence(edition),
        "references": texts.references(edition),
        "source": texts.source(edition),
        **({"estimate": f"{edition.estimate}: {texts.estimate(edition)}"} if edition.estimate else {}),
        "acknowledgement": texts.acknowledgement(edition),
        "history": f"rssm {rssm.__version__}: {edition.texts.history}",
        "uncertainty_calibration": record["uncertainty_calibration"],
        "provenance": as_text(record),
    }
