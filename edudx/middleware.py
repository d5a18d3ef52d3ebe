"""What no person types: a NUL character in an address or a field."""

from urllib.parse import unquote

from django.core.exceptions import BadRequest


class RefuseNulMiddleware:
    """PostgreSQL cannot store NUL; SQLite can be misled by it. Answer 400 before any view runs."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        address = unquote(request.get_full_path())
        if "\0" in address or self._in_fields(request):
            raise BadRequest("NUL character")

    @staticmethod
    def _in_fields(request) -> bool:
        return any("\0" in text for texts in request.POST.lists() for text in texts[1])
