"""The demo province: a Sở, its offices, their schools, and the people in them."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from edudx.demo import names
from schools.models import Membership, OrgUnit, User
from schools.permissions import Role

PUBLIC, PRIVATE = OrgUnit.Ownership.PUBLIC, OrgUnit.Ownership.PRIVATE

WORKERS = {
    OrgUnit.Kind.DEPARTMENT: Role.DEPARTMENT_OFFICER,
    OrgUnit.Kind.OFFICE: Role.SPECIALIST,
    OrgUnit.Kind.SCHOOL: Role.FOCAL_POINT,
}
HEADS = {
    OrgUnit.Kind.DEPARTMENT: Role.DEPARTMENT_HEAD,
    OrgUnit.Kind.OFFICE: Role.OFFICE_HEAD,
    OrgUnit.Kind.SCHOOL: Role.HEAD,
}
PASSWORD = "edudx-demo"  # noqa: S105 printed by seed_demo; seed_demo runs on an empty database only
OFFICES = (
    ("Dương Kinh", "quận Dương Kinh", "UBND quận Dương Kinh"),
    ("Long Biên", "quận Long Biên", "UBND quận Long Biên"),
    ("Vinh", "thành phố Vinh", "UBND thành phố Vinh"),
)
TYPES = ("MN", "TH", "THCS", "MN", "TH", "THCS", "MN", "TH_THCS")
DIRECT = ("THPT", "THPT", "THCS_THPT", "THPT", "TH_THCS_THPT", "GDTX", "GDNN_GDTX")
DOMAIN = "edudx.example"


@dataclass
class Province:
    """What was made, for the story to use; `people` by (unit pk, role)."""

    department: OrgUnit
    offices: list[OrgUnit] = field(default_factory=list)
    schools: list[OrgUnit] = field(default_factory=list)
    people: dict[tuple[int, str], User] = field(default_factory=dict)

    @property
    def units(self) -> list[OrgUnit]:
        return [self.department, *self.offices, *self.schools]

    def worker(self, unit: OrgUnit) -> User:
        """Who does the unit's work: writes, hands in, and reads what is handed in to it."""
        return self.people[unit.pk, WORKERS[unit.kind]]

    def head(self, unit: OrgUnit) -> User:
        return self.people[unit.pk, HEADS[unit.kind]]


def plant(random: Random, *, offices: int, schools: int) -> Province:
    """Make the units and the people."""
    department = OrgUnit.objects.create(
        code="31",
        kind=OrgUnit.Kind.DEPARTMENT,
        name="Sở Giáo dục và Đào tạo Hải Phòng",
        short_name="Sở GDĐT Hải Phòng",
        superior_name="UBND thành phố Hải Phòng",
        abbreviation="SGDĐT",
        place="Hải Phòng",
    )
    province = Province(department)
    province.offices = [_office(department, place) for place in range(offices)]
    province.schools = _schools(random, province, schools)
    _people(random, province)
    return province


def _office(department: OrgUnit, place: int) -> OrgUnit:
    """The offices of the seeds, then one commune office of 1/7/2025, then wards with numbers."""
    if place < len(OFFICES):
        short, long, superior = OFFICES[place]
        return OrgUnit.objects.create(
            code=f"31{place + 1:02d}",
            kind=OrgUnit.Kind.OFFICE,
            parent=department,
            name=f"Phòng Giáo dục và Đào tạo {long}",
            short_name=f"Phòng GDĐT {short}",
            superior_name=superior,
            abbreviation="PGDĐT",
            place=short,
        )
    name = "Hưng Đạo" if place == len(OFFICES) else f"{names.PLACES[place % 30]} {place // 30 + 1}"
    return OrgUnit.objects.create(
        code=f"31{place + 1:02d}",
        kind=OrgUnit.Kind.OFFICE,
        parent=department,
        name=f"Phòng Văn hóa - Xã hội phường {name}",
        short_name=f"Phòng VH-XH {name}",
        superior_name=f"UBND phường {name}",
        abbreviation="VHXH",
        place=name,
        valid_from=date(2025, 7, 1),
    )


def _schools(random: Random, province: Province, count: int) -> list[OrgUnit]:
    """Every type: the last tenth directly under the Sở, the rest round the offices."""
    direct = max(min(7, count), count // 10) if count > 7 else 0
    taken = {"TH&THCS Tân Thành"}
    units = []
    for place in range(count):
        if place >= count - direct:
            parent, school_type = (
                province.department,
                DIRECT[(place - count + direct) % len(DIRECT)],
            )
        else:
            parent = province.offices[place % len(province.offices)]
            school_type = TYPES[(place // len(province.offices)) % len(TYPES)]
        if place == 0:
            short, where, school_type = "TH&THCS Tân Thành", "Tân Thành", "TH_THCS"
        else:
            short, where = names.school(random, school_type, taken)
        units.append(_school(random, parent, school_type, short, where, place))
    return OrgUnit.objects.bulk_create(units, batch_size=500)


def _school(random, parent, school_type: str, short: str, place: str, number: int) -> OrgUnit:
    label = OrgUnit.SchoolType(school_type).label
    title = short.removeprefix(f"{names.SHORT[school_type]} ")
    kind = "Trung tâm" if school_type.startswith("GD") else "Trường"
    unit = OrgUnit(
        code=f"{parent.code}-{number + 1:04d}",
        kind=OrgUnit.Kind.SCHOOL,
        school_type=school_type,
        ownership=PRIVATE if random.random() < 0.12 else PUBLIC,
        parent=parent,
        name=f"{kind} {label} {title}",
        short_name=short,
        superior_name=parent.name,
        abbreviation="".join(word[0] for word in title.split() if word[0].isalpha()).upper(),
        place=place,
        valid_from=date(2025, 7, 1) if parent.valid_from.year == 2025 else date(2000, 1, 1),
    )
    unit.derive()  # bulk_create calls no save()
    return unit


def _people(random: Random, province: Province) -> None:
    """A head and a focal point per school, three people per office and at the Sở."""
    hashed = make_password(PASSWORD)
    posts = [
        (province.department, Role.DEPARTMENT_OFFICER, "Chuyên viên", "so"),
        (province.department, Role.DEPARTMENT_HEAD, "Giám đốc", "giam-doc"),
        (province.department, Role.ADMINISTRATOR, "Quản trị viên", "quan-tri"),
        (province.department, Role.AUDITOR, "Thanh tra viên", "thanh-tra"),
    ]
    for place, office in enumerate(province.offices):
        tail = "" if place == 0 else f".{office.code}"
        posts += [
            (office, Role.SPECIALIST, "Chuyên viên", f"chuyen-vien{tail}"),
            (office, Role.OFFICE_HEAD, "Trưởng phòng", f"truong-phong{tail}"),
        ]
    for place, school in enumerate(province.schools):
        tail = "" if place == 0 else f".{school.code}"
        posts += [
            (school, Role.FOCAL_POINT, "Giáo viên Tin học", f"dau-moi{tail}"),
            (school, Role.HEAD, "Hiệu trưởng", f"hieu-truong{tail}"),
        ]
    people = []
    for _, _, _, mailbox in posts:
        user = User(email=f"{mailbox}@{DOMAIN}".lower(), full_name=names.person(random))
        user.password = hashed
        user.derive()
        people.append(user)
    people = User.objects.bulk_create(people, batch_size=500)
    Membership.objects.bulk_create(
        (
            Membership(user=user, unit=unit, role=role, post=post, valid_from=date(2024, 8, 1))
            for user, (unit, role, post, _) in zip(people, posts, strict=True)
        ),
        batch_size=1000,
    )
    for user, (unit, role, _, _) in zip(people, posts, strict=True):
        province.people[unit.pk, role] = user
