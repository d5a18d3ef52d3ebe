"""What every list does alike: pages of fifty, and the order that a head of the table asks for."""

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

PAGE = 50


def page_of(found: QuerySet, request, columns: dict[str, str]) -> Page:
    """The asked page (`?trang=`), ordered by one of `columns` (`?xep=ten`, `?xep=-ten`).

    Without a known order the query keeps its own. Rows without a value come last either way.
    """
    asked = request.GET.get("xep", "")
    field = columns.get(asked.removeprefix("-"))
    if field:
        by = F(field).desc(nulls_last=True) if asked[0] == "-" else F(field).asc(nulls_last=True)
        found = found.order_by(by, "pk")
    return Paginator(found, PAGE).get_page(request.GET.get("trang"))
