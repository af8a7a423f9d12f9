"""``flask db …`` and ``flask demo …``: the schema, backups, the demo."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app import backup, demo
from app.cli.edge import database, refused, storage
from app.errors import AppError

data = AppGroup("db", help="Basis data.")
show = AppGroup("demo", help="Data peragaan.")


@data.command("upgrade")
def upgrade() -> None:
    """Bawa skema basis data ke versi terakhir."""
    database().migrate()


@data.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def backup_all(folder: Path) -> None:
    """Salin basis data dan berkas ke folder baru, sementara semua orang bekerja."""
    try:
        _tell(backup.make_backup(database(), storage(), folder))
    except AppError as error:
        raise refused(error) from error
    click.echo("Kunci segel (keys.json) tidak ikut: simpan di tempat lain. Tanpa kunci itu cadangan ini tidak dapat dijalankan.")


@data.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Isi basis data yang kosong, dan penyimpanan berkas, dari cadangan."""
    try:
        _tell(backup.restore(folder, database(), storage()))
    except AppError as error:
        raise refused(error) from error
    click.echo("Buktikan: flask --app app sop verify")


def _tell(copied: backup.Copied) -> None:
    click.echo(f"{copied.rows} baris dan {copied.files} berkas disalin.")
    for name in copied.missing:
        click.echo(f"    Isi berkas “{name}” hilang atau telah berubah.", err=True)


@show.command("seed")
def seed() -> None:
    """Isi data peragaan: OPD, kelompok, orang; sekali saja."""
    with database().transaction() as session:
        made = demo.seed(session)
    click.echo(demo.table(made) if made else "Data peragaan sudah ada.")
