"""The library can run Python from a drawing in 17 places; here none of them can, whoever asks."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from app.config import ROOT
from app.engine import environment, memory
from app.engine.expressions import ExprError
from app.engine.parser import load_spec
from tests.support.drawings import drawing

PLAIN = drawing('<startEvent id="S"/><userTask id="T" name="T"/><endEvent id="E"/>', "S>T T>E")
RUNS_ANYTHING = "__import__('builtins').setattr(__import__('builtins'), 'dijalankan', True)"


def test_the_stock_environment_refuses_to_evaluate_and_to_execute() -> None:
    for deed in (TaskDataEnvironment().evaluate, TaskDataEnvironment().execute):
        with pytest.raises(ExprError, match="tidak dijalankan"):
            deed(RUNS_ANYTHING, {})


def test_a_forgotten_default_engine_runs_nothing() -> None:
    for deed in (PythonScriptEngine().environment.evaluate, PythonScriptEngine().environment.execute):
        with pytest.raises(ExprError):
            deed("1 + 1", {})


def test_ours_executes_no_script_and_calls_no_service() -> None:
    ours = environment.script_engine().environment
    assert type(ours) is environment.SafeEnvironment
    for deed in (lambda: ours.execute("x = 1", {}), lambda: ours.call_service({}, operation_name="kirim")):
        with pytest.raises(ExprError):
            deed()


def test_importing_the_engine_alone_is_enough() -> None:
    """Nobody has to call anything first: in a process that only imports it."""
    code = (
        "import app.engine; from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine as E; "
        "E().environment.evaluate('print(6 * 7)', {})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == "" and "ExprError" in done.stderr


def test_a_loaded_state_has_our_environment_where_the_library_gives_its_own() -> None:
    spec = load_spec(PLAIN)
    made = BpmnWorkflow(spec.process, spec.subprocesses, script_engine=environment.script_engine())
    stock = BpmnWorkflowSerializer()
    given_back = stock.from_dict(stock.to_dict(made))
    assert type(given_back.script_engine.environment) is TaskDataEnvironment
    loaded, _visits = memory.load(spec, memory.dump(made, {}))
    assert type(loaded.script_engine.environment) is environment.SafeEnvironment


READS_A_STATE = {"from_dict", "deserialize_json", "workflow_from_dict", "migrate_state"}


def attributes_called(function: ast.FunctionDef) -> set[str]:
    return {node.func.attr for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}


def test_the_one_loader_is_the_only_function_that_reads_a_state() -> None:
    readers = [
        (path.name, node.name)
        for path in sorted((ROOT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and attributes_called(node) & READS_A_STATE
    ]
    assert readers == [("memory.py", "load")]
