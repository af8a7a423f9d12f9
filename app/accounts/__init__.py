"""People and their accounts: passwords, one-time codes, sign-in with a lock-out, sessions, who looks after whom, the trail of it all."""

from app.accounts.codes import LIFE, make_code
from app.accounts.events import Told, edition_of, events_of
from app.accounts.passwords import MIN_PASSWORD, hash_password, password_problem
from app.accounts.people import ACTING, RIGHTS, Details, Office, add_person, add_user, change_person, rights_of
from app.accounts.reach import Reach, person_for, reach_of
from app.accounts.reading import PersonRow, Seat, State, groups, oneself, people_for, rows_of
from app.accounts.sessions import (
    Held,
    SignInRefused,
    change_password,
    end_other_sessions,
    end_sessions_of,
    is_of,
    record_failure,
    sessions_of,
    sign_in,
    sign_in_with_code,
    sign_out,
    signed_in,
    sweep_sign_ins,
    too_many_failures,
    touch,
)

__all__ = [
    "ACTING",
    "LIFE",
    "MIN_PASSWORD",
    "RIGHTS",
    "Details",
    "Held",
    "Office",
    "PersonRow",
    "Reach",
    "Seat",
    "SignInRefused",
    "State",
    "Told",
    "add_person",
    "add_user",
    "change_password",
    "change_person",
    "edition_of",
    "end_other_sessions",
    "end_sessions_of",
    "events_of",
    "groups",
    "hash_password",
    "is_of",
    "make_code",
    "oneself",
    "password_problem",
    "people_for",
    "person_for",
    "reach_of",
    "record_failure",
    "rights_of",
    "rows_of",
    "sessions_of",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "signed_in",
    "sweep_sign_ins",
    "too_many_failures",
    "touch",
]
