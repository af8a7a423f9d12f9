""" "Salin pesan WhatsApp": ready texts for the group of the OPD. Sending them stays with the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from app import clock
from app.instances import Collection, Gathered
from app.web.posting import new_token
from app.words import clock_time, long_date

GREETING = "Yth. Bapak/Ibu Kepala Perangkat Daerah"


@dataclass(frozen=True)
class Message:
    """key: id in the page. about: what the trail calls it. label: when to send it. items: ids of the OPD it is for.

    token: of this text on this page: copied and then opened in WhatsApp, it is one reminder.
    """

    key: str
    about: str
    label: str
    text: str
    items: tuple[str, ...]
    token: str

    @property
    def link(self) -> str:
        """Opens WhatsApp with the text in it; the person chooses to whom it goes."""
        return f"https://wa.me/?text={quote(self.text, safe='')}"


def messages_of(found: Collection, lines: Sequence[tuple[str, Gathered]], due: datetime | None, address: str, office: str) -> list[Message]:
    """lines: (name of the OPD, its line). Only what there is a reason to send."""
    waiting = [(name, line) for name, line in lines if line.task.state == "open"]
    missing = [name for name, _line in waiting]
    returned = [(name, line) for name, line in lines if line.state == "dikembalikan"]
    what = f"“{found.element.name}” ({found.instance.title})"
    made = []
    passed = due is not None and due < clock.now()
    if missing and due is not None and not passed:
        until = f"{long_date(due)} pukul {clock_time(due)}"
        sent = f"surat permintaan untuk {what} sudah dikirim. Mohon disampaikan paling lambat {until}."
        made.append(("surat", "Surat sudah dikirim", [f"{GREETING},", sent, *_where(address)]))
        days = (due.astimezone(clock.WIB).date() - clock.today()).days
        left = "hari ini adalah batas waktu" if days == 0 else f"{days} hari lagi batas waktu"
        soon = f"{left} {what}, yaitu {until}. Terima kasih kepada yang sudah menyampaikan; yang belum, mohon segera menyampaikan."
        made.append(("pengingat", f"Pengingat, H-{days}", [f"{GREETING},", soon, *_where(address)]))
    if missing:
        lead = f"batas waktu {what} sudah lewat pada {long_date(due)}." if due and passed else f"penerimaan {what} masih berlangsung."
        names = "\n".join(f"{number}. {name}" for number, name in enumerate(missing, start=1))
        sentence = f"{lead} Yang belum menyampaikan ({len(missing)} dari {found.asked}):\n{names}"
        made.append(("belum", f"Belum menyampaikan ({len(missing)} OPD)", [f"{GREETING},", sentence, *_where(address)]))
    for number, (name, line) in enumerate(returned, start=1):
        reason = f" dengan catatan:\n{line.note}" if line.note else "; catatannya ada pada halaman tugas."
        sentence = f"kiriman Anda untuk {what} dikembalikan untuk diperbaiki{reason}"
        made.append((f"dikembalikan-{number}", f"Dikembalikan: {name}", [f"Yth. {name},", sentence, *_where(address)]))
    items = tuple(line.task.item or "" for _name, line in waiting)
    to = {f"dikembalikan-{number}": (line.task.item or "",) for number, (_name, line) in enumerate(returned, start=1)}
    return [
        Message(key, key.partition("-")[0], label, "\n\n".join([*parts, f"Terima kasih.\n{office}"]), to.get(key, items), new_token())
        for key, label, parts in made
    ]


def _where(address: str) -> list[str]:
    return [f"Disampaikan melalui {address}. Bila ada kendala, hubungi Tata Usaha."]
