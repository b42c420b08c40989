"""The tables, a module per aggregate; importing this package registers them all."""

from onboarding.store.tables.access import (
    ApiTokenRow,
    CalendarFeedRow,
    LoginAttemptRow,
    LoginLinkRow,
    LoginSessionRow,
)
from onboarding.store.tables.announcements import AnnouncementRow
from onboarding.store.tables.assessments import AssessmentRow, StatusPeriodRow
from onboarding.store.tables.batches import BatchItemRow, BatchRow
from onboarding.store.tables.colleagues import BuyerSettingsRow
from onboarding.store.tables.decisions import DecisionRow
from onboarding.store.tables.delivery import MailAllowanceRow, MailBreakerRow, WorkerRow
from onboarding.store.tables.divisions import DivisionRow, SpendRow
from onboarding.store.tables.evidence import EvidenceRow
from onboarding.store.tables.history import EventRow
from onboarding.store.tables.inbox import IncomingMailRow
from onboarding.store.tables.installation import DemoClockRow, ImportRow, PolicyRow, TemplateRow
from onboarding.store.tables.merging import MergedRelationRow
from onboarding.store.tables.messages import MailRow, MessageRow, TaskRow
from onboarding.store.tables.milestones import DateRequestRow, MilestoneRow, NoticeRow
from onboarding.store.tables.organisations import (
    ClosureRow,
    ContactAbsenceRow,
    ContactRow,
    CreditorNumberRow,
    FormerKvkNumberRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
    SnoozeRow,
)
from onboarding.store.tables.pathways import AmendmentRow, HoldRow, PathwayRow, PathwayVersionRow
from onboarding.store.tables.policy_drafts import (
    PolicyDraftChangeRow,
    PolicyDraftRow,
    PreparedAssessmentRow,
)
from onboarding.store.tables.proofs import (
    CertificateNumberRow,
    CertificateRow,
    RecognitionRow,
    RenewalRow,
)
from onboarding.store.tables.statements import StatementRow
from onboarding.store.tables.views import SavedViewRow
from onboarding.store.tables.watches import WatchRow
from onboarding.store.tables.webhooks import WebhookDeliveryRow, WebhookEndpointRow

__all__ = [
    "AmendmentRow",
    "AnnouncementRow",
    "ApiTokenRow",
    "AssessmentRow",
    "BatchItemRow",
    "BatchRow",
    "BuyerSettingsRow",
    "CalendarFeedRow",
    "CertificateNumberRow",
    "CertificateRow",
    "ClosureRow",
    "ContactAbsenceRow",
    "ContactRow",
    "CreditorNumberRow",
    "DateRequestRow",
    "DecisionRow",
    "DemoClockRow",
    "DivisionRow",
    "EventRow",
    "EvidenceRow",
    "FormerKvkNumberRow",
    "HoldRow",
    "ImportRow",
    "IncomingMailRow",
    "LoginAttemptRow",
    "LoginLinkRow",
    "LoginSessionRow",
    "MailAllowanceRow",
    "MailBreakerRow",
    "MailRow",
    "MembershipRow",
    "MergedRelationRow",
    "MessageRow",
    "MilestoneRow",
    "NoticeRow",
    "OrganisationRow",
    "PathwayRow",
    "PathwayVersionRow",
    "PersonRow",
    "PolicyDraftChangeRow",
    "PolicyDraftRow",
    "PolicyRow",
    "PreparedAssessmentRow",
    "RecognitionRow",
    "RelationRow",
    "RenewalRow",
    "SavedViewRow",
    "SnoozeRow",
    "SpendRow",
    "StatementRow",
    "StatusPeriodRow",
    "TaskRow",
    "TemplateRow",
    "WatchRow",
    "WebhookDeliveryRow",
    "WebhookEndpointRow",
    "WorkerRow",
]
