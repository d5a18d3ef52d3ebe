"""Which of their posts a person acts in now, and the frame of every page that shows it."""

from django.urls import reverse

from schools.models import Message
from schools.permissions import Permission

SESSION_KEY = "hat"


class HatMiddleware:
    """Puts the chosen membership on `request.user.hat`; the first one when none is chosen."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            chosen = request.session.get(SESSION_KEY)
            memberships = user.active_memberships
            user.hat = next((one for one in memberships if one.pk == chosen), None) or next(
                iter(memberships), None
            )
        response = self.get_response(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


PLACES = (  # label, address, permission, what lies under it
    ("Việc cần làm", "home", None, ()),
    ("Kế hoạch", "plans:plans", Permission.PLAN_VIEW, ("/nhiem-vu/",)),
    ("Đánh giá", "assessments:home", Permission.CAMPAIGN_VIEW, ()),
    ("Báo cáo", "reporting:exports", Permission.EXPORT, ()),
    ("Đơn vị", "schools:units", Permission.UNIT_VIEW, ("/tai-lieu/",)),
)


def is_here(path: str, place: str, under: tuple[str, ...]) -> bool:
    return path == place or (place != "/" and path.startswith((place, *under)))


def frame(request) -> dict:
    """The hat, the other hats and the places of the row, for base.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": ()}
    return {
        "hat": user.hat,
        "memberships": user.active_memberships,
        "unread": Message.objects.visible_to(user).unread().count(),
        "places": [
            (label, reverse(name), is_here(request.path, reverse(name), under))
            for label, name, permission, under in PLACES
            if permission is None or user.can(permission)
        ],
    }
