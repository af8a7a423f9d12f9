"""The worker process: ``python -m app.worker``. Wiring only; what it does is in ``app.jobs``."""

import logging

from app import keys
from app.config import Settings
from app.db import Database
from app.jobs import make_huey, register_jobs
from app.storage import Storage


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings()
    loaded = keys.load(keys.path_of(settings.keys_file, settings.instance_dir))
    huey = make_huey(settings)
    register_jobs(huey, Database(settings, loaded), Storage(settings))
    consumer = huey.create_consumer(workers=1, periodic=True)
    print("Pekerja latar berjalan.", flush=True)
    consumer.run()


if __name__ == "__main__":
    main()
