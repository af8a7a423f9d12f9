"""The edge: HTTP in, use-case, HTML out. Nothing below this package imports Flask."""

from flask import Flask

from app import keys
from app.config import Settings
from app.db import Database
from app.storage import Storage
from app.web import bench_editor, deadlines, drafting, errors, files, guard, reminding, slip, taking_back, tokens, uploading
from app.web.account import bp as account_pages
from app.web.agenda import bp as agenda_pages
from app.web.bench import bp as bench_pages
from app.web.calendar import bp as calendar_pages
from app.web.cases import bp as case_pages
from app.web.collecting import bp as collecting_pages
from app.web.incidents import bp as incident_pages
from app.web.inspection import bp as inspection_pages
from app.web.paper import bp as paper_pages
from app.web.people import bp as people_pages
from app.web.presenting import register as register_presenting
from app.web.register import bp as register_pages
from app.web.repairing import bp as repair_pages
from app.web.replay import bp as replay_pages
from app.web.rest import bp as rest_pages
from app.web.staff import bp as staff_pages
from app.web.teams import bp as team_pages
from app.web.units import bp as unit_pages

# Routes of pages that have modules of their own; importing them is what adds them.
STAFF_PAGES = (drafting, files, reminding, slip, taking_back, uploading)
ACCOUNT_PAGES = (tokens,)
BENCH_PAGES = (bench_editor,)
BLUEPRINTS = (
    account_pages, staff_pages, agenda_pages, paper_pages, collecting_pages, register_pages, case_pages, replay_pages, people_pages,
    bench_pages, inspection_pages, incident_pages, repair_pages, rest_pages, unit_pages, team_pages, calendar_pages,
)  # fmt: skip


def register_web(app: Flask, settings: Settings) -> None:
    """Configuration, database, guard, error renderer, pages."""
    loaded = keys.load(keys.path_of(settings.keys_file, settings.instance_dir))
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value() or loaded.session_secret,
        MAX_CONTENT_LENGTH=(4 * settings.max_file_mb + 2) * 1_048_576,
        MAX_FORM_MEMORY_SIZE=2 * 1_048_576,
        MAX_FORM_PARTS=10_000,
        SESSION_COOKIE_NAME="__Host-alur" if settings.cookie_secure else "alur",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session itself
    )
    app.extensions["alur"] = guard.Services(settings, Database(settings, loaded), Storage(settings))
    guard.register(app)
    errors.register(app)
    register_presenting(app)
    deadlines.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
