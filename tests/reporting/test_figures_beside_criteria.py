"""A figure that was handed in stands beside the criterion it speaks about."""

import re
from decimal import Decimal
from html import unescape

from django.utils import timezone

from tests import figure_world, make
from tests.assessments.browse import text


def test_a_criterion_shows_the_figure_the_school_has_handed_in(cast, file_, sign_in):
    criterion = file_.leaves()[0]
    name = f"{file_.indicator_set.code}:{criterion.code}"
    text_ = figure_world.FORM.replace(
        "whole: Tổng số giáo viên", f'whole: Tổng số giáo viên, criteria: ["{name}"]'
    )
    request = figure_world.ask(cast, figure_world.form(cast.officer, text_))
    client = sign_in(cast.focal)
    assert "Số liệu đã nộp" not in text(client.get(file_.get_absolute_url()))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    figure_world.hand_in(
        request, cast.sibling, cast.sibling_focal, figure_world.numbers(100, 7, 50)
    )
    page = text(client.get(file_.get_absolute_url()))
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert (
        f"Số liệu đã nộp: Giáo viên có chữ ký số: 45 / 50 (90%) (Số liệu đầu năm, {today})" in page
    )
    assert "7 / 50" not in page
    assert "Số liệu đã nộp" in text(sign_in(cast.specialist).get(file_.get_absolute_url()))


def test_a_figure_is_put_into_the_answer_with_its_source(cast, file_, sign_in):
    """By one click; afterwards it is not offered again."""
    name = f"{file_.indicator_set.code}:1.3"
    text_ = figure_world.FORM.replace(
        "whole: Tổng số giáo viên", f'whole: Tổng số giáo viên, criteria: ["{name}"]'
    )
    make.answer(file_, "1.3", cast.focal, entered_points=Decimal(1), note="Đã rà soát")
    request = figure_world.ask(cast, figure_world.form(cast.officer, text_))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    client = sign_in(cast.focal)
    page = client.get(file_.get_absolute_url()).content.decode()
    (form,) = [one for one in page.split("<form")[1:] if "Lấy số này" in one.split("</form>")[0]]
    form = form.split("</form>")[0]
    inputs = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    client.post(
        re.search(r'action="([^"]+)"', form)[1], {k: unescape(v) for k, v in inputs.items()}
    )
    kept = file_.answers.get(criterion__code="1.3")
    assert (kept.numerator, kept.denominator) == (45, 50)
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert kept.note == f"Đã rà soát\nSố liệu: Số liệu đầu năm, {today}"
    assert "Lấy số này" not in text(client.get(file_.get_absolute_url()))
