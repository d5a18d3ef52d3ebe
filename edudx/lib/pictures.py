"""Pictures without what they tell of place, device and person; what is seen stays as it was.

A walk over the parts of a file finds what is to be left out and whether the file has its end. It
reads in pieces and decodes nothing; only a picture that lies on its side is decoded, one at a time.
"""

import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pillow_heif
from PIL import Image, JpegImagePlugin

PIECE = 64 * 1024
MAX_PIXELS = 60_000_000
HEIF_QUALITY = 92
FINE = 0  # 4:4:4: colours that were made coarse once, a red seal, are not made coarse again
MOST_PARTS = 100_000
MOST_EXIF = 1024**2  # a larger one is left out unread
ORIENTATION = 0x0112
DECODING = threading.Lock()  # sixty million dots are 180 MB: not several at once
Transpose = Image.Transpose
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
SEEN = ("icc_profile", "transparency", "dpi")  # of what Pillow knows beside the dots
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # JPEG, but for what stands inside a scan
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # of the parts of programs
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI bKGD pHYs sBIT sPLT hIST acTL fcTL fdAT".split()
)
WEBP_KEPT = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_HAS_NOTES = 0x0C  # the marks of VP8X that say EXIF and XMP follow


class PictureBroken(ValueError):
    """It has no end, or its parts do not follow each other: half sent or damaged."""


class PictureTooLarge(ValueError):
    """It has more dots than the portal decodes."""


@dataclass
class Anatomy:
    """Where a picture ends, which spans of it tell what is not seen, its EXIF, changed bytes."""

    end: int = 0
    hidden: list[tuple[int, int]] = field(default_factory=list)
    exif: bytes = b""
    patches: list[tuple[int, bytes]] = field(default_factory=list)
    is_lossless: bool = False

    @property
    def orientation(self) -> int:
        """1 to 8 as EXIF counts; 1 is upright, also when what is written there is no number."""
        notes = Image.Exif()
        try:
            notes.load(self.exif)
            found = notes.get(ORIENTATION, 1)
        except Exception:  # cameras and phones write rubbish, too
            return 1
        return found if found in TURNS else 1


def cleaned(file: BinaryIO, content_type: str, empty: Callable[[], BinaryIO]) -> BinaryIO:
    """The upright picture without its notes, in a file that `empty` makes; HEIF becomes JPEG.

    The file itself when there is nothing to change. PictureBroken, PictureTooLarge.
    """
    if content_type not in WALKS:
        return _from_heif(file, empty)
    size = file.seek(0, 2)
    anatomy, kept = WALKS[content_type](file, size), file
    if anatomy.hidden or anatomy.end != size:
        kept = empty()
        _copy(file, anatomy, kept)
    _measure(kept)
    return kept if anatomy.orientation == 1 else _turned(kept, anatomy, empty)


def _measure(file: BinaryIO) -> None:
    file.seek(0)
    try:
        with Image.open(file) as picture:
            _weigh(*picture.size)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PictureTooLarge from fault
    except (OSError, SyntaxError) as fault:
        raise PictureBroken from fault


def _weigh(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PictureTooLarge


def _from_heif(file: BinaryIO, empty: Callable[[], BinaryIO]) -> BinaryIO:
    file.seek(0)
    with DECODING:
        try:
            found = pillow_heif.open_heif(file)
            _weigh(*found.size)
            picture = found.to_pillow()
        except PictureTooLarge:
            raise
        except Exception as fault:  # the library has its own kinds of complaint about rubbish
            raise PictureBroken from fault
        profile, kept = picture.info.get("icc_profile"), empty()
        options = {"quality": HEIF_QUALITY, "subsampling": FINE, "icc_profile": profile}
        _opaque(picture).save(kept, "JPEG", **options)
    return kept


def _opaque(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency: what shines through is white."""
    if picture.mode not in ("LA", "RGBA", "RGBa"):
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _turned(file: BinaryIO, anatomy: Anatomy, empty: Callable[[], BinaryIO]) -> BinaryIO:
    """Upright, as finely as it came; a moving picture is left as it lies."""
    file.seek(0)
    with DECODING, Image.open(file) as picture:
        if getattr(picture, "n_frames", 1) > 1:
            return file
        try:
            turned = picture.transpose(TURNS[anatomy.orientation])
        except (OSError, SyntaxError) as fault:
            raise PictureBroken from fault
        options, kept = _options(picture, anatomy), empty()
        seen = {key: turned.info[key] for key in SEEN if key in turned.info}
        turned.info = {}
        turned.save(kept, picture.format, **seen, **options)
    return kept


def _options(picture: Image.Image, anatomy: Anatomy) -> dict[str, Any]:
    """How to save it so that nothing is lost that can be seen."""
    if picture.format == "WEBP":
        return {
            "lossless": anatomy.is_lossless,
            "quality": 95,
            "exact": True,
            "use_sharp_yuv": True,
        }
    if not isinstance(picture, JpegImagePlugin.JpegImageFile):
        return {}
    tables = picture.quantization
    if anatomy.orientation in SIDEWAYS:
        tables = {key: _flipped(tables[key]) for key in tables}
    return {
        "qtables": tables,
        "subsampling": FINE,
        "progressive": "progressive" in picture.info,
    }


def _flipped(table: list[int]) -> list[int]:
    """The eight by eight numbers with rows and columns changed, as the picture is."""
    return [table[place % 8 * 8 + place // 8] for place in range(64)]


def _copy(file: BinaryIO, anatomy: Anatomy, target: BinaryIO) -> None:
    place = 0
    for start, stop in [*anatomy.hidden, (anatomy.end, anatomy.end)]:
        file.seek(place)
        while place < start:
            piece = file.read(min(PIECE, start - place))
            target.write(piece)
            place += len(piece)
        place = stop
    for place, changed in anatomy.patches:  # only at the head, before anything hidden
        target.seek(place)
        target.write(changed)


# JPEG: segments, and scans between them


def _jpeg(file: BinaryIO, size: int) -> Anatomy:
    anatomy, place, has_scan = Anatomy(), 2, False
    for _ in range(MOST_PARTS):
        place = _next_marker(file, place)
        file.seek(place)
        head = file.read(40)
        if head[1] == JPEG_END and has_scan:
            anatomy.end = place + 2
            return anatomy
        stop = place + 2 + int.from_bytes(head[2:4])
        if len(head) < 4 or not place + 4 <= stop <= size:
            raise PictureBroken
        if _is_note(head):
            anatomy.hidden.append((place, stop))
            if head[1] == 0xE1 and head[4:10] == b"Exif\0\0" and not anatomy.exif:
                file.seek(place + 10)
                anatomy.exif = file.read(stop - place - 10)
        has_scan = has_scan or head[1] == JPEG_SCAN
        place = stop
    raise PictureBroken


def _is_note(head: bytes) -> bool:
    """A comment or a part of a program, but for shape, colours and their profile."""
    if 0xE0 <= head[1] <= 0xEF:
        kept = JPEG_KEPT.get(head[1])
        return kept is None or not head[4:].startswith(kept)
    return head[1] == 0xFE


def _next_marker(file: BinaryIO, place: int) -> int:
    while True:
        file.seek(place)
        piece = file.read(PIECE)
        if found := MARKER.search(piece):
            return place + found.start()
        if len(piece) < PIECE:
            raise PictureBroken
        place += len(piece) - 1  # a marker may stand across two pieces


# PNG: chunks with a check sum


def _png(file: BinaryIO, size: int) -> Anatomy:
    anatomy, place = Anatomy(), len(PNG_HEAD)
    for _ in range(MOST_PARTS):
        file.seek(place)
        head = file.read(8)
        length, kind = int.from_bytes(head[:4]), head[4:]
        if len(head) < 8 or place + 12 + length > size:
            raise PictureBroken
        _check_sum(file, kind, length)
        if kind == b"IEND":
            anatomy.end = place + 12
            return anatomy
        if not (kind[:1].isupper() or kind in PNG_KEPT):
            anatomy.hidden.append((place, place + 12 + length))
        if kind == b"eXIf" and length <= MOST_EXIF:
            file.seek(place + 8)
            anatomy.exif = file.read(length)
        place += 12 + length
    raise PictureBroken


def _check_sum(file: BinaryIO, kind: bytes, length: int) -> None:
    found = zlib.crc32(kind)
    while length:
        piece = file.read(min(PIECE, length))
        found, length = zlib.crc32(piece, found), length - len(piece)
        if not piece:
            raise PictureBroken
    if found != int.from_bytes(file.read(4)):
        raise PictureBroken


# WebP: chunks of a RIFF file, whose length stands at its head


def _webp(file: BinaryIO, size: int) -> Anatomy:
    file.seek(4)
    length = int.from_bytes(file.read(4), "little")
    anatomy, place = Anatomy(end=min(8 + length, size)), 12
    if 8 + length > size + 1:  # some writers forget the last byte, which fills up to a pair
        raise PictureBroken
    kinds = set()
    for _ in range(MOST_PARTS):
        if place >= anatomy.end:
            break
        file.seek(place)
        head = file.read(9)
        kind, stop = head[:4], place + 8 + int.from_bytes(head[4:8], "little")
        if len(head) < 8 or stop > anatomy.end:
            raise PictureBroken
        stop = min(stop + (stop - place) % 2, anatomy.end)
        _note_webp(file, anatomy, head, place, stop)
        kinds.add(kind)
        place = stop
    if place < anatomy.end or not kinds & {b"VP8 ", b"VP8L", b"ANMF"}:
        raise PictureBroken
    gone = sum(stop - start for start, stop in anatomy.hidden)
    anatomy.patches.append((4, (anatomy.end - 8 - gone).to_bytes(4, "little")))
    anatomy.is_lossless = b"VP8L" in kinds
    return anatomy


def _note_webp(file: BinaryIO, anatomy: Anatomy, head: bytes, place: int, stop: int) -> None:
    kind = head[:4]
    if kind == b"VP8X" and place == 12:
        anatomy.patches.append((place + 8, bytes([head[8] & ~WEBP_HAS_NOTES])))
    if kind not in WEBP_KEPT:
        anatomy.hidden.append((place, stop))
    if kind == b"EXIF" and stop - place <= MOST_EXIF:
        file.seek(place + 8)
        anatomy.exif = file.read(stop - place - 8)


WALKS = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
