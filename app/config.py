"""Typed settings from the environment (prefix ``ALUR_``), listed in docs/settings.md."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting there is. Field descriptions are the documentation; a test compares them with docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="ALUR_", extra="ignore", frozen=True)

    profile: Literal["demo", "production"] = Field("demo", description="demo: SQLite, demo people, loopback; production: none of these")
    instance_dir: Path = Field(ROOT / "instance", description="Folder for the SQLite file, keys.json and attachments of the demo")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite file alur.db in instance_dir")
    files_url: str = Field("", description="fsspec URL of the attachments; empty: folder files in instance_dir")
    keys_file: Path | None = Field(None, description="JSON file with the sealing keys; empty: keys.json in instance_dir, made once")
    secret_key: SecretStr = Field(SecretStr(""), description="Flask's secret key; empty in the demo: kept in keys.json")
    office_name: str = Field("Bagian Organisasi Setda Kab. Bintan", description="Name of the office in the page header")
    office_region: str = Field("Kabupaten Bintan", description="Name of the region on printed pages")
    locale: Literal["id", "en"] = Field("id", description="Language of the pages")
    cookie_secure: bool = Field(False, description="true behind HTTPS: Secure and __Host- cookies; production demands it")
    max_file_mb: int = Field(25, ge=1, le=500, description="Largest attachment in megabytes")
    quota_mb: int = Field(2048, ge=1, description="Attachments one person may keep, in megabytes")
    scanner: str = Field("", pattern=r"^([^\s:]+:\d{1,5})?$", description="clamd that every file is shown to, as host:port; empty: none")
    session_idle_minutes: int = Field(30, ge=1, description="Signed out after this many minutes without a request")
    session_hours: int = Field(12, ge=1, description="Signed out after this many hours in any case")
    lock_seconds: int = Field(10, ge=1, le=60, description="Longest wait for a locked row or database before 503")
    closing_time: str = Field("16.00", pattern=r"^\d\d\.\d\d$", description="A deadline without a time means this time (WIB) on that day")
    login_tries: int = Field(10, ge=1, description="Wrong passwords per account or address in 15 minutes before a pause")
    argon2_time_cost: int = Field(3, ge=1, description="argon2id rounds; lower only in tests")
    argon2_memory_kib: int = Field(65536, ge=32, description="argon2id memory in KiB; lower only in tests")

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.profile == "production":
            if len(self.secret_key.get_secret_value()) < 32:
                raise ValueError("ALUR_SECRET_KEY harus diisi sedikitnya 32 karakter pada profil production.")
            if not self.cookie_secure:
                raise ValueError("ALUR_COOKIE_SECURE harus true pada profil production (aplikasi dilayani lewat HTTPS).")
            if not self.database_url:
                raise ValueError("ALUR_DATABASE_URL harus diisi pada profil production.")
            if self.keys_file is None:
                raise ValueError("ALUR_KEYS_FILE harus diisi pada profil production: kunci segel disimpan di luar basis data.")
        return self

    @property
    def db_url(self) -> str:
        return self.database_url or f"sqlite:///{self.instance_dir / 'alur.db'}"

    @property
    def storage_url(self) -> str:
        return self.files_url or (self.instance_dir / "files").as_uri()
