"""A real worker writes one line a job, under the number of the request that asked for it."""

import re

import pytest

from tests.services.portal import Portal, wait_for

ASK = """
import django
django.setup()
from edudx.lib.caller import Caller, current
from reporting.tasks import run_export
current.set(Caller("request-0123"))
print(run_export.delay(0).id)
"""


@pytest.mark.xdist_group("job-lines")
def test_a_job_goes_by_the_number_of_the_request_that_asked_for_it(tmp_path):
    portal = Portal(tmp_path, LOG_LEVEL="INFO")
    portal.run("manage.py", "migrate", "--verbosity", "0")
    job = portal.run("-c", ASK).strip()
    asked = (
        rf" INFO request=request-0123 user=- edudx.job: reporting.tasks.run_export {job} SUCCESS"
    )
    timed = r" INFO request=(\S+) user=- edudx.job: schools.tasks.tell \1 SUCCESS \d+ ms"
    with portal.worker():
        for line in (asked, timed):
            wait_for(lambda line=line: re.search(line, portal.log()), 60, line)
    assert portal.log().count(job) == 1  # Celery adds none of its own
