"""Time expressions of English news: where they stand in a text, and which days they name.

Pure functions below every stage; months, weekdays and the like are a closed class and stand in `words`.
"""

from heldby.dates.choose import choose_expression
from heldby.dates.expression import ExpressionKind, TimeExpression
from heldby.dates.find import find_expressions
from heldby.dates.resolve import resolve_expression

__all__ = ["ExpressionKind", "TimeExpression", "choose_expression", "find_expressions", "resolve_expression"]
