"""The engine: state in, state out. The only package that knows SpiffWorkflow.

Nothing here reads a clock, a database or a request. What happened comes back as an :class:`Advance`;
who may do it, what it is called on the page and when it is due is the business of ``app.instances``.
"""

from app.engine.expressions import ExprError
from app.engine.memory import open_tasks, renew, waiting_timers
from app.engine.parser import Spec, kept_spec, load_spec, parse_spec
from app.engine.restarting import restart_points
from app.engine.runner import Advance, Opened, Step, WaitingTimer, complete, dry_start, fire, restart, start
from app.engine.state import StateRejected, reseal, seal, unseal

__all__ = [
    "Advance",
    "ExprError",
    "Opened",
    "Spec",
    "StateRejected",
    "Step",
    "WaitingTimer",
    "complete",
    "dry_start",
    "fire",
    "kept_spec",
    "load_spec",
    "open_tasks",
    "parse_spec",
    "renew",
    "reseal",
    "restart",
    "restart_points",
    "seal",
    "start",
    "unseal",
    "waiting_timers",
]
