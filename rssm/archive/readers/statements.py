"""What a file says of itself, held against its name and the catalogue: which product it is, and of which days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from rssm.archive.bad_file import BadFile
from rssm.archive.listing import ALWAYS, Found
from rssm.config.catalogue import Product

Said = Callable[[str], str]  # a global attribute's name, after those of its groups and / → its text, or none
Interval = tuple[datetime, datetime]

_PERIODS = (
    ("time_coverage_start", "time_coverage_end"),
    ("Metadata/Extent/rangeBeginningDateTime", "Metadata/Extent/rangeEndingDateTime"),
    ("RangeBeginningDate", "RangeEndingDate"),
    ("RANGEBEGINNINGDATE", "RANGEENDINGDATE"),
    ("ObservationStartDateTime", "ObservationEndDateTime"),
    ("BeginDate", "EndDate"),
    ("userstartdate", "userenddate"),
)
_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?.*)?")
_DAY = timedelta(days=1)
_STRAY = timedelta(hours=12)  # of a stamp: time zones, and hours rounded in short numbers


def check_product(product: Product, said: Said) -> None:
    """Refuse a file that says it is another product than the catalogue's `identity`; it need not say anything."""
    for name, texts in product.identity.items():
        allowed = [texts] if isinstance(texts, str) else texts
        text = said(name)
        if text and not any(fnmatchcase(text.lower(), pattern.lower()) for pattern in allowed):
            shown = text if len(text) <= 80 else text[:77] + "…"
            raise BadFile(f"says {name} is {shown!r}", " or ".join(map(repr, allowed)), check="identity")


def check_times(found: Found, times: Iterable[datetime], bounds: Iterable[Interval], said: Said) -> None:
    """Refuse a file none of whose maps is of the days that its name says.

    Agencies stamp the first, the middle or the last moment of a period, which is the first of the next: what the file
    says of its whole decides there. Bounds of times say more than stamps, and without either the whole must do.
    """
    if (found.start, found.end) == ALWAYS:
        return
    stamps, intervals = list(times), [pair for pair in bounds if pair[0] < pair[1]]
    start, end = _edges(found)
    whole: Interval | None = None
    if intervals:
        right = any(_overlap(found, interval) for interval in intervals)
    elif stamps:
        # A month of hours may end with the first of the next, which does not make it that month's.
        right = start <= min(stamps) < end or any(start < stamp < end for stamp in stamps)
        if not right and all(start - _STRAY < stamp < end + _STRAY for stamp in stamps):  # on an edge
            whole = stated_period(said)
            right = whole is None or _overlap(found, whole)
    else:
        whole = stated_period(said)
        right = whole is None or _overlap(found, whole)
    if not right:
        moments = stamps or [moment for interval in intervals or ([whole] if whole else []) for moment in interval]
        what = f"holds maps of {min(moments):%Y-%m-%d} … {max(moments):%Y-%m-%d}"
        days = f"{found.start}" if found.start == found.end else f"{found.start} … {found.end}"
        raise BadFile(what, f"{days}, as its name says", "Check its name")


def stated_period(said: Said) -> Interval | None:
    """First and last moment of the data as attributes of the whole file give them; None where they do not."""
    for first, last in _PERIODS:
        start, end = _moment(said(first)), _moment(said(last), last=True)
        if start and end and start < end:
            return start, end
    return None


def named_in(metadata: str, name: str) -> str:
    """The value of an object in the metadata of NASA's files: OBJECT = NAME … VALUE = "…"."""
    part = re.search(rf'OBJECT\s*=\s*{re.escape(name)}\s.*?VALUE\s*=\s*\(?"?([^"\n)]*)', metadata, re.DOTALL)
    return part[1].strip() if part else ""


def _edges(found: Found) -> Interval:
    """From the first moment of the file's days to the first after them."""
    start = datetime.combine(found.start, datetime.min.time())
    return start, datetime.combine(found.end, datetime.min.time()) + _DAY


def _overlap(found: Found, interval: Interval) -> bool:
    """Whether an interval shares time with the file's days, or, being shorter, ends as they begin."""
    start, end = _edges(found)
    first, last = interval
    return first < end and (last > start or (last == start and last - first < end - start))


def _moment(text: str, last: bool = False) -> datetime | None:
    """A date or time; of a date alone its first moment, or the end of the day where it comes last."""
    parts = _MOMENT.fullmatch(text.strip())
    if parts is None:
        return None
    try:
        moment = datetime(*(int(part or 0) for part in parts.groups()))  # type: ignore[arg-type]
        return moment + _DAY if last and parts[4] is None else moment
    except (ValueError, OverflowError):
        return None
