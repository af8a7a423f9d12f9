"""``flask user …``: people."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import accounts
from app.cli.edge import database, refused
from app.errors import AppError
from app.models import User

user = AppGroup("user", help="Pengguna.")


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--position", default="", help="Jabatan.")
@click.option("--group", "groups", multiple=True, help="Kunci kelompok; boleh diulang.")
@click.option("--org-unit", default=None, help="Id OPD.")
@click.option("--right", "rights", multiple=True, type=click.Choice(["analyst", "auditor", "admin"]), help="Hak; boleh diulang.")
@click.password_option("--password", prompt="Kata sandi", confirmation_prompt="Ulangi kata sandi", envvar="ALUR_NEW_PASSWORD")
def add(
    username: str, name: str, position: str, groups: tuple[str, ...], org_unit: str | None, rights: tuple[str, ...], password: str
) -> None:
    """Tambah pengguna."""
    try:
        with database().transaction() as session:
            accounts.add_user(session, username, name, password, position=position, groups=groups, org_unit_id=org_unit, rights=rights)
    except AppError as error:
        raise refused(error) from error
    click.echo(f"Pengguna {username} ditambahkan.")


@user.command("code")
@click.argument("username")
def code(username: str) -> None:
    """Kode masuk sekali pakai, 24 jam: untuk masuk pertama kali atau lupa kata sandi."""
    try:
        with database().transaction() as session:
            found = session.scalar(select(User.id).where(User.username == username.strip().lower()))
            if found is None:
                raise click.ClickException(f"Pengguna “{username}” tidak ada.")
            click.echo(accounts.make_code(session, None, found))
    except AppError as error:
        raise refused(error) from error


@user.command("list")
def list_people() -> None:
    """Semua pengguna dengan kelompok dan haknya."""
    with database().reading() as session:
        for row in accounts.rows_of(session, session.scalars(select(User).order_by(User.username)).all()):
            told = [seat.title for seat in row.seats if seat.is_current] + [row.org_unit] * bool(row.org_unit)
            told += [accounts.RIGHTS[right] for right in sorted(accounts.rights_of(row.user))]
            state = "" if row.user.is_active else " (nonaktif)"
            click.echo(f"{row.user.username:32} {row.user.name}{state}: {', '.join(told) or '-'}")
