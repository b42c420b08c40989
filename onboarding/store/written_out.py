"""Statements with their values written into their text, for those that are asked again and again.

SQLite plans a statement anew, each time that it runs, when it compares a value given beside the
text with a column on which an index of some rows depends. Of a long statement that takes a hundred
times as long as to run it.
"""

from typing import Any

from sqlalchemy import BindParameter, Select
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import Session


def written_out(session: Session, statement: Select[Any]) -> Compiled:
    """As the session's database takes it; what has no value yet is left open."""
    dialect = session.get_bind().dialect

    class WritingOut(dialect.statement_compiler):  # type: ignore[name-defined,misc]
        def visit_bindparam(
            self, bindparam: BindParameter[Any], literal_binds: bool = False, **how: Any
        ) -> Any:
            is_known = literal_binds or bindparam.value is not None
            return super().visit_bindparam(bindparam, literal_binds=is_known, **how)

    compiled: Compiled = WritingOut(dialect, statement)
    return compiled
