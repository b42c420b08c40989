"""Which supplier lives which story; whoever is not named was imported and nothing more."""

from collections.abc import Callable
from functools import partial

from onboarding.demo.seed import (
    changes,
    exchanges,
    governing,
    lateness,
    negotiations,
    proofs,
    walking,
)
from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.domain.policy import Level

Tale = Callable[[Supplier], Story]


def _since(days: int, level: Level = Level.TREDE_1) -> Tale:
    """A pathway agreed so many days ago that goes as it should."""

    def tale(s: Supplier) -> Story:
        yield from walking.follow(s, s.scene.days.ago(days), level=level)

    return tale


TALES: dict[str, Tale] = {
    "delinde": exchanges.print_shop,
    "zoetebroodjes": proofs.social_bakery,
    "liftonderhoud": lateness.cure_over,
    "ladderman": governing.exempt,
    "sierletter": governing.second_year,
    # Before anything is agreed
    "vanboven": negotiations.drafted,
    "watersnip": negotiations.proposed,
    "heldervat": negotiations.proposed_without_answer,
    "ongedierte": negotiations.window_over,
    "meubelmaat": negotiations.countered,
    "tapijt": negotiations.withdrawn,
    "taartenhuis": negotiations.declined,
    # As it should go
    "schoonspoor": _since(365, Level.TREDE_2),
    "linnenkast": exchanges.said_otherwise,
    "inktlijn": negotiations.countered_and_agreed,
    "elektro": negotiations.through_aspirant,
    "leidingman": negotiations.by_phone,
    "vishal": governing.taken_over,
    # What both sides say
    "klimaat": exchanges.to_review,
    "verswaren": exchanges.review_late,
    "koffiebrug": exchanges.returned,
    "handdoek": exchanges.waived,
    "lichtplan": exchanges.date_asked,
    "afvalwijzer": exchanges.date_granted,
    "postkoets": exchanges.date_refused,
    "camerawacht": exchanges.body_late,
    "warmtebron": exchanges.body_late_and_granted,
    "fruitmand": changes.pause_asked,
    "gastvrij": changes.change_proposed,
    "zonnedak": changes.change_agreed,
    "kruidentuin": changes.change_of_ours,
    # Late
    "papyrus": lateness.just_late,
    "verfstreek": lateness.to_be_called,
    "schoonglas": lateness.prepared,
    "broodtrommel": lateness.held,
    "wachtpost": lateness.cure_running,
    "poortwachter": lateness.replied,
    "zeepbel": lateness.replied_and_answered,
    "nachtploeg": lateness.given_by_letter,
    "stofvrij": lateness.bounced,
    "glasbeton": lateness.in_time_after_all,
    "reinstraat": lateness.late_request,
    "geduld": lateness.body_past_the_last_day,
    # On hold, and over
    "groenstrook": negotiations.on_hold,
    "ordnerhuis": negotiations.stopped_by_supplier,
    "trapenhal": negotiations.stopped_by_manager,
    # Certificates
    "sleutelpunt": partial(proofs.certified, level=Level.TREDE_2, held_for=250),
    "werkkleding": partial(proofs.certified, level=Level.TREDE_3, held_for=150, thirty_plus=True),
    "vergaderhuis": proofs.certified_basis,
    "papierkoning": proofs.ending_soon,
    "soepketel": proofs.aspirant_ending,
    "drankhuis": proofs.ended,
    "vloerwerk": proofs.other_number,
    "alarmlijn": proofs.revoked,
    "bloemrijk": proofs.reported,
    "slotwerk": proofs.rejected,
    "machinist": proofs.renewal_waiting,
    "wasplaats": proofs.renewal_under_way,
    "stoelendans": proofs.renewal_delayed,
    # Recognitions
    "groenewens": proofs.recognised_member,
    "tuinploeg": proofs.recognised_sheltered,
    "fietsbode": proofs.recheck_due,
    "knipoog": proofs.recognition_revoked,
    # Decisions, and relations that end
    "handzaam": governing.equivalent,
    "veiligwerk": governing.grant_ending,
    "kaasplank": governing.grant_ended_early,
    "dakgoot": governing.blocked,
    "visafslag": governing.block_announced,
    "portofoon": governing.block_replied,
    "toonbank": governing.relation_ended,
}
