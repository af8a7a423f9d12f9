"""``flask --app app …``: sop, user, db, demo. The edge for a terminal; the same use-cases as the pages."""

import json
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app import access, accounts, audit, backup, definitions, demo, duties, instances, keys
from app.config import ROOT
from app.db import Database
from app.diagram import format_norm, norm_total
from app.diagram.calling import called_by
from app.engine.state import ENGINE
from app.errors import AppError, Finding, InvalidBundle
from app.models import Instance, Task, User
from app.storage import Storage
from app.words import moment

BPMN_DIR = ROOT / "bpmn"
FORMS_DIR = ROOT / "forms"

sop = AppGroup("sop", help="Periksa, terbitkan, jalankan, dan buktikan SOP.")
user = AppGroup("user", help="Pengguna.")
data = AppGroup("db", help="Basis data.")
show = AppGroup("demo", help="Data peragaan.")
seals = AppGroup("keys", help="Kunci segel.")


def register_commands(app: Flask) -> None:
    for group in (sop, user, data, show, seals):
        app.cli.add_command(group)


def _database() -> Database:
    database: Database = current_app.extensions["alur"].database
    return database


def _storage() -> Storage:
    storage: Storage = current_app.extensions["alur"].storage
    return storage


def _refuse(error: AppError) -> click.ClickException:
    return click.ClickException(str(error))


@sop.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai daftar JSON.")
@click.option("--forms", "forms_dir", default=FORMS_DIR, type=click.Path(file_okay=False, path_type=Path), help="Folder formulir.")
def check(files: tuple[Path, ...], as_json: bool, forms_dir: Path) -> None:
    """Periksa diagram beserta formulirnya: aturan, kebiasaan menggambar, keutuhan alur; keluar dengan 1 bila ada kesalahan."""
    findings = [finding for file in files for finding in _check(file, forms_dir)]
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        _print(findings)
        click.echo(f"{len(files)} diagram, {len(findings)} catatan.")
    if any(finding.severity == "error" for finding in findings):
        raise SystemExit(1)


@sop.command("deploy")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--forms", "forms_dir", default=FORMS_DIR, type=click.Path(file_okay=False, path_type=Path), help="Folder formulir.")
@click.option("--note", default="", help="Catatan versi.")
def deploy(files: tuple[Path, ...], forms_dir: Path, note: str) -> None:
    """Terbitkan diagram (tanpa argumen: semua yang ada di bpmn/, dengan kewajiban kantor yang belum pernah dimasukkan)."""
    for file in files or sorted(BPMN_DIR.glob("*.bpmn")):
        try:
            bundle = definitions.read_bundle(file, forms_dir)
            with _database().transaction() as session:
                found = definitions.deploy(session, bundle, note=note)
                click.echo(f"{found.key} versi {found.version} ({found.digest[:12]})")
        except InvalidBundle as error:
            _print(error.findings)
            raise click.ClickException(f"{file.name} tidak diterbitkan.") from error
        except AppError as error:
            raise _refuse(error) from error
    if not files:
        _seed_duties()


def _seed_duties() -> None:
    try:
        with _database().transaction() as session:
            waiting = duties.seed_duties(session)
    except AppError as error:
        raise _refuse(error) from error
    for sentence in waiting:
        click.echo(sentence)


@sop.command("list")
def list_all() -> None:
    """SOP yang terbit, versi terakhir."""
    with _database().reading() as session:
        for found in definitions.latest_all(session):
            drawing = definitions.spec_of(found).drawing
            click.echo(f"{found.code or '-':4} {found.key:24} v{found.version:<3} {format_norm(norm_total(drawing))}  {found.name}")


@sop.command("start")
@click.argument("key")
@click.option("--answers", required=True, type=click.File("r", encoding="utf-8"), help="Isian formulir pembuka (JSON).")
@click.option("--as", "username", required=True, help="Nama pengguna yang memulai.")
def start(key: str, answers: Iterable[str], username: str) -> None:
    """Mulai pelaksanaan SOP."""
    try:
        given = json.loads("".join(answers)).items()
        posted = {name: [str(part) for part in value] if isinstance(value, list) else [str(value)] for name, value in given}
    except (ValueError, AttributeError) as error:
        raise click.ClickException("Berkas isian bukan objek JSON {isian: nilai}.") from error
    try:
        with _database().transaction() as session:
            found = session.scalar(select(User).where(User.username == username))
            actor = access.load_actor(session, found.id) if found else None
            if actor is None:
                raise click.ClickException(f"Pengguna “{username}” tidak ada.")
            instance = instances.start_instance(session, actor, key, posted, token=uuid4().hex)
            click.echo(f"{instance.id} {instance.title}")
    except AppError as error:
        raise _refuse(error) from error


@sop.command("show")
@click.argument("instance_id", type=int)
def show_one(instance_id: int) -> None:
    """Keadaan satu pelaksanaan dan langkah-langkahnya."""
    with _database().reading() as session:
        instance = session.get(Instance, instance_id)
        if instance is None:
            raise click.ClickException(f"Pelaksanaan {instance_id} tidak ada.")
        click.echo(f"{instance.id} {instance.title} [{instance.state}] sejak {moment(instance.started_at)}")
        for task in session.scalars(select(Task).where(Task.instance_id == instance_id).order_by(Task.opened_at, Task.item)):
            ended = f" {moment(task.completed_at)}" if task.completed_at else ""
            item = f" [{task.item}]" if task.item else ""
            click.echo(f"  {task.row:>3} {task.element:10} {task.state:9} ke-{task.round} {task.lane}: {task.name}{item}{ended}")


@sop.command("verify")
@click.argument("instance_ids", nargs=-1, type=int)
def verify(instance_ids: tuple[int, ...]) -> None:
    """Buktikan bahwa jejak tidak diubah (tanpa argumen: semua pelaksanaan); keluar dengan 1 bila ada yang tidak cocok."""
    broken = total = 0
    with _database().reading() as session:
        query = select(Instance).order_by(Instance.id)
        for instance in session.scalars(query.where(Instance.id.in_(instance_ids)) if instance_ids else query):
            verdict = audit.verify_instance(session, instance)
            total += 1
            broken += bool(verdict.problems)
            state = "utuh" if not verdict.problems else "TIDAK UTUH"
            click.echo(f"{instance.id} {instance.title}: {verdict.events} peristiwa, {state}")
            if verdict.broken is not None:
                told = f", {moment(verdict.broken_at)}" if verdict.broken_at else ""
                click.echo(f"    peristiwa pertama yang tidak cocok: ke-{verdict.broken}{told}")
            for problem in verdict.problems:
                click.echo(f"    {problem}")
    click.echo(f"{total} pelaksanaan diperiksa, {broken} tidak utuh.")
    if broken:
        raise SystemExit(1)


@sop.command("verify-state")
@click.argument("instance_ids", nargs=-1, type=int)
def verify_state(instance_ids: tuple[int, ...]) -> None:
    """Muat keadaan semua pelaksanaan yang belum berakhir dengan pustaka yang terpasang; keluar dengan 1 bila ada yang gagal."""
    broken = 0
    with _database().reading() as session:
        query = select(Instance.id).where(Instance.state.in_(audit.WITH_STATE)).order_by(Instance.id)
        found = session.scalars(query.where(Instance.id.in_(instance_ids)) if instance_ids else query).all()
    for instance_id in found:
        with _database().transaction() as session:  # locked: its rows and its state are of one moment
            instance = session.get_one(Instance, instance_id, with_for_update=True)
            problems = tuple(audit.state_problems(session, instance, any_engine=True))
        broken += bool(problems)
        click.echo(f"{instance.id} {instance.title} [{instance.state}]: {'tidak dapat dilanjutkan' if problems else 'baik'}")
        for problem in problems:
            click.echo(f"    {problem}")
    click.echo(f"{len(found)} pelaksanaan diperiksa dengan SpiffWorkflow {ENGINE}, {broken} tidak dapat dilanjutkan.")
    if broken:
        raise SystemExit(1)


@seals.command("rotate")
def rotate() -> None:
    """Buat kunci segel baru; yang lama tetap memeriksa. Web dan pekerja memakainya tanpa dinyalakan ulang."""
    settings = _database().settings
    try:
        made = keys.rotate(keys.path_of(settings.keys_file, settings.instance_dir))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Kunci {made.current} berlaku. Terdaftar: {', '.join(sorted(made.secrets))}. Cadangkan berkasnya.")


@seals.command("reseal")
def reseal() -> None:
    """Segel ulang keadaan semua pelaksanaan dengan kunci yang berlaku; keluar dengan 1 bila ada yang tidak cocok."""
    changed = broken = 0
    with _database().reading() as session:
        ids = instances.cases_with_state(session)
    for instance_id in ids:
        with _database().transaction() as session:
            done = instances.reseal_state(session, instance_id)
        changed, broken = changed + done.changed, broken + bool(done.problem)
        if done.problem:
            click.echo(f"{instance_id} {done.title}: dibiarkan. {done.problem}")
    click.echo(f"{len(ids)} keadaan diperiksa, {changed} disegel ulang, {broken} dibiarkan.")
    if broken:
        raise SystemExit(1)


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
        with _database().transaction() as session:
            accounts.add_user(session, username, name, password, position=position, groups=groups, org_unit_id=org_unit, rights=rights)
    except AppError as error:
        raise _refuse(error) from error
    click.echo(f"Pengguna {username} ditambahkan.")


@user.command("code")
@click.argument("username")
def code(username: str) -> None:
    """Kode masuk sekali pakai, 24 jam: untuk masuk pertama kali atau lupa kata sandi."""
    try:
        with _database().transaction() as session:
            found = session.scalar(select(User.id).where(User.username == username.strip().lower()))
            if found is None:
                raise click.ClickException(f"Pengguna “{username}” tidak ada.")
            click.echo(accounts.make_code(session, None, found))
    except AppError as error:
        raise _refuse(error) from error


@user.command("list")
def list_people() -> None:
    """Semua pengguna dengan kelompok dan haknya."""
    with _database().reading() as session:
        for row in accounts.rows_of(session, session.scalars(select(User).order_by(User.username)).all()):
            told = [seat.title for seat in row.seats if seat.is_current] + [row.org_unit] * bool(row.org_unit)
            told += [accounts.RIGHTS[right] for right in sorted(accounts.rights_of(row.user))]
            state = "" if row.user.is_active else " (nonaktif)"
            click.echo(f"{row.user.username:32} {row.user.name}{state}: {', '.join(told) or '-'}")


@data.command("upgrade")
def upgrade() -> None:
    """Bawa skema basis data ke versi terakhir."""
    _database().migrate()


@data.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def backup_all(folder: Path) -> None:
    """Salin basis data dan berkas ke folder baru, sementara semua orang bekerja."""
    try:
        _tell(backup.make_backup(_database(), _storage(), folder))
    except AppError as error:
        raise _refuse(error) from error
    click.echo("Kunci segel (keys.json) tidak ikut: simpan di tempat lain. Tanpa kunci itu cadangan ini tidak dapat dijalankan.")


@data.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Isi basis data yang kosong, dan penyimpanan berkas, dari cadangan."""
    try:
        _tell(backup.restore(folder, _database(), _storage()))
    except AppError as error:
        raise _refuse(error) from error
    click.echo("Buktikan: flask --app app sop verify")


def _tell(copied: backup.Copied) -> None:
    click.echo(f"{copied.rows} baris dan {copied.files} berkas disalin.")
    for name in copied.missing:
        click.echo(f"    Isi berkas “{name}” hilang atau telah berubah.", err=True)


@show.command("seed")
def seed() -> None:
    """Isi data peragaan: OPD, kelompok, orang; sekali saja."""
    with _database().transaction() as session:
        made = demo.seed(session)
    click.echo(demo.table(made) if made else "Data peragaan sudah ada.")


def _check(file: Path, forms_dir: Path) -> Iterable[Finding]:
    try:
        bundle = definitions.read_bundle(file, forms_dir)
        if called_by(bundle.bpmn):  # only then is a database needed
            with _database().reading() as session:
                bundle = definitions.with_calls(session, bundle)
        return definitions.check_apart(bundle)
    except InvalidBundle as error:
        return error.findings


def _print(findings: Iterable[Finding]) -> None:
    for finding in findings:
        where = f"{finding.file}:{finding.line}" if finding.line else finding.file
        click.echo(f"{where} [{finding.severity}] {finding.rule}: {finding.element or '-'}: {finding.message}")
