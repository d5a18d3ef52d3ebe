"""Several people in the same instant, on a database that really lets them: PostgreSQL."""

import threading

import pytest
from django.db import connection

RACES = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
    ),
]
TIMES = 8


def together(*deeds) -> list:
    """Each in a thread of its own, begun at one sign; what each gave or raised."""
    sign, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed) -> None:
        try:
            sign.wait(10)
            found[place] = deed()
        except Exception as fault:
            found[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return found
