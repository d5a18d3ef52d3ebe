"""Which of their posts a person acts in now, and the frame of every page that shows it."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from edudx.lib import caller
from edudx.lib.autosave import wants_json
from schools.models import Message
from schools.models.messages import FROM_LETTER
from schools.permissions import Permission

SESSION_KEY = "hat"
WORN = "worn"  # in every form: «person-post», as whom and under which hat it was shown
UNDER_ANY = ("schools:hat_choose", "schools:logout")


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
            note_worn(user)
        response = self.get_response(request)
        is_missed = response.status_code == 404 and request.method == "GET"
        if is_missed and FROM_LETTER in request.GET and user.is_authenticated:
            response = self._put_on_another(request) or response
        if user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request, view, args, kwargs):
        """A form is taken under the hat it was shown with, whatever another tab has put on since;
        one of another person, or of a post that has ended, is refused and nothing is written.
        """
        is_form = request.method == "POST" and request.user.is_authenticated
        worn = request.POST.get(WORN, "") if is_form else ""
        if not worn or request.resolver_match.view_name in UNDER_ANY:
            return None
        person, _, post = worn.partition("-")
        if person != str(request.user.pk):
            return refused(request, OTHER_PERSON)
        hats = {str(one.pk): one for one in request.user.active_memberships}
        if post != "0" and post not in hats:
            return refused(request, ENDED)
        if post in hats and hats[post] != request.user.hat:
            self._wear(request, hats[post])
        return None

    @staticmethod
    def _wear(request, hat) -> None:
        """What follows is shown under that hat, too; a form that saves itself turns no page."""
        request.user.hat = hat
        note_worn(request.user)
        if not wants_json(request):
            request.session[SESSION_KEY] = hat.pk
            messages.success(
                request, f"Trang vừa gửi thuộc vai trò {hat}; bạn đang dùng vai trò đó."
            )

    def _put_on_another(self, request):
        """A letter may speak of another of the person's posts: following its link puts that hat on,
        and the page says so. Any other address opens under the hat that is on, or not at all.
        """
        worn = request.user.hat
        for hat in request.user.active_memberships:
            request.user.hat = hat
            note_worn(request.user)
            if hat != worn and self.get_response(request).status_code == 200:
                request.session[SESSION_KEY] = hat.pk
                messages.success(
                    request, f"Thư này gửi cho vai trò {hat}; bạn đang dùng vai trò đó."
                )
                rest = request.GET.copy()
                del rest[FROM_LETTER]
                return redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
        request.user.hat = worn
        note_worn(request.user)
        return None


OTHER_PERSON = (
    "Trang này được mở bằng một tài khoản khác nên chưa lưu gì. Hãy đăng nhập bằng tài khoản đó "
    "hoặc mở lại trang."
)
ENDED = (
    "Vai trò của trang này không còn hiệu lực nên chưa lưu gì. Hãy đổi vai trò ở góc trên bên phải "
    "rồi mở lại trang."
)


def note_worn(user) -> None:
    """For the forms of the page that is made now."""
    caller.current.get().worn = f"{user.pk}-{user.hat.pk if user.hat else 0}"


def refused(request, sentence: str):
    """409: nothing was written; what was typed stays in the browser."""
    if wants_json(request):
        return JsonResponse({"error": sentence, "kept": True}, status=409)
    return render(request, "other_hat.html", {"sentence": sentence}, status=409)


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
