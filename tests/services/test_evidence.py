"""Files are kept with a promise, explained where a number looks like a BSN, and removed whole."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.evidence import NumberKind
from onboarding.domain.people import Role
from onboarding.services.evidence import (
    Kept,
    declare_numbers,
    drop_abandoned,
    keep_upload,
    remove_personal_data,
    withdraw_upload,
)
from onboarding.services.evidence_checks import Upload, check_upload
from onboarding.store.evidence import EvidenceFiles, visible_evidence
from onboarding.store.proofs import tie_evidence
from onboarding.store.tables import EventRow, EvidenceRow, MessageRow, OrganisationRow, RelationRow
from tests import stage
from tests.files import a_pdf, a_picture

BSN, RSIN = "111222333", "004495445"


@pytest.fixture
def files(tmp_path) -> EvidenceFiles:
    return EvidenceFiles(str(tmp_path / "evidence"))


@pytest.fixture
def keep(session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles):
    actor = stage.contact_actor(session, relation)

    def do(content: bytes, *, by=actor, clean: bool = True, where=relation) -> Kept:
        upload = check_upload(content, "plan.pdf")
        return keep_upload(session, by, moment, files, where.id, upload, is_declared_clean=clean)

    do.actor = actor
    return do


def upload_of(files: EvidenceFiles, row: EvidenceRow, customer_id: int) -> Upload:
    return check_upload(files.read(customer_id, row.sha256 or ""), row.file_name or "")


def codes(session: Session) -> list[str]:
    return list(session.scalars(select(EventRow.code).order_by(EventRow.id)))


def test_a_file_lies_under_its_hash_outside_of_the_web_root(
    session: Session, relation: RelationRow, files: EvidenceFiles, keep, tmp_path
) -> None:
    content = a_picture()
    kept = keep(content)
    row = session.get_one(EvidenceRow, kept.id)
    folder = tmp_path / "evidence" / str(relation.customer_id)
    assert (folder / row.sha256[:2] / row.sha256).read_bytes() == content
    assert row.is_attached and row.is_declared_clean and row.media_type == "image/png"
    assert codes(session) == ["evidence-uploaded"]
    keep(content)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_the_same_file_from_the_same_sender_is_kept_once(session: Session, keep) -> None:
    content = a_picture()
    assert keep(content).id == keep(content).id
    number = keep(a_pdf(f"order {BSN}"))
    assert keep(a_pdf(f"order {BSN}")) == number and number.numbers
    assert codes(session) == ["evidence-uploaded"]


def test_without_the_promise_nothing_is_kept(session: Session, keep) -> None:
    with pytest.raises(InputInvalid) as refused:
        keep(a_pdf(), clean=False)
    assert refused.value.facts["field"] == "is_clean"
    assert session.scalars(select(EvidenceRow)).all() == []


def test_a_file_with_a_suspect_number_waits_for_a_word(
    session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles, keep
) -> None:
    kept = keep(a_pdf(f"order {BSN}"))
    assert [number.masked for number in kept.numbers] == ["••••••333"]
    row = session.get_one(EvidenceRow, kept.id)
    assert not row.is_attached
    buyer = stage.an_actor(relation, Role.BUYER)
    with pytest.raises(NotFound):
        visible_evidence(session, buyer, kept.id)  # not handed in yet
    upload = upload_of(files, row, relation.customer_id)
    with pytest.raises(InputInvalid):
        declare_numbers(session, keep.actor, moment, kept.id, upload, [])
    declare_numbers(session, keep.actor, moment, kept.id, upload, [NumberKind.REFERENCE])
    assert row.is_attached
    assert row.numbers_declared == [{"masked": "••••••333", "page": 1, "kind": "reference"}]
    assert BSN not in str([event.facts for event in session.scalars(select(EventRow))])
    assert codes(session) == ["evidence-uploaded", "numbers-declared"]
    assert visible_evidence(session, buyer, kept.id) is row


def test_the_own_rsin_is_asked_once(
    session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles, keep
) -> None:
    kept = keep(a_pdf(f"RSIN {RSIN}"))
    upload = upload_of(files, session.get_one(EvidenceRow, kept.id), relation.customer_id)
    declare_numbers(session, keep.actor, moment, kept.id, upload, [NumberKind.RSIN])
    assert keep(a_pdf(f"Opnieuw RSIN {RSIN}")).numbers == ()
    assert keep(a_pdf(f"RSIN {RSIN} en {BSN}")).numbers[0].masked == "••••••333"
    other = stage.a_relation(session, session.get_one(OrganisationRow, relation.customer_id))
    actor = stage.contact_actor(session, other)
    assert keep(a_pdf(f"RSIN {RSIN}"), by=actor, where=other).numbers != ()


def test_the_sender_takes_it_back(
    session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles, keep
) -> None:
    kept = keep(a_pdf(f"medewerker {BSN}"))
    row = session.get_one(EvidenceRow, kept.id)
    sha256 = row.sha256 or ""
    withdraw_upload(session, keep.actor, moment, files, kept.id)
    assert (row.sha256, row.file_name, row.numbers_declared) == (None, None, [])
    with pytest.raises(NotFound):
        files.read(relation.customer_id, sha256)
    with pytest.raises(MoveRefused):
        withdraw_upload(session, keep.actor, moment, files, kept.id)


def test_personal_data_go_everywhere_and_the_sender_hears(
    session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles, keep, customer
) -> None:
    content = a_picture()
    first, again = keep(content), keep(content, by=stage.contact_actor(session, relation))
    elsewhere = stage.a_customer(session, "Ander")
    stranger = stage.a_relation(session, elsewhere)
    theirs = keep(content, by=stage.contact_actor(session, stranger), where=stranger)
    sha256 = session.get_one(EvidenceRow, first.id).sha256 or ""
    buyer = stage.user_actor(session, customer)
    removed = remove_personal_data(
        session, buyer, moment, files, first.id, reason="Namen van medewerkers"
    )
    assert removed == 2
    for kept in (first, again):
        row = session.get_one(EvidenceRow, kept.id)
        assert (row.sha256, row.file_name, row.size) == (None, None, None)
        assert row.removed_at == moment.now and row.removed_reason == "Namen van medewerkers"
    with pytest.raises(NotFound):
        files.read(relation.customer_id, sha256)
    assert files.read(elsewhere.id, sha256) == content  # no customer changes what another sees
    assert session.get_one(EvidenceRow, theirs.id).removed_at is None
    messages = session.scalars(select(MessageRow)).all()
    assert {m.kind for m in messages} == {"evidence-removed"}
    assert keep.actor.person_id in {m.person_id for m in messages} and len(messages) == 2
    assert codes(session).count("personal-data-removed") == 2
    with pytest.raises(MoveRefused):
        remove_personal_data(session, buyer, moment, files, first.id, reason="nog eens")


def test_only_a_buyer_removes_for_personal_data(
    session: Session, moment: Moment, relation: RelationRow, files: EvidenceFiles, keep
) -> None:
    kept = keep(a_picture())
    for actor in (keep.actor, stage.an_actor(relation, Role.READER)):
        with pytest.raises(NotAllowed):
            remove_personal_data(session, actor, moment, files, kept.id, reason="x")


def test_another_relation_does_not_see_the_file(session: Session, customer, keep) -> None:
    kept = keep(a_picture())
    other = stage.a_relation(session, customer)
    with pytest.raises(NotFound):
        visible_evidence(session, stage.contact_actor(session, other), kept.id)
    with pytest.raises(NotFound):
        elsewhere = stage.a_customer(session, "Ander")
        visible_evidence(session, stage.an_actor(elsewhere), kept.id)


def test_what_nobody_explained_is_gone_after_a_week(
    session: Session, files: EvidenceFiles, keep, clock
) -> None:
    kept, sent = keep(a_pdf(f"order {BSN}")), keep(a_pdf("Plan"))
    assert drop_abandoned(session, files, clock.forward(days=6)) == 0
    assert drop_abandoned(session, files, clock.forward(days=2)) == 1
    assert session.get_one(EvidenceRow, kept.id).removed_reason == "abandoned"
    assert session.get_one(EvidenceRow, sent.id).removed_at is None


def test_what_waits_for_a_word_is_not_handed_in_with_a_certificate(
    session: Session, keep, relation: RelationRow
) -> None:
    waiting = keep(a_pdf(f"Burgerservicenummer {BSN}"))
    assert waiting.numbers
    with pytest.raises(NotFound):
        tie_evidence(session, relation.id, 1, [waiting.id])
    row = session.get_one(EvidenceRow, waiting.id, populate_existing=True)
    assert not row.is_attached
