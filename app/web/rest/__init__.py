"""``/engine-rest``: as much of Camunda 7's REST API as Camunda Modeler and small scripts use. docs/camunda-modeler.md lists it.

Shapes and words of errors follow Camunda 7.24, so that its clients read them; the sentences are ours.
"""

from app.web.rest import cases, definitions, deployments, refusing
from app.web.rest.door import bp

# Importing them is what adds their routes and error handlers.
PARTS = (cases, definitions, deployments, refusing)

__all__ = ["bp"]
