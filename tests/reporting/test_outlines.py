"""The outline of a report: what nobody could fulfil, what is filled in."""

import pytest

from reporting import outline
from reporting.documents import paper
from reporting.files import report_paper
from tests import report_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    return report_world.ask(cast)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("? Nêu chung\n# I. A", "Dòng 1: điều đơn vị phải viết (?) phải đứng dưới một đề mục."),
        ("# I. A\n[Chi-Tieu]", "Dòng 2: không có bảng «[Chi-Tieu]»"),
        ("# I. A\nSố }{ sai", "Dòng 2: dấu «{» và «}» không đi thành cặp."),
        ("# I. A {la}", "Dòng 1: không có số liệu hay ô nào mang mã «la»."),
    ],
)
def test_an_outline_that_nobody_could_fulfil_is_refused(text, sentence):
    assert any(one.startswith(sentence) for one in outline.faults_of(text, ()))


def test_figures_stand_in_headings_and_signs_stay(cast, round_):
    assert report_paper.filled("I. Kết quả {ky}", {"ky": "năm học 2026-2027"}).endswith("2026-2027")
    words = paper.own_words("+5% so với năm trước\n-3 trường\n- Ý một\n-\n• Ý hai")
    assert [(one.look, one.text) for one in words] == [
        ("body", "+5% so với năm trước"), ("body", "-3 trường"), ("item", "Ý một"),
        ("item", "Ý hai"),
    ]  # fmt: skip
