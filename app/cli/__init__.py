"""``flask --app app …``: sop, keys, user, group, db, demo. The edge for a terminal; the same use-cases as the pages."""

from flask import Flask

from app.cli.data import data, show
from app.cli.groups import group
from app.cli.people import user
from app.cli.seals import seals
from app.cli.sops import sop

__all__ = ["data", "group", "register_commands", "seals", "show", "sop", "user"]


def register_commands(app: Flask) -> None:
    for commands in (sop, user, group, data, show, seals):
        app.cli.add_command(commands)
