"""The whole table of the walk."""

from tests.walk_figures import FIGURES
from tests.walk_plans import ALL
from tests.walk_reports import REPORTS
from tests.walk_table import LAST, TABLE, Page

EXPECTED: dict[str, Page] = TABLE | ALL | FIGURES | REPORTS | LAST
