"""Kernels run without Python's lock, so threads share the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def for_each(work: Callable[[T], None], items: Iterable[T], threads: int) -> None:
    """Do the work on every item, in threads."""
    waiting = iter(list(items))  # one for all threads: who is free takes the next

    def take() -> None:
        for item in waiting:
            work(item)

    if threads == 1:
        take()
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(take) for _ in range(threads - 1)]
        take()
        for other in others:
            other.result()
