"""Decoding of files given to commands, in the encodings of common editors and shells."""

import codecs
from pathlib import Path

import pytest

from pulumi_spectrum.text_files import UnreadableText, read_program, read_text

TEXT = "name: Zoë 🦊\r\n"
MARKED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": TEXT.encode("utf-8-sig"),
    "utf-16 little": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32 little": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "utf-32 big": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
}


@pytest.mark.parametrize("content", MARKED.values(), ids=MARKED.keys())
def test_byte_order_marks(tmp_path: Path, content: bytes) -> None:
    """A byte order mark says how the text is read and is no part of it; without one it is UTF-8."""
    (tmp_path / "file").write_bytes(content)
    assert read_text(tmp_path / "file") == TEXT


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Zoë".encode("latin-1"), "UTF-8"),
        ("plain".encode("utf-16-le"), "UTF-8"),
        (codecs.BOM_UTF16_LE + b"odd", "UTF-16"),
        (codecs.BOM_UTF32_LE + b"odd", "UTF-32"),
        (codecs.BOM_UTF8 + b"\xff", "UTF-8"),
    ],
)
def test_undecodable_files(tmp_path: Path, content: bytes, encoding: str) -> None:
    """The error for an undecodable file is one sentence that names the file and the encoding."""
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UnreadableText) as refused:
        read_text(tmp_path / "file")
    assert str(refused.value).startswith(f"{tmp_path / 'file'} is not {encoding} text. Save it as UTF-8")
    assert refused.value.__context__ is None  # a UnicodeDecodeError holds the file's content


@pytest.mark.parametrize("read", [read_text, read_program])
def test_folders_and_missing_files(tmp_path: Path, read: object) -> None:
    """A folder or a missing file is named, with the system's reason."""
    assert callable(read)
    with pytest.raises(UnreadableText, match="cannot be read: Is a directory"):
        read(tmp_path)
    with pytest.raises(UnreadableText, match=r"missing cannot be read: No such file"):
        read(tmp_path / "missing")


@pytest.mark.parametrize(
    "content",
    ["ë = 1\n".encode(), "ë = 1\n".encode("utf-8-sig"), "# coding: latin-1\në = 1\n".encode("latin-1")],
)
def test_programs(tmp_path: Path, content: bytes) -> None:
    """A program is decoded as Python decodes it: UTF-8 with or without a mark, or as its coding line says."""
    (tmp_path / "app.py").write_bytes(content)
    assert read_program(tmp_path / "app.py").endswith("ë = 1\n")


@pytest.mark.parametrize(
    "content",
    ["ë = 1\n".encode("latin-1"), "ë = 1\n".encode("utf-16"), "é".encode("utf-16-le"), b"# coding: nonsense\n", b"a\0"],
)
def test_unreadable_programs(tmp_path: Path, content: bytes) -> None:
    """A program that Python cannot decode is named, with what to do."""
    (tmp_path / "app.py").write_bytes(content)
    with pytest.raises(UnreadableText, match=r"app\.py is not UTF-8 text, nor in an encoding .* Save it as UTF-8\."):
        read_program(tmp_path / "app.py")
