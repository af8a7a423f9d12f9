"""Alur: SOPs drawn in BPMN 2.0, run as drawn. ``create_app`` is wiring only."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """settings: from the environment (``ALUR_…``) unless given."""
    from flask import Flask

    from app.cli import register_commands
    from app.config import Settings
    from app.web import register_web

    app = Flask(__name__)
    register_web(app, settings or Settings())
    register_commands(app)
    return app
