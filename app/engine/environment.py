"""What a drawing may compute: expressions of our language, and nothing else.

The stock environment of the library hands text to Python. It is disabled at import, so that even a forgotten default cannot run it.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment, TaskDataEnvironment

from app.engine import expressions


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise expressions.ExprError("Skrip dalam diagram tidak dijalankan.")


TaskDataEnvironment.evaluate = _refuse  # type: ignore[method-assign]
TaskDataEnvironment.execute = _refuse  # type: ignore[method-assign]


class SafeEnvironment(BasePythonScriptEngineEnvironment):
    """Two places of the library call the environment directly, so the environment is replaced, not only the engine."""

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None) -> Any:
        return expressions.evaluate(expression, context)

    def execute(self, script: str, context: Any, external_context: Any = None) -> NoReturn:
        _refuse()

    def call_service(self, context: Any, **kwargs: Any) -> NoReturn:
        _refuse()


def script_engine() -> PythonScriptEngine:
    return PythonScriptEngine(environment=SafeEnvironment())
