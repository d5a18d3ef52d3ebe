"""An officer imports what offices wrote: invisible letters, old fonts, two facts of one key."""

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from schools.exchange import import_units_people
from schools.models import ImportBatch, OrgUnit, User
from schools.notifications import password_link
from schools.tasks import tell
from tests.schools import files
from tests.schools.files import SCHOOL, TEACHER

UNITS, PEOPLE = ImportBatch.Kind.UNITS, ImportBatch.Kind.PEOPLE
ADDRESS, PASSWORD = "zw.nguoi@truong.example", "cay-da-ben-song"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def imported(client, kind: str, book) -> str:
    """Upload, look, apply; the page in between."""
    file = SimpleUploadedFile("nhap.xlsx", book.getvalue(), XLSX)
    page = client.post(reverse("schools:import_add"), {"kind": kind, "file": file}, follow=True)
    batch = ImportBatch.objects.latest("pk")
    client.post(reverse("schools:import_apply", args=[batch.pk]))
    return page.content.decode()


def test_an_invisible_letter_in_an_address_keeps_nobody_out(cast, sign_in):
    """They choose a password, sign in, ask for a new one, also when such a letter is typed."""
    row = TEACHER | {"email": "Zw\u00ad.nguoi@truong.example\u200b"}
    imported(sign_in(cast.officer), PEOPLE, files.people_workbook(row))
    person = User.objects.get(email=ADDRESS)
    tell()
    assert mail.outbox[-1].to == [ADDRESS]
    client = Client()
    form_url = client.get(password_link(person).removeprefix(settings.SITE_URL)).url
    client.post(form_url, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    for typed in (ADDRESS, f"\u200e{ADDRESS}\ufeff", "zw.nguoi@truong\u2060.example\u00a0"):
        sent = {"username": typed, "password": PASSWORD}
        assert Client().post(reverse("schools:login"), sent).status_code == 302, ascii(typed)
    Client().post(reverse("schools:password_request"), {"email": f"\u3164{ADDRESS}\u2009"})
    tell()
    assert [one.to for one in mail.outbox] == [[ADDRESS], [ADDRESS]]


@pytest.mark.parametrize(
    "typed",
    [
        "0912\u00a0345\u00a0678",
        "0912\u2009345\u202f678",
        "(0912)\u2011345\u2013678",
        "\u202d0912345678\u202c",
        "912345678.0",
        "0912345678,0",
        "+84912345678",
        "84912345678",
        "+84 (0) 912 345 678",
    ],
)
def test_a_telephone_number_is_its_digits(cast, sign_in, typed):
    """In a workbook and on the page of an invitation."""
    imported(sign_in(cast.officer), PEOPLE, files.people_workbook(TEACHER | {"phone": typed}))
    assert User.objects.get(email=TEACHER["email"]).phone == "0912345678"
    sent = {
        "full_name": "Đỗ Văn Cường",
        "email": "cuong@truong.example",
        "phone": typed,
        "role": "focal_point",
    }
    sign_in(cast.head).post(reverse("schools:invite", args=[cast.school.pk]), sent)
    assert User.objects.get(email="cuong@truong.example").phone == "0912345678"


def test_a_letter_that_looks_like_d_is_found_and_sorted_as_d(cast, sign_in):
    """Ð (U+00D0) is not Đ (U+0110), and nobody sees it."""
    client = sign_in(cast.officer)
    names = ("Dân Lập", "\u00d0inh Tiên Hoàng", "\u0110oàn Kết", "Êm Đềm")
    rows = [
        SCHOOL | {"code": f"ETH{n}", "name": f"Trường {one}", "short_name": one}
        for n, one in enumerate(names)
    ]
    imported(client, UNITS, files.units(*rows))
    page = client.get(reverse("schools:units"), {"tim": "dinh tien hoang"})
    assert "Đinh Tiên Hoàng" in page.content.decode()
    kept = OrgUnit.objects.filter(code__startswith="ETH").values_list("short_name", flat=True)
    assert list(kept) == ["Dân Lập", "Đinh Tiên Hoàng", "Đoàn Kết", "Êm Đềm"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tr\xadêng THCS NguyÔn V¨n §øc", "TCVN3 (ABC), có lẽ là «Trường THCS Nguyễn Văn Đức»"),
        ("Tröôøng THCS Nguyeãn Vaên Ñöùc", "VNI, có lẽ là «Trường THCS Nguyễn Văn Đức»"),
        ("TrÆ°á»ng THCS", "giải mã sai"),
        ("Tr??ng THCS", "mất chữ"),
    ],
)
def test_names_in_an_old_font_make_a_warning(cast, sign_in, name, said):
    """With the cell and what it may have said; it is the officer who decides."""
    page = imported(sign_in(cast.officer), UNITS, files.units(SCHOOL | {"name": name}))
    assert "dòng 2: «Tên đầy đủ» có vẻ" in page
    assert said in page
    assert OrgUnit.objects.filter(code=SCHOOL["code"]).exists()
    people = files.people_workbook(TEACHER | {"full_name": name})
    assert said in imported(sign_in(cast.officer), PEOPLE, people)


def test_right_names_make_no_warning(cast):
    names = (
        "Trường PTDTBT TH&THCS Krông Pắc «Ê-đê»",
        "Trường Quốc tế Français",
        "TRƯỜNG TIỂU HỌC XÃ»",
    )
    rows = [SCHOOL | {"code": f"T{n}", "name": one} for n, one in enumerate(names)]
    assert import_units_people.dry_run(UNITS, files.units(*rows), by=cast.officer).warnings == []


def test_the_shell_shows_the_warning(cast, tmp_path, capsys):
    path = tmp_path / "don-vi.xlsx"
    path.write_bytes(files.units(SCHOOL | {"name": "Phßng GD&§T"}).getvalue())
    call_command("import_units", path)
    assert (
        "? Trang «Đơn vị», dòng 2: «Tên đầy đủ» có vẻ viết bằng phông TCVN3"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("change", "heading", "first", "second"),
    [
        ({"full_name": "Tên Khác"}, "Họ và tên", "Lê Thị Bình", "Tên Khác"),
        ({"phone": "0987654321"}, "Điện thoại", "0912345678", "0987654321"),
    ],
)
def test_one_address_with_two_facts_is_said_with_both_rows(cast, change, heading, first, second):
    """Whatever the address looks like in the second row."""
    row = TEACHER | {"phone": "0912 345 678"}
    other = row | {"unit": "0101-002", "email": "BINH@truong.example\u200b"} | change
    run = import_units_people.dry_run(PEOPLE, files.people_workbook(row, other), by=cast.officer)
    assert run.problems == [
        f"Trang «Người dùng», dòng 3: «binh@truong.example» có hai «{heading}» trong tệp: "
        f"«{first}» (dòng 2) và «{second}» (dòng 3)."
    ]


def test_the_same_facts_in_other_letters_are_no_contradiction(cast):
    row = TEACHER | {"phone": "0912345678"}
    other = row | {
        "unit": "0101-002",
        "full_name": "Lê\u00a0 Thị\u200b Bình",
        "phone": "0912.345.678",
    }
    silent = row | {"role": "Lãnh đạo trường", "phone": None}
    run = import_units_people.dry_run(
        PEOPLE, files.people_workbook(row, other, silent), by=cast.officer
    )
    assert run.problems == []


def test_one_code_with_two_facts_is_said_with_both_rows(cast):
    other = SCHOOL | {"name": "Trường khác", "place": "Nơi khác"}
    run = import_units_people.dry_run(UNITS, files.units(SCHOOL, other), by=cast.officer)
    assert run.problems[1:] == [
        "Trang «Đơn vị», dòng 3: «0101-050» có hai «Tên đầy đủ» trong tệp: "
        "«Trường Tiểu học Hòa Nghĩa» (dòng 2) và «Trường khác» (dòng 3).",
        "Trang «Đơn vị», dòng 3: «0101-050» có hai «Địa danh» trong tệp: "
        "«Hòa Nghĩa» (dòng 2) và «Nơi khác» (dòng 3).",
    ]
