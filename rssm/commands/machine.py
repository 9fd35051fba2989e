"""What a run rests on, checked one by one. Whatever a check runs into is a line of the report, never an end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Literal

from pydantic import Field

from rssm.commands.answers import Answer
from rssm.commands.estimate import size_text
from rssm.commands.wall_time import cores_at_hand
from rssm.workflow.scope import REPOSITORY

JOB = 2e9  # bytes of memory that a job may take
LITTLE = 2e9  # bytes of disk below which not even the demo fits
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container
MENDED = "Mend the environment: make setup, or conda env update -f environment.yml."
DATA = "Another installation's data may be in the way: unset PROJ_LIB, PROJ_DATA and GDAL_DATA."
ANOTHER = "Name another folder, which exists or can be made."
State = Literal["ok", "warn", "fail"]


class Check(Answer):
    """One thing that was looked at."""

    name: str = Field(description="What was looked at.")
    state: State = Field(description="ok, warn (a run may suffer) or fail (a run cannot work).")
    found: str = Field(description="What was found.")
    advice: str = Field("", description="What to do; empty where nothing is to be done.")


def checks(folder: Path) -> Iterator[Check]:
    """Everything a run rests on, if its results lie in a folder."""
    steps: dict[str, Callable[[], Check]] = {
        "python": _python,
        "packages": _packages,
        "snakemake": _snakemake,
        "netcdf and hdf5": _hdf5,
        "hdf4": _hdf4,
        "gdal and proj": _projections,
        "kernels": _kernels,
        "processors": _processors,
        "memory": _memory,
        "folder": lambda: _folder(folder),
        "disk": lambda: _disk(folder),
        "slurm": _slurm,
    }
    for name, step in steps.items():
        try:
            yield step()
        except Exception as error:  # a library that is broken may raise anything
            what = " ".join(str(error).split()) or type(error).__name__
            advice = ANOTHER if name in ("folder", "disk") else MENDED
            yield Check(name=name, state="fail", found=what, advice=advice)


def _python() -> Check:
    return Check(name="python", state="ok", found=f"{sys.version.split()[0]}, {sys.executable}")


def _packages() -> Check:
    """Declared packages, against the versions that the project is tested with."""
    named = [re.split(r"[<>=!~\[; ]", text, maxsplit=1)[0] for text in requires("rssm") or [] if "extra ==" not in text]
    lock, missing, other = _lock(REPOSITORY / "requirements.lock"), [], []
    for name in named:
        try:
            found = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        if found not in (wanted := lock.get(name.lower(), [found])):
            other.append(f"{name} {found} (tested with {' or '.join(wanted)})")
    if missing:
        return Check(name="packages", state="fail", found=f"not installed: {', '.join(missing)}", advice=MENDED)
    if other:
        advice = f"Results may differ in the last bits from those of the tested versions. {MENDED}"
        return Check(name="packages", state="warn", found=", ".join(other), advice=advice)
    how = "as in requirements.lock" if lock else "installed (there is no requirements.lock to compare with)"
    return Check(name="packages", state="ok", found=f"{len(named)} {how}")


def _lock(path: Path) -> dict[str, list[str]]:
    """Package → its versions in a lock file, which may differ by Python's; nothing where there is no file."""
    pinned: dict[str, list[str]] = {}
    lines = path.read_text(encoding="utf-8") if path.is_file() else ""
    for name, text in re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.MULTILINE):
        pinned.setdefault(name.lower(), []).append(text)
    return pinned


def _snakemake() -> Check:
    program = shutil.which("snakemake")
    if program is None:
        advice = "Activate the environment: source .venv/bin/activate, or conda activate rssm."
        return Check(name="snakemake", state="fail", found="not on the PATH", advice=advice)
    found = version("snakemake")
    if tuple(int(part) for part in found.split(".")[:2]) < (9, 14):
        return Check(name="snakemake", state="fail", found=found, advice=f"9.14 or newer is needed. {MENDED}")
    return Check(name="snakemake", state="ok", found=f"{found}, {program}")


def _hdf5() -> Check:
    """Write a deflated NetCDF file, and read it back as such and as HDF5."""
    import h5py
    import netCDF4

    with TemporaryDirectory() as place:
        path = str(Path(place, "a.nc"))
        with netCDF4.Dataset(path, "w") as file:
            file.createDimension("x", 4)
            file.createVariable("v", "i2", ("x",), zlib=True)[:] = range(4)
        with netCDF4.Dataset(path) as file, h5py.File(path) as same:
            good = file["v"][:].tolist() == same["v"][:].tolist() == [0, 1, 2, 3]
    found = f"NetCDF {netCDF4.__netcdf4libversion__}, HDF5 {h5py.version.hdf5_version}"
    if good:
        return Check(name="netcdf and hdf5", state="ok", found=found)
    return Check(name="netcdf and hdf5", state="fail", found=f"{found}: reads other than it wrote", advice=MENDED)


def _hdf4() -> Check:
    """Write a data set of HDF4, and read it back."""
    from pyhdf.SD import SD, SDC

    with TemporaryDirectory() as place:
        path = str(Path(place, "a.hdf"))
        file = SD(path, SDC.WRITE | SDC.CREATE)
        layer = file.create("v", SDC.INT16, (4,))
        layer[:] = list(range(4))
        layer.endaccess()
        file.end()
        file = SD(path, SDC.READ)
        good = list(file.select("v")[:]) == [0, 1, 2, 3]
        file.end()
    if good:
        return Check(name="hdf4", state="ok", found=f"pyhdf {version('pyhdf')}")
    return Check(name="hdf4", state="fail", found="pyhdf reads other than it wrote", advice=MENDED)


def _projections() -> Check:
    """Find a projected system in GDAL's data and in PROJ's, and go through it."""
    import rasterio
    from pyproj import Transformer, proj_version_str
    from rasterio.crs import CRS

    try:
        CRS.from_epsg(6933).to_wkt()
        east, _ = Transformer.from_crs(4326, 6933, always_xy=True).transform(180.0, 0.0)
    except Exception as error:  # of either library
        return Check(name="gdal and proj", state="fail", found=" ".join(str(error).split()), advice=DATA)
    if abs(east - 17367530.45) > 1:
        return Check(name="gdal and proj", state="fail", found=f"EASE-Grid 2.0 ends at {east:.0f} m", advice=DATA)
    return Check(name="gdal and proj", state="ok", found=f"GDAL {rasterio.__gdal_version__}, PROJ {proj_version_str}")


def _kernels() -> Check:
    from rssm.networks.kernels.loader import load, object_file, sound
    from rssm.networks.kernels.processor import processor

    path, kind = object_file(), processor()[0]
    if path.is_file():
        if sound(load(path.read_bytes())):
            return Check(name="kernels", state="ok", found=f"compiled for {kind}")
        advice = f"Remove {path}: the next run compiles again."
        return Check(name="kernels", state="fail", found="fail a calculation whose result is known", advice=advice)
    place = next(parent for parent in path.parents if parent.exists())
    if not os.access(place, os.W_OK):
        advice = "Set NUMBA_CACHE_DIR to a folder that all jobs may write to, or each compiles its own for a minute."
        return Check(name="kernels", state="warn", found=f"{place} cannot be written to", advice=advice)
    return Check(name="kernels", state="ok", found=f"not compiled for {kind} yet: the first run does, in a minute")


def _processors() -> Check:
    cores, all_of_them = cores_at_hand(), os.cpu_count() or 1
    found = f"{cores} at hand" + (f", of {all_of_them} in the machine" if cores != all_of_them else "")
    return Check(name="processors", state="ok", found=found)


def _memory() -> Check:
    here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [text for path in LIMITS if Path(path).is_file() and (text := Path(path).read_text().strip()).isdigit()]
    memory = min([here, *map(int, limits)])
    jobs, cores = int(memory // JOB), cores_at_hand()
    found = f"{size_text(memory)} (a job takes up to {size_text(JOB)})"
    if jobs >= cores:
        return Check(name="memory", state="ok", found=found)
    if jobs == 0:
        return Check(name="memory", state="fail", found=found, advice="Choose a machine with more, or smaller tiles.")
    advice = f"Say so to Snakemake: --cores {cores} --resources mem_mb={int(memory / 1e6)}."
    return Check(name="memory", state="warn", found=found, advice=advice)


def _folder(folder: Path) -> Check:
    """Whether results can be written to a folder, which a run makes where it is not there."""
    there = _nearest(folder)
    if not there.is_dir():
        return Check(name="folder", state="fail", found=f"{there} is no folder", advice=ANOTHER)
    try:
        with TemporaryFile(dir=there) as file:
            file.write(b"\0")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        advice = "Change its permissions or the disk's state, or name another folder."
        return Check(name="folder", state="fail", found=f"{there} cannot be written to ({why})", advice=advice)
    made = "" if there == folder else f": {folder} does not exist and can be made there"
    return Check(name="folder", state="ok", found=f"{there} can be written to{made}")


def _nearest(folder: Path) -> Path:
    """A folder, or what exists of the way to it."""
    return next(parent for parent in (folder, *folder.absolute().parents) if _exists(parent))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):  # not there, or not to be looked at
        return False
    return True


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(_nearest(folder)).free
    found = f"{size_text(free)} free"
    if free > LITTLE:
        return Check(name="disk", state="ok", found=f"{found} (rssm estimate FILE says what a run needs)")
    return Check(name="disk", state="warn", found=found, advice="Compare with rssm estimate FILE, and make room.")


def _slurm() -> Check:
    program = shutil.which("sbatch")
    if program is None:
        return Check(name="slurm", state="ok", found="not here: runs use this machine alone")
    try:
        plugin = version("snakemake-executor-plugin-slurm")
    except PackageNotFoundError:
        return Check(name="slurm", state="fail", found="Snakemake's plugin is not installed", advice=MENDED)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    if said.returncode:
        why = " ".join(said.stderr.split()) or f"exit status {said.returncode}"
        advice = "Ask for the cluster's module, or run without --profile slurm."
        return Check(name="slurm", state="warn", found=f"{program} fails ({why})", advice=advice)
    return Check(name="slurm", state="ok", found=f"{said.stdout.strip()}, plugin {plugin}")
