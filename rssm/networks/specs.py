"""What the jobs of networks are asked. Light to import: the workflow builds specifications whenever it plans."""

from __future__ import annotations

from dataclasses import dataclass

Steps = tuple[int, int]  # first and last


@dataclass(frozen=True)
class KernelSpec:
    """Processor type that kernels are compiled for; None: the machine at hand."""

    cpu: str | None


@dataclass(frozen=True)
class Teaching:
    """A target and the unbroken runs of its steps that teach."""

    target: str
    runs: tuple[Steps, ...]
