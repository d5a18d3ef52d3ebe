"""Which of their posts a person acts in now, and the frame of every page that shows it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from schools.models import Message
from schools.models.messages import FROM_LETTER
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
        is_missed = response.status_code == 404 and request.method == "GET"
        if is_missed and FROM_LETTER in request.GET and user.is_authenticated:
            response = self._put_on_another(request) or response
        if user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def _put_on_another(self, request):
        """A letter may speak of another of the person's posts: following its link puts that hat on,
        and the page says so. Any other address opens under the hat that is on, or not at all.
        """
        worn = request.user.hat
        for hat in request.user.active_memberships:
            request.user.hat = hat
            if hat != worn and self.get_response(request).status_code == 200:
                request.session[SESSION_KEY] = hat.pk
                messages.success(
                    request, f"Thư này gửi cho vai trò {hat}; bạn đang dùng vai trò đó."
                )
                rest = request.GET.copy()
                del rest[FROM_LETTER]
                return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
        request.user.hat = worn
        return None


PLACES = (  # label, address, permission, what lies under it
    ("Việc cần làm", "home", None, ()),
    ("Kế hoạch", "plans:plans", Permission.PLAN_VIEW, ("/nhiem-vu/",)),
    ("Đánh giá", "assessments:home", Permission.CAMPAIGN_VIEW, ()),
    ("Số liệu, báo cáo", "reporting:requests", Permission.DATA_VIEW, ("/bao-cao/",)),
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
        "may_operate": user.can(Permission.OPERATIONS),
        "may_change_frames": user.can(Permission.FRAME_MANAGE),
        "unread": Message.objects.visible_to(user).unread().count(),
        "places": [
            (label, reverse(name), is_here(request.path, reverse(name), under))
            for label, name, permission, under in PLACES
            if permission is None or user.can(permission)
        ],
    }
