"""People and OPD of a demo: what ``make run`` shows. One generated password for all, printed once and stored nowhere."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import accounts, clock
from app.db import settings_of
from app.models import Group, Membership, OrgUnit, ServiceUnit, TeamDecree, TeamMember, User

SINCE = date(2017, 1, 1)
GROUPS = (
    ("tu_bagian", "Tata Usaha Bagian Organisasi", "unit"),
    ("kasubbag_tatalaksana", "Kasubbag Tatalaksana", "jabatan"),
    ("kabag_organisasi", "Kabag Organisasi", "jabatan"),
    ("opd", "Perangkat Daerah (OPD)", "opd"),
    ("tim_penyusun", "Tim Penyusun", "tim"),
    ("asisten", "Asisten", "jabatan"),
    ("sekda", "Sekretaris Daerah", "jabatan"),
    ("bupati", "Bupati", "jabatan"),
    ("ajudan_bupati", "Ajudan Bupati", "unit"),
    ("tim_monitoring", "Tim Monitoring", "tim"),
    ("pengadministrasi_umum", "Pengadministrasi Umum", "unit"),
)
# username, name, position, groups, rights
PEOPLE = (
    ("tu", "Siti Aminah", "Tata Usaha Bagian Organisasi", ("tu_bagian",), ()),
    ("kasubbag", "Rahmat Hidayat, S.Sos.", "Kasubbag Tatalaksana", ("kasubbag_tatalaksana",), ()),
    ("kabag", "Dra. Nurhayati, M.Si.", "Kabag Organisasi", ("kabag_organisasi",), ()),
    ("tim", "Dewi Lestari, S.A.P.", "Tim Penyusun", ("tim_penyusun",), ()),
    ("monitoring", "Fitri Handayani, S.I.P.", "Tim Monitoring", ("tim_monitoring",), ()),
    ("umum", "Nur Aini", "Pengadministrasi Umum", ("pengadministrasi_umum",), ()),
    ("asisten", "Ir. Zulkifli Anwar", "Asisten Administrasi Umum", ("asisten",), ()),
    ("sekda", "Drs. Hasan Basri, M.M.", "Sekretaris Daerah", ("sekda",), ()),
    ("bupati", "H. Ahmad Fauzi", "Bupati Bintan", ("bupati",), ()),
    ("ajudan", "Bayu Pratama", "Ajudan Bupati", ("ajudan_bupati",), ()),
    ("analis", "Putri Maharani, S.Kom.", "Analis Kebijakan", (), ("analyst",)),
    ("auditor", "Hendra Wijaya, S.E.", "Auditor Inspektorat Daerah", (), ("auditor",)),
    ("admin", "Yusuf Ramadhan", "Admin Aplikasi", (), ("admin",)),
)
DISTRICTS = (
    "Teluk Bintan", "Seri Kuala Lobam", "Bintan Utara", "Teluk Sebong", "Bintan Timur", "Bintan Pesisir", "Mantang", "Gunung Kijang",
    "Toapaya", "Tambelan",
)  # fmt: skip
UNITS = (
    ("setda", "Sekretariat Daerah", "Sekretariat"),
    ("setwan", "Sekretariat DPRD", "Sekretariat"),
    ("inspektorat", "Inspektorat Daerah", "Badan"),
    ("dinas_pendidikan", "Dinas Pendidikan", "Dinas"),
    ("dinas_kesehatan", "Dinas Kesehatan", "Dinas"),
    ("dinas_pupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas"),
    ("dinas_perkim", "Dinas Perumahan Rakyat dan Kawasan Permukiman", "Dinas"),
    ("satpol_pp", "Satuan Polisi Pamong Praja", "Dinas"),
    ("dinas_sosial", "Dinas Sosial", "Dinas"),
    ("dinas_tenaga_kerja", "Dinas Tenaga Kerja", "Dinas"),
    ("dinas_p3ap2kb", "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan KB", "Dinas"),
    ("dinas_pangan_pertanian", "Dinas Ketahanan Pangan dan Pertanian", "Dinas"),
    ("dinas_lingkungan_hidup", "Dinas Lingkungan Hidup", "Dinas"),
    ("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Dinas"),
    ("dinas_pmd", "Dinas Pemberdayaan Masyarakat dan Desa", "Dinas"),
    ("dinas_perhubungan", "Dinas Perhubungan", "Dinas"),
    ("diskominfo", "Dinas Komunikasi dan Informatika", "Dinas"),
    ("dinas_kukmpp", "Dinas Koperasi, Usaha Mikro, Perindustrian dan Perdagangan", "Dinas"),
    ("dpmptsp", "Dinas Penanaman Modal dan PTSP", "Dinas"),
    ("dinas_pemuda_olahraga", "Dinas Pemuda dan Olahraga", "Dinas"),
    ("dinas_pariwisata_kebudayaan", "Dinas Pariwisata dan Kebudayaan", "Dinas"),
    ("dinas_perpustakaan", "Dinas Perpustakaan dan Kearsipan", "Dinas"),
    ("dinas_perikanan", "Dinas Perikanan", "Dinas"),
    ("bapelitbang", "Badan Perencanaan, Penelitian dan Pengembangan", "Badan"),
    ("bkpsdm", "Badan Kepegawaian dan Pengembangan SDM", "Badan"),
    ("bpkad", "Badan Pengelolaan Keuangan dan Aset Daerah", "Badan"),
    ("bapenda", "Badan Pendapatan Daerah", "Badan"),
    ("bpbd", "Badan Penanggulangan Bencana Daerah", "Badan"),
    ("kesbangpol", "Badan Kesatuan Bangsa dan Politik", "Badan"),
    *((f"kec_{name.lower().replace(' ', '_')}", f"Kecamatan {name}", "Kecamatan") for name in DISTRICTS),
)
# OPD, unit, service
SERVICES = (
    ("disdukcapil", "Pelayanan Pendaftaran Penduduk", "KTP elektronik dan kartu keluarga"),
    ("disdukcapil", "Pelayanan Pencatatan Sipil", "Akta kelahiran dan kematian"),
    ("dpmptsp", "Mal Pelayanan Publik", "Perizinan berusaha"),
    ("dinas_kesehatan", "Puskesmas Kijang", "Rawat jalan"),
    ("dinas_kesehatan", "Puskesmas Kawal", ""),
)
# role, username
TEAMS = (
    ("tim_penyusun", "Tim Penyusun Dokumen Kinerja", (("ketua", "kabag"), ("sekretaris", "kasubbag"), ("anggota", "tim"))),
    ("tim_monitoring", "Tim Monitoring Pelayanan Publik", (("ketua", "kabag"), ("anggota", "monitoring"))),
)


@dataclass(frozen=True)
class Seeded:
    """password: of every demo person; nothing keeps it but what prints it. people: (username, name, position)."""

    password: str
    people: tuple[tuple[str, str, str], ...]


def seed(session: Session) -> Seeded | None:
    """Groups, 39 OPD with units of service, decrees; one person per lane and per OPD, an ajudan, an analyst, an auditor, an admin.

    None when people exist already.
    """
    if settings_of(session).profile != "demo" or session.scalar(select(User.id).limit(1)) is not None:
        return None
    add_offices(session)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    first = accounts.add_user(session, PEOPLE[0][0], PEOPLE[0][1], password, position=PEOPLE[0][2], groups=PEOPLE[0][3])
    session.flush()
    for held in session.scalars(select(Membership).where(Membership.user_id == first.id)):
        held.valid_from = SINCE  # as everybody's below
    people = [(username, name, position, groups, rights, None) for username, name, position, groups, rights in PEOPLE[1:]] + [
        (f"opd.{id}", f"Petugas {name}", f"Petugas {name}", ("opd",), (), id) for id, name, _kind in UNITS
    ]
    # One hash for all: the password is one, and 50 times argon2 would make the first start wait half a minute.
    for username, name, position, groups, rights, unit in people:
        row = User(
            username=username, name=name[:200], position=position[:200], password_hash=first.password_hash, org_unit_id=unit,
            is_active=True, created_at=clock.now(),
            is_analyst="analyst" in rights, is_auditor="auditor" in rights, is_admin="admin" in rights,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(Membership(user_id=row.id, group_key=key, acting="", valid_from=SINCE) for key in groups)
    add_registers(session)
    names = tuple((user.username, user.name, user.position) for user in session.scalars(select(User).order_by(User.id)))
    return Seeded(password, names)


def add_offices(session: Session) -> None:
    """Groups and OPD, without people."""
    session.add_all(Group(key=key, name=name, kind=kind) for key, name, kind in GROUPS)
    session.add_all(OrgUnit(id=id, name=name, kind=kind, valid_from=SINCE, valid_to=None) for id, name, kind in UNITS)
    session.flush()


def add_registers(session: Session) -> None:
    """Units of service, and a decree for each team: one that holds until it is replaced, one that ended with last year."""
    session.add_all(ServiceUnit(org_unit_id=unit, name=name, service=service, valid_from=SINCE) for unit, name, service in SERVICES)
    users = {user.username: user for user in session.scalars(select(User))}
    ends = {"tim_monitoring": clock.today().replace(month=1, day=1) - timedelta(days=1)}
    for number, (group, title, members) in enumerate(TEAMS, 1):
        decree = TeamDecree(
            group_key=group, number=f"{number} Tahun {SINCE.year}", dated=SINCE, title=f"Pembentukan {title}", valid_from=SINCE,
            valid_to=ends.get(group), kept_at="Lemari 2, map SK Tim",
        )  # fmt: skip
        session.add(decree)
        session.flush()
        for place, (role, username) in enumerate(members, 1):
            user = users[username]
            session.add(TeamMember(decree_id=decree.id, place=place, role=role, name=user.name, user_id=user.id))
    session.flush()


def table(seeded: Seeded) -> str:
    """For the terminal, once."""
    shown = [person for person in seeded.people if not person[0].startswith("opd.")]
    opd = [person[0] for person in seeded.people if person[0].startswith("opd.")]
    lines = [f"  {username:12} {name:28} {position}" for username, name, position in shown]
    lines += [
        f"  {opd[0]} … {opd[-1]} ({len(opd)} OPD, satu orang tiap OPD)",
        "",
        f"  Kata sandi semua pengguna peragaan: {seeded.password}",
    ]
    return "\n".join(["Pengguna peragaan (tampil sekali ini saja):", *lines])
