"""How the names of the files that are made here begin: one list, so that no two are alike."""

from enum import StrEnum, unique


@unique
class Stem(StrEnum):
    """Filled in with the nouns the file is about; who sends it adds unit, moment, ending."""

    # built at a time
    CONSOLIDATED = "tong-hop-{campaign.code}"
    PLAN_BOARD = "bang-theo-doi-{plan.pk}"
    PLAN_PROGRESS = "tien-do-{plan.pk}"
    ROAD_MAP = "lo-trinh-{plan.pk}"
    PLAN = "ke-hoach-{plan.pk}"
    MONTH = "lich-{first:%Y-%m}"
    FIGURES = "so-lieu-{request.form.code}-{request.period}"
    FIGURES_BY_OFFICE = "so-lieu-{request.form.code}-{request.period}-theo-phong"
    HALF_YEAR_REPORT = "bao-cao-so-ket-{round.period}"
    YEAR_REPORT = "bao-cao-tong-ket-{round.period}"
    LETTER = "don-doc-{task.pk}"
    EVIDENCE = "danh-muc-minh-chung-{campaign.code}"
    # made inside a request
    FOCAL_POINTS = "quyet-dinh-phan-cong-dau-moi"
    DECISION = "quyet-dinh-{decision.number}-{decision.signed_on:%Y}"
    INDICATOR_SET = "bo-chi-so-{set.code}-{set.version}"
    DATA_FORM = "bieu-mau-{form.code}-{form.version}"
    SHEET = "so-lieu-{sheet.pk}"
    SHEETS = "so-lieu-{title}"

    def of(self, **nouns: object) -> str:
        return self.format(**nouns)
