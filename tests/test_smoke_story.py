"""The main job through the actions, start to end."""

from assessments.actions import publication
from assessments.models import Certificate
from tests import make


def test_a_school_is_certified_and_published(cast, campaign, file_):
    file_ = make.submit(file_, cast.focal, cast.head)
    file_ = make.review(file_, cast.specialist)
    make.certify(file_, campaign, cast.office_head)
    publication.publish(campaign, by=cast.officer)
    certificate = Certificate.objects.public().get()
    assert certificate.is_intact()
    assert [(line.points, line.level) for line in certificate.lines.all()] == [(86, 3), (70, 2)]
