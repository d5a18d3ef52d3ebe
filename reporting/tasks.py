"""Jobs of reporting. Running one twice is harmless: the claim lets in just one worker."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from edudx.lib import caller
from edudx.lib.workflow import StepRefused
from reporting.actions import exports, requests, rounds
from reporting.documents.pdf import PdfUnavailable
from reporting.files import catalogue
from reporting.models import Export
from reporting.models.export_filters import FiltersUnreadable

log = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=20)  # how long a queued job may wait before it is sent again


@shared_task
def run_export(pk: int) -> str:
    """Claim the job and build its file; says what became of it."""
    export = Export.objects.claim(pk)
    if export is None:
        return "taken"
    try:
        exports.build(export, catalogue.write)
    except (exports.LostLease, Export.DoesNotExist):
        return "lost"
    except (PdfUnavailable, StepRefused) as fault:  # a sentence for the person
        exports.fail(export, str(fault))
        return "failed"
    except FiltersUnreadable as fault:
        log.error("Export %s: %s", pk, fault)
        exports.fail(export, str(fault))
        return "failed"
    except Exception:  # whatever it was: a clear end for the person, the cause in the log
        log.exception("Export %s failed", pk)
        said = f"Có lỗi khi lập tệp; lỗi đã được ghi lại, mã số {caller.number()}. Hãy yêu cầu lại."
        exports.fail(export, said)
        return "failed"
    return "done"


@shared_task
def sweep() -> int:
    """Send again what waits too long or whose worker died; end what has died too often."""
    exports.give_up_exhausted()
    stale = Export.objects.claimable().filter(requested_at__lt=timezone.now() - PATIENCE)
    ids = list(stale.values_list("pk", flat=True)[:100])
    for pk in ids:
        run_export.delay(pk)
    return len(ids)


@shared_task
def give_missing() -> int:
    """Sheets and reports for units that were given their task later; how many."""
    return requests.give_missing_sheets() + rounds.give_missing_reports()


def enqueue(export: Export) -> None:
    """After the commit; a broker that is down costs nothing, the sweep sends it later."""

    def send() -> None:
        try:
            run_export.delay(export.pk)
        except (OperationalError, OSError):
            log.warning("The broker is away; export %s waits for the sweep", export.pk)

    transaction.on_commit(send)
