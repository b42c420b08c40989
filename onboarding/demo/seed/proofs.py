"""Stories of certificates, renewals and recognitions."""

from datetime import timedelta

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import REGISTER, Supplier
from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.policy import Level
from onboarding.services import certificates, recognitions, renewals

TWO_YEARS = 729  # the day of the certificate and the two years after it


def social_bakery(s: Supplier) -> Story:
    """A social enterprise: no certificate needed, only a check each year."""
    yield s.scene.days.ago(210)
    s.invite()
    _recognise(s, RecognitionKind.CODE_SOCIALE_ONDERNEMINGEN, recheck_in=365)
    yield s.scene.days.ago(64)
    s.call("Wil graag ook de taarten voor de jubilarissen leveren. Doorgegeven aan Catering.")


def recognised_member(s: Supplier) -> Story:
    yield s.scene.days.ago(120)
    _recognise(s, RecognitionKind.SOCIAL_ENTERPRISE_NL, recheck_in=365)


def recognised_sheltered(s: Supplier) -> Story:
    yield s.scene.days.ago(300)
    _recognise(s, RecognitionKind.SW_BEDRIJF, recheck_in=365)


def recheck_due(s: Supplier) -> Story:
    """The yearly check was missed: our task, and the status stays."""
    yield s.scene.days.ago(385)
    _recognise(s, RecognitionKind.ACCOUNTANT, recheck_in=360)


def recognition_revoked(s: Supplier) -> Story:
    yield s.scene.days.ago(260)
    recognition_id = _recognise(s, RecognitionKind.OTHER, recheck_in=365)
    yield s.scene.days.ago(31)
    s.act(
        recognitions.revoke_recognition,
        s.buyer,
        recognition_id,
        revoked_on=s.today,
        reason="Staat niet meer in het register.",
    )
    s.enrol()
    s.invite()
    yield s.scene.days.ago(26)
    s.call("Snapt het. Wil eerst overleggen met de compagnon.")


def reported(s: Supplier) -> Story:
    """Uploaded yesterday; it changes nothing until somebody looked in the register."""
    yield s.scene.days.ago(3)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(1)
    s.report(s.certificate(Level.TREDE_2, s.today - timedelta(days=60)), s.contact)


def rejected(s: Supplier) -> Story:
    yield s.scene.days.ago(26)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(20)
    claim = s.certificate(Level.TREDE_1, s.today - timedelta(days=300))
    certificate_id = s.report(claim, s.contact)
    yield s.scene.days.ago(17)
    s.act(
        certificates.reject_certificate,
        s.buyer,
        certificate_id,
        reason="Dit is de offerte, niet het certificaat. Stuur het certificaat zelf.",
    )


def certified(s: Supplier, level: Level, held_for: int, *, thirty_plus: bool = False) -> Story:
    """Verified about three weeks after it was given out."""
    days = s.scene.days
    yield max(days.ago(held_for - 14), days.after(days.first))
    s.invite()
    starts_on = s.scene.days.today - timedelta(days=held_for)
    claim = s.certificate(level, starts_on, thirty_plus=thirty_plus)
    certificate_id = s.report(claim, s.contact)
    yield days.after(s.today, 3)
    s.verify(certificate_id, claim)


def certified_basis(s: Supplier) -> Story:
    """Below what we ask: it helps for now."""
    yield s.scene.days.ago(95)
    s.enrol()
    yield from certified(s, Level.BASIS, 80)


def ending_soon(s: Supplier) -> Story:
    """A month left, and what was reported is no renewal."""
    yield from certified(s, Level.TREDE_1, TWO_YEARS - 24)
    yield s.scene.days.ago(9)
    renewal_id = _renew(s, "Wij gaan er binnenkort mee aan de slag.")
    yield s.scene.days.ago(7)
    s.act(
        renewals.refuse_renewal,
        s.buyer,
        renewal_id,
        answer="Stuur de bevestiging van de aanvraag of de auditdatum, dan telt het.",
    )


def aspirant_ending(s: Supplier) -> Story:
    yield from certified(s, Level.ASPIRANT, TWO_YEARS - 75)


def ended(s: Supplier) -> Story:
    """Over since last month, and nobody reported a new one."""
    yield from certified(s, Level.TREDE_1, TWO_YEARS + 33)


def other_number(s: Supplier) -> Story:
    """The certificate is the parent company's: it covers another number than we contract."""
    yield s.scene.days.ago(75)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(70)
    starts_on = s.today - timedelta(days=90)
    claim = s.certificate(Level.TREDE_3, starts_on, numbers=("99998001", "99998002"))
    certificate_id = s.report(claim, s.contact)
    yield s.scene.days.ago(66)
    s.verify(certificate_id, claim)


def revoked(s: Supplier) -> Story:
    yield from certified(s, Level.TREDE_2, 330)
    yield s.scene.days.ago(12)
    s.act(
        certificates.revoke_certificate,
        s.buyer,
        s.certificate_ids()[-1],
        revoked_on=s.today,
        reason="Uit het register gehaald na een tussentijdse controle.",
    )


def renewal_waiting(s: Supplier) -> Story:
    """Reported in time that the application is sent; it waits for us."""
    yield from certified(s, Level.TREDE_2, TWO_YEARS + 6)
    yield s.scene.days.ago(15)
    _renew(s, "De aanvraag voor het nieuwe certificaat is verstuurd.")


def renewal_under_way(s: Supplier) -> Story:
    yield from certified(s, Level.TREDE_1, TWO_YEARS + 18)
    yield s.scene.days.ago(40)
    renewal_id = _renew(s, "De audit staat gepland.")
    yield s.scene.days.ago(36)
    s.act(renewals.accept_renewal, s.buyer, renewal_id, answer="Prima, wij wachten de audit af.")


def renewal_delayed(s: Supplier) -> Story:
    """The certifying body moved the audit: that never counts against the supplier."""
    yield from certified(s, Level.TREDE_2, TWO_YEARS + 60)
    yield s.scene.days.ago(80)
    renewal_id = _renew(s, "Audit afgesproken.")
    yield s.scene.days.ago(77)
    s.act(renewals.accept_renewal, s.buyer, renewal_id)
    yield s.scene.days.ago(10)
    s.act(
        renewals.record_delayed_audit,
        s.buyer,
        renewal_id,
        delayed_audit_on=s.scene.days.ahead(25),
        reason="De instelling verzette de audit wegens ziekte.",
    )


def _renew(s: Supplier, note: str) -> int:
    renewal_id: int = s.act(renewals.report_renewal, s.contact, s.certificate_ids()[-1], note=note)
    return renewal_id


def _recognise(s: Supplier, kind: RecognitionKind, recheck_in: int) -> int:
    recognition_id: int = s.act(
        recognitions.record_recognition,
        s.buyer,
        s.relation_id,
        kind=kind,
        register_url=f"{REGISTER}/sociale-ondernemingen/{s.relation_id}",
        recheck_on=s.today + timedelta(days=recheck_in),
    )
    return recognition_id
