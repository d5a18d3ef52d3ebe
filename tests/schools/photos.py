"""Photos as phones and cameras write them: with place, device, author and a colour profile."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

PLACE = b"Redmi-2409BRN2CA"  # the device; wherever it is found, something of the photo tells
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><d>" + PLACE + b"</d></x:xmpmeta>"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIZE = (96, 64)


def scene(mode: str = "RGB") -> Image.Image:
    """Every corner has another colour, so that a turn is seen."""
    made = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(made)
    for colour, place in (("red", (0, 0)), ("lime", (64, 0)), ("blue", (0, 32))):
        draw.rectangle((*place, place[0] + 31, place[1] + 31), fill=colour)
    return made.convert(mode)


def exif(orientation: int = 1) -> bytes:
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x0110] = orientation, "Xiaomi", PLACE.decode()
    notes.get_ifd(0x8825).update({1: "N", 2: (20.0, 51.0, 53.2), 3: "E", 4: (106.0, 41.0, 1.9)})
    return notes.tobytes()


def saved(made: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(orientation: int = 1, mode: str = "RGB", **options) -> bytes:
    """EXIF, XMP, IPTC, a comment, a part of a program, and a second picture behind the end."""
    plain = saved(
        scene(mode), "JPEG", exif=exif(orientation), icc_profile=PROFILE, comment=PLACE,
        quality=95, **options,
    )  # fmt: skip
    notes = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    notes += _segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\x10" + PLACE)
    notes += _segment(0xEB, b"JP" + PLACE)
    return plain[:2] + notes + plain[2:] + saved(scene(), "JPEG", comment=PLACE)


def with_depth(orientation: int = 1) -> bytes:
    """A second picture with its own notes behind the first, found through MPF."""
    return saved(
        scene(), "MPO", save_all=True, append_images=[scene("L")], exif=exif(orientation),
        icc_profile=PROFILE, quality=95,
    )  # fmt: skip


def png(orientation: int = 1, mode: str = "RGB") -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Model", PLACE.decode())
    words.add_text("Comment", PLACE.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    made = saved(
        scene(mode), "PNG", exif=exif(orientation), pnginfo=words, icc_profile=PROFILE, dpi=(96, 96)
    )
    own = b"caBX" + PLACE
    chunk = struct.pack(">I", len(PLACE)) + own + struct.pack(">I", zlib.crc32(own))
    return made[:33] + chunk + made[33:]


def webp(orientation: int = 1, mode: str = "RGB", **options) -> bytes:
    return saved(
        scene(mode), "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=PROFILE, **options
    )


def heic(orientation: int = 1, mode: str = "RGB") -> bytes:
    """As an iPhone writes it: the turn stands in the file, EXIF repeats it."""
    pillow_heif.register_heif_opener()
    return saved(
        scene(mode), "HEIF", exif=exif(orientation), xmp=XMP, icc_profile=PROFILE, quality=95
    )
