"""Sign in, choose a password, change hats."""

import hashlib

from axes.decorators import axes_dispatch
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from schools.actions import people
from schools.forms import ChoosePasswordForm, LinkRequestForm, LoginForm, MessagesForm
from schools.hats import SESSION_KEY
from schools.models.events import record
from schools.models.postings import hold


class Login(auth_views.LoginView):
    """Locked for a quarter of an hour after eight wrong passwords (django-axes)."""

    template_name = "schools/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


login = method_decorator([login_not_required, axes_dispatch], name="dispatch")(Login).as_view()
logout = auth_views.LogoutView.as_view()


class PasswordSet(auth_views.PasswordResetConfirmView):
    """From an invitation or a reset mail; the link works once, for seven days."""

    template_name = "schools/password_set.html"
    form_class = ChoosePasswordForm
    success_url = reverse_lazy("schools:login")

    def form_valid(self, form):
        response = super().form_valid(form)
        record(self.user, "password", f"{self.user} chọn mật khẩu mới", by=self.user)
        return response


password_set = login_not_required(PasswordSet.as_view())


@login_not_required
def password_request(request):
    """One mail to an address in five minutes; the answer, and its time, are the same either way."""
    form = LinkRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        address = hashlib.sha256(email.encode()).hexdigest()
        if cache.add(f"password-link:{address}", True, 300):
            people.ask_password_link(email)
        return redirect("schools:password_sent")
    return render(request, "schools/password_request.html", {"form": form})


@login_not_required
def password_sent(request):
    return render(request, "schools/password_sent.html")


def account(request):
    """Who I am, which posts I hold, how I want to be told."""
    form = MessagesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            hold()
            request.user.save(update_fields=list(form.cleaned_data))
        messages.success(request, "Đã lưu cách nhận tin.")
        return redirect("schools:account")
    return render(request, "schools/account.html", {"form": form})


@require_POST
def hat_choose(request, pk: int):
    """Put on another of one's own hats."""
    if pk not in {membership.pk for membership in request.user.active_memberships}:
        raise Http404
    request.session[SESSION_KEY] = pk
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("home")
    return HttpResponseRedirect(target)
