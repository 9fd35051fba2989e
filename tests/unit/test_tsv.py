"""Tab-separated tables: what is written is read, and a wrong table is one sentence."""

from __future__ import annotations

import pytest

from rssm.errors import InputError
from rssm.tsv import aligned, read_tsv, tsv_text, write_tsv


def test_a_table_is_read_as_it_was_written(tmp_path):
    write_tsv(tmp_path / "t.tsv", ("name", "n"), [("a", 1), ("b", None)], about="two\nlines")
    assert (tmp_path / "t.tsv").read_text() == "# two\n# lines\nname\tn\na\t1\nb\t-\n"
    assert read_tsv(tmp_path / "t.tsv", ("name", "n")) == [(4, {"name": "a", "n": "1"}), (5, {"name": "b", "n": "-"})]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"expected the columns name, n \(tab-separated\), found nothing"),
        ("name\tm\n", r"expected the columns name, n \(tab-separated\), found name, m"),
        ("name\tn\na\n", r"line 2 has 1 columns, expected 2"),
    ],
)
def test_another_table_is_refused_with_its_line(tmp_path, text, sentence):
    (tmp_path / "t.tsv").write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_tsv(tmp_path / "t.tsv", ("name", "n"))


def test_what_is_no_text_or_not_there_is_named(tmp_path):
    (tmp_path / "t.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"is not a text file\. Make it again\."):
        read_tsv(tmp_path / "t.tsv", hint="Make it again.")
    with pytest.raises(InputError, match=r"absent\.tsv: No such file or directory"):
        read_tsv(tmp_path / "absent.tsv")


def test_columns_are_aligned_for_people():
    assert aligned([("name", "n"), ("a", "10"), ("long", "2")]) == "name   n\na     10\nlong   2"
    assert tsv_text(("a",), []) == "a\n"
