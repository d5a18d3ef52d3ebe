"""A school uploads photos: upright, without place and device, and whole."""

import hashlib
import io
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from edudx.lib import pictures
from schools.models import Document, DocumentVersion
from tests import make, plan_world
from tests.schools import files, photos

pytestmark = pytest.mark.alike  # what a file or a text is, not what a database does

ADD = reverse("schools:document_add")
MAKERS = {"jpg": photos.jpeg, "png": photos.png, "webp": photos.webp, "heic": photos.heic}
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "heic": "image/heic"}
KEPT_AS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "JPEG"}
REMOVED = "Đã bỏ khỏi ảnh thông tin ẩn: nơi chụp, thiết bị, người chụp."
BROKEN = "tệp hỏng hoặc tải lên dở dang."


@pytest.fixture
def focal(cast, sign_in):
    return sign_in(cast.focal)


def add(client, name: str, content: bytes, **fields):
    typed = {"title": "Phòng máy", "kind": "picture", "file": files.upload(name, content)} | fields
    return client.post(ADD, typed, follow=True)


def stored() -> list[Path]:
    return [one for one in Path(portal.MEDIA_ROOT).rglob("*") if one.is_file()]


def only_one() -> tuple[DocumentVersion, bytes]:
    version = DocumentVersion.objects.get()
    (path,) = stored()
    return version, path.read_bytes()


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far the colours of two pictures are apart, of 255, over all dots."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(ImageStat.Stat(difference).rms)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


# Without place and device


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", MAKERS)
def test_a_photo_is_kept_upright_without_place_and_device(focal, kind, orientation):
    sent = MAKERS[kind](orientation)
    page = add(focal, f"Phòng máy.{kind}", sent).content.decode()
    version, content = only_one()
    assert photos.PLACE not in content
    kept = opened(content)
    assert (kept.format, dict(kept.getexif())) == (KEPT_AS[kind], {})
    assert kept.info["icc_profile"] == photos.PROFILE
    seen = ImageOps.exif_transpose(opened(sent))
    assert kept.size == seen.size
    assert apart(kept, seen) < (6 if kind == "webp" else 4)
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert version.sent_sha256 == hashlib.sha256(sent).hexdigest()
    assert version.size == len(content)
    told = "Ảnh HEIC đã được chuyển thành JPEG" if kind == "heic" else REMOVED
    assert page.count(told) == 2  # said once, and on the page of the document for good
    assert version.sent_sha256 in page


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("jpg", {"progressive": True}),
        ("jpg", {"subsampling": 0}),
        ("jpg", {"subsampling": 1}),
        ("jpg", {"mode": "L"}),
        ("jpg", {"mode": "CMYK"}),
        ("png", {"mode": "P"}),
        ("png", {"mode": "RGBA"}),
        ("webp", {"lossless": True}),
        ("webp", {"mode": "RGBA"}),
        ("heic", {"mode": "RGBA"}),
    ],
)
@pytest.mark.parametrize("orientation", [1, 6])
def test_every_way_to_write_a_photo_looks_the_same(kind, options, orientation):
    sent = MAKERS[kind](orientation, **options)
    kept = pictures.cleaned(io.BytesIO(sent), TYPES[kind], io.BytesIO)
    kept.seek(0)
    content = kept.read()
    assert photos.PLACE not in content
    picture, seen = opened(content), ImageOps.exif_transpose(opened(sent))
    if KEPT_AS[kind] == picture.format and kind != "heic":
        assert picture.mode == seen.mode
    assert apart(picture, seen) < (6 if "lossless" not in options else 1e-9)


def test_a_picture_without_notes_is_kept_to_the_byte(focal):
    for place, kind in enumerate(("PNG", "JPEG", "WEBP")):
        sent = files.picture(kind)
        add(focal, f"a.{kind.lower()}", sent, title=f"Ảnh {place}")
        version = DocumentVersion.objects.latest("pk")
        assert (version.sha256, version.sent_sha256, version.changes) == (
            hashlib.sha256(sent).hexdigest(), "", "",
        )  # fmt: skip


@pytest.mark.parametrize("orientation", [1, 8])
def test_the_pictures_behind_the_first_are_left_out(orientation):
    sent = photos.with_depth(orientation)
    kept = pictures.cleaned(io.BytesIO(sent), "image/jpeg", io.BytesIO)
    assert opened(kept.getvalue()).format == "JPEG"
    assert b"MPF" not in kept.getvalue()
    assert photos.PLACE not in kept.getvalue()
    assert apart(opened(kept.getvalue()), ImageOps.exif_transpose(opened(sent))) < 4


def test_a_moving_picture_goes_on_moving():
    frames, out = [photos.scene(), Image.new("RGB", photos.SIZE, "black")], io.BytesIO()
    frames[0].save(
        out, "WEBP", save_all=True, append_images=frames[1:], exif=photos.exif(6), lossless=True
    )
    kept = pictures.cleaned(out, "image/webp", io.BytesIO)
    assert Image.open(kept).n_frames == 2
    assert photos.PLACE not in kept.getvalue()


def test_every_page_that_takes_a_photo_says_what_was_removed(cast, campaign, sign_in):
    file_, focal = campaign.assessments.get(unit=cast.school), sign_in(cast.focal)
    criterion = file_.indicator_set.criteria.get(code="1.2.1")
    row = plan_world.row_of(plan_world.issued(cast.office, cast.office_head), cast.school)
    document = make.document(cast.school, cast.focal).document
    doors = {
        reverse("assessments:evidence_upload", args=[file_.pk, criterion.pk]): "file",
        reverse("assessments:minutes_upload", args=[file_.pk]): "file",
        reverse("plans:hand_in", args=[row.pk]): "files",
        reverse("schools:version_add", args=[document.pk]): "file",
    }
    for place, (address, field) in enumerate(doors.items()):
        name = f"Ảnh {place}.jpg"
        sent = {field: files.upload(name, photos.jpeg(place + 1)), "note": ""}
        page = focal.post(address, sent, follow=True).content.decode()
        assert f"«{name}»: {REMOVED}" in page, address
    assert len(stored()) == len(doors)
    assert not any(photos.PLACE in one.read_bytes() for one in stored())


def test_only_people_of_the_school_see_a_photo(cast, focal, sign_in):
    add(focal, "a.jpg", photos.jpeg())
    address = reverse("schools:document_file", args=[DocumentVersion.objects.get().pk])
    assert sign_in(cast.stranger).get(address).status_code == 404
    served = b"".join(focal.get(address).streaming_content)
    assert photos.PLACE not in served


# Names


@pytest.mark.parametrize(
    ("sent", "kept", "maker"),
    [
        ("anh.jfif", "anh.jpg", photos.jpeg),
        ("anh.JPE", "anh.jpg", photos.jpeg),
        ("anh.pjpeg", "anh.jpg", photos.jpeg),
        ("anh.JPEG", "anh.JPEG", photos.jpeg),
        ("IMG_0042.HEIC", "IMG_0042.jpg", photos.heic),
        ("IMG_0042.heif", "IMG_0042.jpg", photos.heic),
        ("IMG_0042.jpg", "IMG_0042.jpg", photos.heic),
        ("IMG_0042.png", "IMG_0042.jpg", photos.heic),
        ("IMG_0042.HEIC", "IMG_0042.jpg", photos.jpeg),
    ],
)
def test_a_photo_goes_by_the_name_of_what_it_is(focal, sent, kept, maker):
    add(focal, sent, maker())
    version = DocumentVersion.objects.get()
    assert (version.file_name, version.content_type) == (kept, "image/jpeg")
    answer = focal.get(reverse("schools:document_file", args=[version.pk]))
    assert f'filename="{kept}"' in answer["Content-Disposition"]
    assert opened(b"".join(answer.streaming_content)).format == "JPEG"


@pytest.mark.parametrize("name", ["a.tif", "a.TIFF", "a.bmp", "a.gif", "a.avif"])
def test_other_pictures_are_told_what_to_become(focal, name):
    page = add(focal, name, photos.jpeg()).content.decode()
    assert f"Không nhận loại tệp của «{name}». Hãy lưu ảnh thành JPEG hoặc PNG" in page
    assert stored() == []


# Half a photo


@pytest.mark.parametrize("kind", MAKERS)
def test_half_a_photo_is_refused(focal, kind):
    sent = MAKERS[kind]()[:-700]
    half = sent[: max(len(sent) // 2, len(sent) - 2000)]
    page = add(focal, f"a.{kind}", half).content.decode()
    assert f"Không mở được «a.{kind}»: {BROKEN}" in page
    assert not Document.objects.exists()
    assert stored() == []


@hypothesis(deadline=None, max_examples=60)
@given(kind=st.sampled_from(sorted(MAKERS)), part=st.floats(0.02, 0.999))
def test_wherever_a_photo_is_cut_it_is_refused(kind, part):
    plain = {
        "jpg": photos.saved(photos.scene(), "JPEG", exif=photos.exif(6)),
        "png": photos.png(6), "webp": photos.webp(6), "heic": photos.heic(6),
    }[kind]  # fmt: skip
    cut = plain[: min(int(len(plain) * part), len(plain) - 2)]
    with pytest.raises(pictures.PictureBroken):
        pictures.cleaned(io.BytesIO(cut), TYPES[kind], io.BytesIO)


@hypothesis(deadline=None, max_examples=100)
@given(
    kind=st.sampled_from(sorted(MAKERS)),
    place=st.floats(0, 0.999),
    noise=st.binary(min_size=1, max_size=40),
)
def test_a_damaged_photo_is_taken_or_refused_but_never_a_crash(kind, place, noise):
    sent = bytearray(MAKERS[kind](6))
    start = int(len(sent) * place)
    sent[start : start + len(noise)] = noise
    with suppress(pictures.PictureBroken, pictures.PictureTooLarge):
        pictures.cleaned(io.BytesIO(bytes(sent)), TYPES[kind], io.BytesIO)


# Sent twice


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_photo_sent_twice_is_kept_once(focal, kind):
    sent = MAKERS[kind](6)
    first = add(focal, f"a.{kind}", sent)
    second = add(focal, f"a.{kind}", sent)
    assert first.redirect_chain == second.redirect_chain
    version, content = only_one()
    add(focal, version.file_name, content)  # as it was downloaded from the portal
    assert len(stored()) == Document.objects.count() == DocumentVersion.objects.count() == 1


def test_the_same_file_with_other_words_is_another_document(focal):
    add(focal, "a.pdf", make.pdf_bytes())
    add(focal, "a.pdf", make.pdf_bytes(), official_number="12/KH")
    assert Document.objects.count() == 2


def test_the_newest_version_sent_again_is_kept_once(focal):
    add(focal, "a.jpg", photos.jpeg(6))
    page = reverse("schools:version_add", args=[Document.objects.get().pk])
    for content in (photos.jpeg(6), make.pdf_bytes(), make.pdf_bytes(), photos.jpeg(6)):
        name = "a.pdf" if content.startswith(b"%PDF") else "a.jpg"
        focal.post(page, {"file": files.upload(name, content)})
    found = DocumentVersion.objects.order_by("number").values_list("number", "file_name")
    assert list(found) == [(1, "a.jpg"), (2, "a.pdf"), (3, "a.jpg")]
