"""Words of the screens beside the visitor book: follow-ups, centres, rounds, phone, signing in.

As `words.py`, which puts both together.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.rounds.programme import load_programme
from app.web.locale import page_locale

SCREEN_WORDS: dict[str, LazyString] = {
    "and": _l(" and "),
    "not_given": _l("Not given"),
    "n_of_total": _l("%(n)s of %(total)s people"),
    "amount.baht": _l("%(amount)s baht"),
    "quarter": _l("Quarter %(number)s, fiscal year %(year)s"),
    # --- follow-ups --------------------------------------------------------------------------
    "followups.counts": _l("%(late)s overdue · %(coming)s coming"),
    "followups.not_told": _l("This is filled in when the phone has had a signal once."),
    "followups.no_phone": _l("No phone given"),
    "due.today": _l("Today"),
    "due.in.one": _l("in 1 day"),
    "due.in.many": _l("in %(num)s days"),
    "due.late.one": _l("1 day overdue"),
    "due.late.many": _l("%(num)s days overdue"),
    "due.since": _l("Overdue since %(day)s"),
    "followup.correct": _l("Correct the follow-up"),
    "followup.unknown_visit": _l("This visit is not on this phone. Choose one from the list."),
    "followup.gone": _l("This follow-up is not on this phone"),
    "followup.discard": _l(
        "Throw this follow-up away? It was not sent yet, so nobody else has it."
    ),
    "followup.strike": _l("Strike this follow-up out? It will no longer count."),
    "followup.visit_date": _l("Visited on"),
    "followup.method": _l("How"),
    "followup.used": _l("In use?"),
    "followup.n_followed": _l("Answered for"),
    "followup.n_used": _l("Of these, using it"),
    "followup.reason": _l("Why not yet?"),
    "followup.topics": _l("What do they use?"),
    "followup.outcomes": _l("What came of it?"),
    "followup.baht_saved_month": _l("Saved a month"),
    "followup.baht_earned_month": _l("Earned a month"),
    "followup.plot_rai": _l("On how many rai"),
    "followup.passed_on_to": _l("Passed on to how many people"),
    "followup.next_step": _l("What next?"),
    "followup.next_due_on": _l("Follow up again on"),
    # --- centres -----------------------------------------------------------------------------
    "centres.count.one": _l("1 centre"),
    "centres.count.many": _l("%(num)s centres"),
    "centres.not_told": _l("This is filled in when the phone has had a signal once."),
    "centre.away": _l("%(distance)s from here"),
    "centre.no_photos_here": _l("No photos of it on this phone."),
    "centre.unknown": _l("This centre is not on this phone"),
    "centre.unknown.text": _l("It lies outside your area, or the phone has not heard of it yet."),
    "here.denied": _l("This phone does not tell its place. Allow it in the browser's settings."),
    "here.unavailable": _l("No place found. Try again under the open sky."),
    "distance.m": _l("%(metres)s m"),
    "distance.km": _l("%(kilometres)s km"),
    # --- rounds ------------------------------------------------------------------------------
    "rounds.opens": _l("Opens %(day)s"),
    "rounds.level.centre": _l("each centre"),
    "rounds.level.district": _l("the district"),
    "rounds.here.one": _l("and 1 visit on this phone, not received yet"),
    "rounds.here.many": _l("and %(num)s visits on this phone, not received yet"),
    # --- signing in --------------------------------------------------------------------------
    "enrol.busy": _l("Signing in, and fetching your centres …"),
    "enrol.code_shape": _l("A code has eight letters and digits, such as 7K3Q-9XWD."),
    "enrol.offline": _l("There is no network here. Signing in needs one, once. Nothing is lost."),
    "enrol.portal": _l(
        "This Wi-Fi wants you to log in first. Open any page in the browser, log in there, "
        "then try again."
    ),
    "enrol.server": _l("The office cannot answer right now. Try again in a minute."),
    "enrol.scan.denied": _l(
        "The browser may not use the camera. Type the code instead, or allow the camera in the "
        "browser's settings."
    ),
    "enrol.scan.none": _l(
        "No camera was found, or another app is using it. Type the code instead."
    ),
    "enrol.scan.later": _l(
        "Reading squares needs a network the first time. Type the code instead."
    ),
    "enrol.scan.other": _l(
        "This square is not a code of Lakthan. Look for the one from the office."
    ),
    "enrol.signed_in": _l("%(name)s is signed in on this phone"),
    "enrol.mine.one": _l("1 entry waits here and is sent once you have signed in again."),
    "enrol.mine.many": _l("%(num)s entries wait here and are sent once you have signed in again."),
    "enrol.other_person": _l(
        "Somebody else may sign in below. They see nothing of what was written here before."
    ),
    "enrol.let_go": _l("Signed out by the office"),
    "enrol.asleep.text": _l(
        "They are locked and stay on this phone. Whoever wrote them signs in, and they are sent."
    ),
    "enrol.rescue": _l("Make a rescue file of them"),
    "enrol.done": _l("%(name)s, this phone is ready"),
    "enrol.now_sent": _l("What waited on this phone is being sent now."),
    "enrol.not_pulled": _l("Your centres could not be fetched yet"),
    "enrol.not_pulled.text": _l("Keep Lakthan open with a signal for a minute before you go out."),
    "enrol.records.one": _l("1 record"),
    "enrol.records.many": _l("%(num)s records"),
    "enrol.photos.one": _l("1 photo"),
    "enrol.photos.many": _l("%(num)s photos"),
    "enrol.earlier": _l("Your phone “%(label)s” had %(what)s that never arrived"),
    "enrol.earlier.heard": _l("Last heard from %(when)s. Is it still in use?"),
    "enrol.earlier.other": _l(
        "Good. Open Lakthan on that phone where there is a signal: then they are sent."
    ),
    "enrol.earlier.lost": _l(
        "The office knows now that they are gone. Write them again if you can."
    ),
    "enrol.lost.sure": _l("Tell the office that %(what)s are gone for good?"),
    "enrol.lost.details": _l("Only if it was this very phone and its storage was emptied."),
    "enrol.lost.yes": _l("Yes, they are gone"),
    # --- this phone --------------------------------------------------------------------------
    "device.label": _l("Name at the office"),
    "device.persisted": _l("What is kept here is safe from clearing up"),
    "device.persisted.text": _l("The browser promised not to clear it when the phone runs full."),
    "device.not_persisted": _l("The browser may clear what is kept here"),
    "device.not_persisted.text": _l(
        "When the phone runs full, or after weeks without use. Install Lakthan, and send what "
        "waits often."
    ),
    "device.not_persisted.installed": _l(
        "It has not promised to keep it yet. It often does after a few days of use: ask again then."
    ),
    "device.persist.yes": _l("The browser promised to keep everything"),
    "device.persist.no": _l("The browser did not promise it. Ask again after some days of use."),
    "device.persist.unknown": _l("This browser cannot be asked"),
    "device.receipts.none": _l("No receipts on this phone yet."),
    "device.receipts.all.one": _l("1 receipt is here, with the office's signature checked."),
    "device.receipts.all.many": _l(
        "%(num)s receipts are here, each with the office's signature checked."
    ),
    "device.receipts.some": _l(
        "%(right)s of %(total)s receipts carry the office's signature. The others are sent again."
    ),
    "device.receipts.unable": _l(
        "%(right)s of %(total)s receipts were checked by signature. For the others this browser "
        "cannot check signatures; their bytes were compared."
    ),
    "device.saver.on": _l("The large photos wait for Wi-Fi now"),
    "device.saver.off": _l("All photos are sent as soon as there is a signal"),
    "device.version": _l("Version %(version)s"),
    "device.update.unable": _l("This browser keeps no version of its own."),
    "device.update.looking": _l("Looking …"),
    "device.update.newest": _l("This is the newest version."),
    "device.update.coming": _l(
        "A new version is being fetched. It is offered when nothing is being written or sent."
    ),
    "device.unsent_stays.one": _l(
        "1 entry is not received yet. It stays on this phone, locked, until you sign in again."
    ),
    "device.unsent_stays.many": _l(
        "%(num)s entries are not received yet. They stay on this phone, locked, until you sign in "
        "again."
    ),
    "device.nothing_unsent": _l("Everything has been received. Nothing stays behind unsent."),
    "device.sign_out.sure": _l("Sign out on this phone?"),
    "device.sign_out.unsent.one": _l(
        "1 entry has not been received. It stays here, locked; only you can send it, by signing in "
        "again."
    ),
    "device.sign_out.unsent.many": _l(
        "%(num)s entries have not been received. They stay here, locked; only you can send them, "
        "by signing in again."
    ),
    "device.sign_out.nothing": _l("Everything has been received."),
    "device.sign_out.yes": _l("Yes, sign out"),
    "device.sign_out.busy": _l("Signing out …"),
    "role.volunteer": _l("Volunteer or centre steward"),
    "role.officer": _l("District officer"),
    # --- installing --------------------------------------------------------------------------
    "install.why": _l(
        "What you write down lies on this phone until it is sent. A phone that runs full clears "
        "what mere pages keep; what an installed app keeps, it leaves alone much longer."
    ),
    "install.why.iphone": _l(
        "What you write down lies on this phone until it is sent. In the browser, an iPhone may "
        "delete it after 7 days in which you do not open Lakthan; installed, it does not."
    ),
    "install.coming": _l("Lakthan will stand on the first screen in a moment"),
}


def plot_words() -> dict[str, str]:
    """What the programme calls each class of plot."""
    locale = page_locale()
    return {f"plot_class.{c.key}": c.in_(locale) for c in load_programme().plot_classes}
