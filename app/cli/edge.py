"""What every command needs of the app it runs in, and how it refuses."""

import click
from flask import current_app

from app.db import Database
from app.errors import AppError
from app.storage import Storage


def database() -> Database:
    found: Database = current_app.extensions["alur"].database
    return found


def storage() -> Storage:
    found: Storage = current_app.extensions["alur"].storage
    return found


def refused(error: AppError) -> click.ClickException:
    return click.ClickException(str(error))
