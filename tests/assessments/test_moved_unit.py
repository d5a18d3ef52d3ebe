"""A school that changes its office in mid-round: nothing is lost, nobody is locked out."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.actions import reviews
from schools.actions import units
from tests import make

from .browse import fresh, url


def move(cast) -> None:
    cast.school.refresh_from_db()
    units.move(cast.school, parent=cast.neighbour, by=cast.officer, reason="Sắp xếp đơn vị")


def opens(client, *addresses: str) -> list[int]:
    return [client.get(address).status_code for address in addresses]


def test_handed_in_before_the_move_the_old_office_goes_on(cast, file_, sign_in):
    version = make.document(cast.school, cast.focal)
    cabinet = reverse("schools:document", args=[version.document_id])
    file_ = make.submit(file_, cast.focal, cast.head)
    move(cast)
    assert fresh(file_).office == cast.office
    assert fresh(file_).unit_path.startswith(cast.office.path)
    own = sign_in(cast.specialist)
    assert opens(own, url("review", file_.pk), cabinet) == [200, 200]
    assert make.review(fresh(file_), cast.specialist).state == "reviewed"


def test_what_comes_after_the_move_is_not_for_the_old_office(cast, sign_in):
    early = make.document(cast.school, cast.focal, title="Trước")
    move(cast)
    cast.focal.__dict__.pop("active_memberships", None)
    late = make.document(type(cast.school).objects.get(pk=cast.school.pk), cast.focal, title="Sau")
    client = sign_in(cast.specialist)
    places = [reverse("schools:document", args=[one.document_id]) for one in (early, late)]
    assert opens(client, *places) == [200, 404]
    assert opens(sign_in(cast.stranger_specialist), *places) == [200, 200]


def test_handed_in_after_the_move_the_new_office_reviews(cast, file_, sign_in):
    move(cast)
    file_ = make.submit(fresh(file_), cast.focal, cast.head)
    assert file_.office == cast.neighbour
    assert file_.unit_path.startswith(cast.neighbour.path)
    assert opens(sign_in(cast.stranger_specialist), url("review", file_.pk)) == [200]
    with pytest.raises(PermissionDenied):
        reviews.accept_rest(file_, by=cast.specialist)
