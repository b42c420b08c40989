"""The kinds of column that the tables share."""

from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from onboarding.store.database import UtcInstant

JsonValue = JSON().with_variant(JSONB(), "postgresql")

Key = Annotated[int, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(250))]
Prose = Annotated[str, mapped_column(Text)]
Day = Annotated[date, mapped_column(Date)]
Instant = Annotated[datetime, mapped_column(UtcInstant)]
Salt = Annotated[str, mapped_column(String(32))]
Hash = Annotated[str, mapped_column(String(64))]
Json = Annotated[dict[str, Any], mapped_column(JsonValue)]
JsonList = Annotated[list[Any], mapped_column(JsonValue)]

ToOrganisation = Annotated[int, mapped_column(ForeignKey("organisations.id"), index=True)]
ToRelation = Annotated[int, mapped_column(ForeignKey("relations.id"), index=True)]
ToPathway = Annotated[int, mapped_column(ForeignKey("pathways.id"), index=True)]
ToMilestone = Annotated[int, mapped_column(ForeignKey("milestones.id"), index=True)]
ToPerson = Annotated[int, mapped_column(ForeignKey("persons.id"), index=True)]
