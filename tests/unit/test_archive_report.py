"""What ingestion found, as a table."""

from __future__ import annotations

import json

from rssm.ingest.archive_report import COLUMNS, archive_report


def test_a_skipped_file_is_told_with_its_reason(tmp_path):
    folder = tmp_path / "SMOS-IC"
    folder.mkdir()
    seen = {"map": "a.tif", "status": "partial", "files": ["x", "y"], "superseded": ["z"], "valid": 28, "denoised": 1}
    lost = {"map": "b.tif", "status": "missing", "files": [], "skipped": [{"file": "w.nc", "reason": "cut\toff"}]}
    maps = {"2015D01": seen, "2015D02": lost}
    (folder / "2015.json").write_text(json.dumps({"native": {"x": {"bytes": 5}, "y": {"bytes": 6}}, "maps": maps}))
    archive_report([str(folder / "2015.json")], [str(tmp_path / "archive.tsv")])
    names, cells = (line.split("\t") for line in (tmp_path / "archive.tsv").read_text().splitlines())
    assert names == list(COLUMNS)
    row = dict(zip(names, cells, strict=True))
    assert [row[name] for name in ("product", "year", "maps_complete", "maps_partial", "maps_missing")] == [
        *("SMOS-IC", "2015", "0", "1", "1")
    ]
    assert [row[name] for name in ("files", "superseded", "skipped", "values_valid", "values_denoised")] == [
        *("2", "1", "1", "28", "1")
    ]
    assert row["bytes"] == "11"
    assert row["what_was_skipped"] == "w.nc: cut off"
