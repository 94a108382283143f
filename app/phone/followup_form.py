"""The follow-ups' form for the shell: the one of the server's page, with nothing in it."""

from __future__ import annotations

from app.followups.forms import FollowupForm, step_choices
from app.phone.blueprint import bp
from app.rounds.programme import load_programme
from app.web.locale import page_locale


@bp.app_template_global()
def blank_followup_form() -> FollowupForm:
    """The boxes and what can be chosen; the visit and the day are the phone's to fill in."""
    programme = load_programme()
    form = FollowupForm(formdata=None, data={"followed_on": None}, meta={"csrf": False})
    form.offer(programme, page_locale(), steps=step_choices(programme.followup_months))
    form.followed_on.data = None
    return form
