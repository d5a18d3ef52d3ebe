from django.apps import AppConfig

from edudx.lib import frozen

PUBLISHED = "Biểu mẫu đã ban hành không thể sửa"
OF_A_PUBLISHED_FORM = (
    "EXISTS (SELECT 1 FROM reporting_dataform f WHERE f.id = {row}.form_id AND f.state <> 'draft')"
)
ASKED_ALREADY = (
    "EXISTS (SELECT 1 FROM reporting_datafield l JOIN reporting_dataform f ON f.id = l.form_id "
    "WHERE l.item_id = OLD.id AND f.state <> 'draft')"
)
HOLDS_THE_FIGURE = """
EXISTS (
  SELECT 1 FROM plans_targetactual a
  JOIN plans_target t ON t.id = a.target_id
  LEFT JOIN reporting_datavalue v ON v.version_id = NEW.sheet_version_id AND v.key = t.item
  WHERE a.id = NEW.actual_id AND a.version = NEW.figure_version
    AND (NEW.closing_id IS NOT NULL OR v.number = a.numerator
      AND (v.whole = a.denominator OR v.whole IS NULL AND a.denominator IS NULL))
)"""  # what a closing holds is JSON: its verb takes the value from there
FROZEN = (
    frozen.Frozen(
        "frozen_form", "reporting_dataform",
        ("code", "version", "title", "source", "rules", "owner_id", "published_by_id",
         "published_at"),
        PUBLISHED, when="OLD.state <> 'draft'",
    ),
    frozen.Frozen(
        "frozen_form_state", "reporting_dataform", ("state",), PUBLISHED,
        when="OLD.state = 'retired' OR OLD.state = 'published' AND NEW.state = 'draft'",
    ),
    frozen.Frozen(
        "frozen_field", "reporting_datafield",
        ("form_id", "item_id", "section", "position", "is_required", "help", "types",
         "change_limit", "is_compared"),
        PUBLISHED, when=OF_A_PUBLISHED_FORM.format(row="OLD"),
    ),
    frozen.Frozen(
        "frozen_field_new", "reporting_datafield", (), PUBLISHED,
        when=OF_A_PUBLISHED_FORM.format(row="NEW"),
    ),
    frozen.Frozen(
        "frozen_item", "reporting_dataitem",
        ("code", "kind", "roll_up", "part_label", "whole_label", "choices", "rows", "columns"),
        "Số liệu đã dùng trong biểu mẫu đã ban hành không đổi được cách hiểu",
        when=ASKED_ALREADY,
    ),
    frozen.Frozen(
        "frozen_sheet_version", "reporting_sheetversion",
        ("sheet_id", "number", "reason", "notes", "by_id", "at"),
        "Số liệu đã nộp không thể sửa; hãy điều chỉnh bằng lần nộp mới",
    ),
    frozen.Frozen(
        "frozen_value", "reporting_datavalue",
        ("version_id", "item_id", "key", "number", "whole", "text"),
        "Số liệu đã nộp không thể sửa; hãy điều chỉnh bằng lần nộp mới",
    ),
    frozen.Frozen(
        "frozen_value_new", "reporting_datavalue", (),
        "Số liệu đã nộp không thể sửa; hãy điều chỉnh bằng lần nộp mới",
        when="EXISTS (SELECT 1 FROM reporting_datasheet s WHERE s.current_id = NEW.version_id)",
    ),
    frozen.Frozen(
        "frozen_closing", "reporting_closing",
        ("request_id", "office_id", "number", "versions", "totals", "sha256", "reason",
         "prepared_by_id", "prepared_at"),
        "Số liệu đã chốt không thể sửa",
    ),
    frozen.Frozen(
        "frozen_closing_approval", "reporting_closing", ("approved_by_id", "approved_at"),
        "Số liệu đã chốt không thể sửa", when="OLD.approved_at IS NOT NULL",
    ),
    frozen.Frozen(
        "frozen_figure_source", "reporting_figuresource",
        ("actual_id", "figure_version", "sheet_version_id", "closing_id"),
        "Nguồn của một lần ghi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_figure_source_new", "reporting_figuresource", (),
        "Lần nộp không có số này",
        when=f"NOT {HOLDS_THE_FIGURE}",
    ),
    frozen.Frozen(
        "frozen_report_version", "reporting_reportversion",
        ("report_id", "number", "paper", "sources", "texts", "sha256", "by_id", "at"),
        "Báo cáo đã nộp không thể sửa; nộp lại là một lần mới",
    ),
    frozen.Frozen(
        "frozen_entry_exception", "reporting_entryexception",
        ("sheet_id", "until", "reason", "by_id", "at"),
        "Lần cho nhập đã ghi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_word_frame", "reporting_wordtemplate",
        ("department_id", "form", "number", "file", "sha256", "by_id", "at"),
        "Phiên bản mẫu Word không thể ghi đè",
    ),
)  # fmt: skip


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Số liệu, báo cáo"

    def ready(self) -> None:
        from reporting import models, notifications, page_parts

        notifications.fill()
        page_parts.fill()
        frozen.install(self, FROZEN)
        frozen.never_deleted(self, frozen.histories_of(self))
        frozen.never_deleted(
            self,
            (
                models.SheetVersion,
                models.DataValue,
                models.EntryException,
                models.Closing,
                models.DataSheet,
                models.DataRequest,
                models.FigureSource,
                models.ReportRound,
                models.PeriodicReport,
                models.ReportVersion,
                models.WordFrame,
            ),
        )
        frozen.never_deleted(
            self,
            (models.DataForm,),
            allowed=lambda one: one.is_draft,
            when="OLD.state <> 'draft'",
        )
        frozen.never_deleted(
            self,
            (models.DataField,),
            allowed=lambda one: one.form.is_draft,
            when=OF_A_PUBLISHED_FORM.format(row="OLD"),
        )
