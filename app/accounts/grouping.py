"""Groups: what the lanes of drawings name (``grup``), and who works there by membership."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import OPD_GROUP
from app.errors import InvalidAnswers
from app.models import Group, Membership

GROUP_KINDS: Mapping[str, str] = {
    "jabatan": "satu pejabat",
    "unit": "beberapa rekan",
    "tim": "rekan menurut SK Tim",
    "opd": "setiap orang untuk OPD-nya sendiri",
}
_KEY = re.compile(r"[a-z][a-z0-9_]{1,63}")


def add_group(session: Session, key: str, name: str, kind: str) -> Group:
    """kind: a key of GROUP_KINDS. Raises InvalidAnswers."""
    key, name, problems = key.strip(), name.strip(), {}
    if not _KEY.fullmatch(key):
        problems["kunci"] = "Kunci kelompok: 2 sampai 64 huruf kecil, angka, atau garis bawah; diawali huruf."
    if not 1 <= len(name) <= 200:
        problems["nama"] = "Nama kelompok: 1 sampai 200 huruf."
    if kind not in GROUP_KINDS:
        problems["jenis"] = f"Jenis kelompok: {', '.join(GROUP_KINDS)}."
    elif (kind == OPD_GROUP) != (key == OPD_GROUP):
        problems["jenis"] = f"Kelompok berjenis {OPD_GROUP} hanya satu, dan kuncinya {OPD_GROUP}."
    if problems:
        raise InvalidAnswers(problems)
    group = Group(key=key, name=name, kind=kind)
    try:
        with session.begin_nested():
            session.add(group)
            session.flush()
    except IntegrityError as error:
        raise InvalidAnswers({"kunci": f"Kelompok “{key}” sudah ada."}) from error
    return group


def groups_with_members(session: Session) -> Sequence[tuple[Group, int]]:
    """Every group, by key, with how many people have a seat there, past and coming ones too."""
    found = select(Group, func.count(Membership.user_id.distinct())).outerjoin(Membership, Membership.group_key == Group.key)
    rows = session.execute(found.group_by(Group.key).order_by(Group.key))
    return [(group, number) for group, number in rows]
