"""What all tables share: names of constraints, moments in UTC, JSON."""

from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import JSON, LargeBinary, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases (SQLite keeps no zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table_of(model: type["Base"]) -> sa.Table:
    """For Core statements, on paths where the unit of work costs more than the statement itself."""
    return cast(sa.Table, model.__table__)


def columns_of(row: "Base") -> dict[str, Any]:
    """{column: value} of a row that was never in a session, as Core takes it; what it does not set gets the column's default."""
    return {name: row.__dict__[name] for name in type(row).__table__.columns.keys() if name in row.__dict__}  # noqa: SIM118


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: Moment,
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        bytes: LargeBinary,
    }
