"""Checksums that agencies give beside their files: lists of them, or one small file for each.

A list has a line per file, `DIGEST  NAME`, `NAME DIGEST` or `MD5 (NAME) = DIGEST`; the file `NAME.md5` may hold the digest
alone. The length of a digest says which it is: MD5, SHA-1, SHA-256 or SHA-512.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from rssm.errors import InputError

_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_DIGEST = r"[0-9a-fA-F]{128}|[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32}"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\\?(?P<digest>{_DIGEST})[ \t]+\*?(?P<name>\S.*)",
        rf"\w+[ \t]?\((?P<name>.+)\)[ \t]?=[ \t]?(?P<digest>{_DIGEST})",
        rf"(?P<name>\S.*?)[ \t]*[ \t:=,;][ \t]*(?P<digest>{_DIGEST})",
        rf"(?P<digest>{_DIGEST})(?P<name>)",
    )
)

Listed = dict[str, list[tuple[tuple[str, ...], str, str]]]  # file name → (its folders, digest, list) of each line


def listed_checksums(root: str | Path, patterns: Sequence[str]) -> Listed:
    """What the lists below an archive's root say; `patterns` are paths or globs counted from it."""
    found: Listed = {}
    for pattern in patterns:
        inside = pattern and not pattern.startswith("/") and ".." not in pattern.split("/")
        lists = sorted(path for path in Path(root).glob(pattern) if path.is_file()) if inside else []
        if not lists:
            raise InputError(
                f"inputs.checksums: nothing below {root} matches {pattern!r}. Expected lists of checksums; correct it or leave it out."
            )
        for path in lists:
            status = path.stat()
            for folders, name, digest in _lines(str(path), status.st_size, status.st_mtime_ns):
                found.setdefault(name, []).append((folders, digest, str(path)))
    return found


def digests_of(listed: Listed, location: str) -> tuple[str, ...]:
    """Digests that a file may have, by the lines that agree with most of its path, in the nearest list; or none."""
    folder, _, name = location.rpartition(os.sep)
    parts = tuple(Path(folder).parts)
    fits: dict[tuple[int, int], list[str]] = {}
    for folders, digest, source in listed.get(name, []):
        if not folders or parts[-len(folders) :] == folders:
            shared = len(Path(os.path.commonpath([folder, Path(source).parent])).parts)
            fits.setdefault((len(folders), shared), []).append(digest)
    return tuple(sorted(set(fits[max(fits)]))) if fits else ()


@lru_cache(maxsize=1024)
def _lines(location: str, size: int, changed: int) -> list[tuple[tuple[str, ...], str, str]]:
    """(folders, name, digest) of each line of a list; lines of another form are comments."""
    try:
        text = Path(location).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"inputs.checksums: {location} cannot be read as a list of checksums ({error}).") from None
    found = []
    for line in text.splitlines():
        match = next((match for form in _FORMS if (match := form.fullmatch(line.strip()))), None)
        if match:
            path = Path(match["name"].replace("\\", "/") or Path(location).stem)
            folders = tuple(part for part in path.parent.parts if part not in (".", "..", "/"))
            near = folders or (Path(location).parent.parts if not match["name"] else ())
            found.append((tuple(near), path.name, match["digest"].lower()))
    if not found:
        raise InputError(f"inputs.checksums: {location} holds no checksum. Expected lines DIGEST  NAME or NAME DIGEST.")
    return found


def differs(location: str, size: int, mtime_ns: int, digests: tuple[str, ...]) -> str:
    """What is wrong with a file that has none of its digests; empty where it has one. Each file is read once."""
    for digest in digests:
        if _digest(location, size, mtime_ns, _ALGORITHMS[len(digest)]) == digest:
            return ""
    algorithm = _ALGORITHMS[len(digests[0])]
    own = _digest(location, size, mtime_ns, algorithm)
    return f"has the {algorithm} checksum {own}, not {' or '.join(digests)} as its agency's list says"


@lru_cache(maxsize=65536)
def _digest(location: str, size: int, mtime_ns: int, algorithm: str) -> str:
    with Path(location).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
