"""``flask sop …``: check, deploy, start, show, and prove."""

import json
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import access, audit, definitions, duties, instances
from app.cli.edge import database, refused, storage
from app.config import ROOT
from app.diagram import format_norm, norm_total
from app.diagram.calling import called_by
from app.engine.state import ENGINE
from app.errors import AppError, Finding, InvalidBundle
from app.models import Instance, Task, User
from app.words import moment

BPMN_DIR = ROOT / "bpmn"
FORMS_DIR = ROOT / "forms"

sop = AppGroup("sop", help="Periksa, terbitkan, jalankan, dan buktikan SOP.")


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
            with database().transaction() as session:
                found = definitions.deploy(session, bundle, note=note)
                click.echo(f"{found.key} versi {found.version} ({found.digest[:12]})")
        except InvalidBundle as error:
            _print(error.findings)
            raise click.ClickException(f"{file.name} tidak diterbitkan.") from error
        except AppError as error:
            raise refused(error) from error
    if not files:
        _seed_duties()


def _seed_duties() -> None:
    try:
        with database().transaction() as session:
            waiting = duties.seed_duties(session)
    except AppError as error:
        raise refused(error) from error
    for sentence in waiting:
        click.echo(sentence)


@sop.command("list")
def list_all() -> None:
    """SOP yang terbit, versi terakhir."""
    with database().reading() as session:
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
        with database().transaction() as session:
            found = session.scalar(select(User).where(User.username == username))
            actor = access.load_actor(session, found.id) if found else None
            if actor is None:
                raise click.ClickException(f"Pengguna “{username}” tidak ada.")
            instance = instances.start_instance(session, actor, key, posted, token=uuid4().hex)
            click.echo(f"{instance.id} {instance.title}")
    except AppError as error:
        raise refused(error) from error


@sop.command("show")
@click.argument("instance_id", type=int)
def show_one(instance_id: int) -> None:
    """Keadaan satu pelaksanaan dan langkah-langkahnya."""
    with database().reading() as session:
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
    with database().reading() as session:
        query = select(Instance).order_by(Instance.id)
        for instance in session.scalars(query.where(Instance.id.in_(instance_ids)) if instance_ids else query):
            verdict = audit.verify_instance(session, instance, storage())
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
    with database().reading() as session:
        query = select(Instance.id).where(Instance.state.in_(audit.WITH_STATE)).order_by(Instance.id)
        found = session.scalars(query.where(Instance.id.in_(instance_ids)) if instance_ids else query).all()
    for instance_id in found:
        with database().transaction() as session:  # locked: its rows and its state are of one moment
            instance = session.get_one(Instance, instance_id, with_for_update=True)
            problems = tuple(audit.state_problems(session, instance, any_engine=True))
        broken += bool(problems)
        click.echo(f"{instance.id} {instance.title} [{instance.state}]: {'tidak dapat dilanjutkan' if problems else 'baik'}")
        for problem in problems:
            click.echo(f"    {problem}")
    click.echo(f"{len(found)} pelaksanaan diperiksa dengan SpiffWorkflow {ENGINE}, {broken} tidak dapat dilanjutkan.")
    if broken:
        raise SystemExit(1)


def _check(file: Path, forms_dir: Path) -> Iterable[Finding]:
    try:
        bundle = definitions.read_bundle(file, forms_dir)
        if called_by(bundle.bpmn):  # only then is a database needed
            with database().reading() as session:
                bundle = definitions.with_calls(session, bundle)
        return definitions.check_apart(bundle)
    except InvalidBundle as error:
        return error.findings


def _print(findings: Iterable[Finding]) -> None:
    for finding in findings:
        where = f"{finding.file}:{finding.line}" if finding.line else finding.file
        click.echo(f"{where} [{finding.severity}] {finding.rule}: {finding.element or '-'}: {finding.message}")
