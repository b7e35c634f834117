"""Pixels -> a PNG."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """Returns a picture of rows of red, green and blue bytes as a PNG. Source: www.w3.org/TR/png-3"""
    rows = b"".join(b"\x00" + pixels[y * stride : y * stride + 3 * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
