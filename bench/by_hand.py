"""The reminders of a day as somebody would owe them by hand: one INSERT … SELECT, one transaction.

The same rows as the sweep owes, by the same conditions, in the words of the database itself.
"""

from datetime import timedelta

from sqlalchemy import Engine

from onboarding.clock import Moment
from onboarding.domain.people import Role

STAGES = (-14, -3, 1)
CATCH_UP = 30

OWE = """
INSERT INTO messages (key, customer_id, relation_id, milestone_id, person_id, kind, facts, state,
                      owed_at, due_at)
SELECT due.key, due.customer_id, due.relation_id, due.milestone_id, due.person_id,
       'milestone-reminder', {facts}, 'queued', {now}, {now}
FROM ({stages}) due
WHERE NOT EXISTS (SELECT 1 FROM messages x WHERE x.key = due.key)
ORDER BY due.key
ON CONFLICT DO NOTHING
"""
STAGE = """
SELECT 'milestone-reminder:m' || m.id || ':' || m.deadline_on || ':{stage:+d}:' ||
       c.person_id AS key,
       r.customer_id, m.relation_id AS relation_id, m.id AS milestone_id, c.person_id,
       m.deadline_on, '{stage:+d}' AS stage
FROM milestones m
{join} pathways p ON p.id = m.pathway_id
{join} relations r ON r.id = m.relation_id
{join} contacts c ON c.relation_id = m.relation_id
{join} persons q ON q.id = c.person_id
WHERE m.deadline_on <= {latest} AND m.deadline_on > {earliest}
  AND (r.ended_on IS NULL OR r.ended_on > {today})
  AND p.state IN ('agreed', 'on-hold')
  AND m.state IN ('planned', 'started')
  AND m.deadline_since_on <= {reached}
  AND NOT EXISTS (SELECT 1 FROM date_requests d WHERE d.milestone_id = m.id
                  AND d.answered_on IS NULL AND d.made_by <> 'buyer')
  AND {reader}
  AND (c.is_main OR NOT EXISTS (
    SELECT 1 FROM contacts c JOIN persons q ON q.id = c.person_id
    WHERE c.relation_id = m.relation_id AND c.is_main AND {reader}))
"""
READER = (
    "c.retired_at IS NULL AND c.doubted_at IS NULL "
    f"AND c.role <> '{Role.ADVISER}' AND q.email IS NOT NULL AND q.mail_refused_at IS NULL"
)
FACTS = "('deadline_on', due.deadline_on, 'stage', due.stage)"
# CROSS JOIN keeps SQLite to the order in which it is written.
WORDS = {
    "sqlite": {
        "join": "CROSS JOIN",
        "reached": "date(m.deadline_on, '{} days')",
        "facts": f"json_object{FACTS}",
        "day": "'{}'",
        "now": "'%Y-%m-%d %H:%M:%S.000000'",
    },
    "postgresql": {
        "join": "JOIN",
        "reached": "m.deadline_on + ({})",
        "facts": f"jsonb_build_object{FACTS}",
        "day": "date '{}'",
        "now": "timestamptz '%Y-%m-%d %H:%M:%S+00'",
    },
}


def owe_reminders(engine: Engine, moment: Moment) -> None:
    """In a transaction, over the driver's own connection."""
    statement = written(engine.dialect.name, moment)
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(statement)
        pooled.commit()
    finally:
        pooled.close()


def written(dialect: str, moment: Moment) -> str:
    said = WORDS[dialect]

    def day(ahead: int) -> str:
        return said["day"].format(moment.today + timedelta(days=ahead))

    ends = (*STAGES[1:], STAGES[-1] + CATCH_UP)
    stages = " UNION ALL ".join(
        STAGE.format(
            stage=days,
            join=said["join"],
            latest=day(-days),
            earliest=day(-end),
            today=day(0),
            reached=said["reached"].format(days),
            reader=READER,
        )
        for days, end in zip(STAGES, ends, strict=True)
    )
    return OWE.format(stages=stages, facts=said["facts"], now=moment.now.strftime(said["now"]))
