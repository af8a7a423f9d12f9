"""People and their accounts: passwords, one-time codes, tokens, sign-in with a lock-out, sessions, who looks after whom, the trail."""

from app.accounts.callers import Caller, caller_with, caller_with_token, touch_token
from app.accounts.codes import LIFE, make_code
from app.accounts.events import Told, edition_of, events_of
from app.accounts.grouping import GROUP_KINDS, add_group, groups_with_members
from app.accounts.lockout import SignInRefused, record_failure
from app.accounts.passwords import MIN_PASSWORD, hash_password, password_problem
from app.accounts.people import ACTING, RIGHTS, Details, Office, add_person, add_user, change_person, rights_of
from app.accounts.reach import Reach, person_for, reach_of
from app.accounts.reading import PersonRow, Seat, State, groups, oneself, people_for, rows_of
from app.accounts.sessions import (
    Held,
    change_password,
    end_other_sessions,
    end_sessions_of,
    is_of,
    sessions_of,
    sign_in,
    sign_in_with_code,
    sign_out,
    signed_in,
    sweep_sign_ins,
    touch,
    username_behind,
)
from app.accounts.tokens import LIVES, MISMATCH, SCOPES, has_use, in_words, make_token, require_use, revoke_token, tokens_of

__all__ = [
    "ACTING",
    "GROUP_KINDS",
    "LIFE",
    "LIVES",
    "MIN_PASSWORD",
    "MISMATCH",
    "RIGHTS",
    "SCOPES",
    "Caller",
    "Details",
    "Held",
    "Office",
    "PersonRow",
    "Reach",
    "Seat",
    "SignInRefused",
    "State",
    "Told",
    "add_group",
    "add_person",
    "add_user",
    "caller_with",
    "caller_with_token",
    "change_password",
    "change_person",
    "edition_of",
    "end_other_sessions",
    "end_sessions_of",
    "events_of",
    "groups",
    "groups_with_members",
    "has_use",
    "hash_password",
    "in_words",
    "is_of",
    "make_code",
    "make_token",
    "oneself",
    "password_problem",
    "people_for",
    "person_for",
    "reach_of",
    "record_failure",
    "require_use",
    "revoke_token",
    "rights_of",
    "rows_of",
    "sessions_of",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "signed_in",
    "sweep_sign_ins",
    "tokens_of",
    "touch",
    "touch_token",
    "username_behind",
]
