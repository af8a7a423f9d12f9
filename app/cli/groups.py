"""``flask group …``: the groups that lanes name."""

import click
from flask.cli import AppGroup

from app import accounts
from app.cli.edge import database, refused
from app.errors import AppError

group = AppGroup("group", help="Kelompok pelaksana.")


@group.command("add")
@click.argument("key")
@click.option("--name", required=True, help="Nama kelompok.")
@click.option("--kind", required=True, type=click.Choice(list(accounts.GROUP_KINDS)), help="Jenis kelompok.")
def add(key: str, name: str, kind: str) -> None:
    """Tambah kelompok; KEY adalah yang ditulis pada lane sebagai grup."""
    try:
        with database().transaction() as session:
            accounts.add_group(session, key, name, kind)
    except AppError as error:
        raise refused(error) from error
    click.echo(f"Kelompok {key} ditambahkan.")


@group.command("list")
def list_groups() -> None:
    """Semua kelompok dengan jenis dan banyaknya anggota."""
    with database().reading() as session:
        for found, members in accounts.groups_with_members(session):
            click.echo(f"{found.key:32} {found.name} ({accounts.GROUP_KINDS[found.kind]}): {members} orang")
