"""Zones that stand for all: those that come first by a hash of their names."""

from __future__ import annotations

from hashlib import blake2b

from rssm.workflow.scope import Scope


def sampled_zones(scope: Scope, number: int) -> dict[str, list[str]]:
    """Tile → its zones among the first `number` of all; tiles without one are not there."""

    def place(zone: str) -> bytes:
        return blake2b(f"{scope.run.seed} {zone}".encode()).digest()

    tiles = {zone.name: name for name, tile in scope.tiles.items() for zone in scope.land_zones(tile)}
    chosen: dict[str, list[str]] = {}
    for zone in sorted(sorted(tiles, key=place)[:number]):
        chosen.setdefault(tiles[zone], []).append(zone)
    return chosen
