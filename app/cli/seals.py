"""``flask keys …``: the sealing keys."""

import click
from flask.cli import AppGroup

from app import instances, keys
from app.cli.edge import database

seals = AppGroup("keys", help="Kunci segel.")


@seals.command("rotate")
def rotate() -> None:
    """Buat kunci segel baru; yang lama tetap memeriksa. Web dan pekerja memakainya tanpa dinyalakan ulang."""
    settings = database().settings
    try:
        made = keys.rotate(keys.path_of(settings.keys_file, settings.instance_dir))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Kunci {made.current} berlaku. Terdaftar: {', '.join(sorted(made.secrets))}. Cadangkan berkasnya.")


@seals.command("reseal")
def reseal() -> None:
    """Segel ulang keadaan semua pelaksanaan dengan kunci yang berlaku; keluar dengan 1 bila ada yang tidak cocok."""
    changed = broken = 0
    with database().reading() as session:
        ids = instances.cases_with_state(session)
    for instance_id in ids:
        with database().transaction() as session:
            done = instances.reseal_state(session, instance_id)
        changed, broken = changed + done.changed, broken + bool(done.problem)
        if done.problem:
            click.echo(f"{instance_id} {done.title}: dibiarkan. {done.problem}")
    click.echo(f"{len(ids)} keadaan diperiksa, {changed} disegel ulang, {broken} dibiarkan.")
    if broken:
        raise SystemExit(1)
