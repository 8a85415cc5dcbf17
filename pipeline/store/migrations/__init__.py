"""The schema's history. `upgrade` brings a database to the newest version; nobody runs Alembic by hand."""

from pathlib import Path

import sqlalchemy as sa


def upgrade(engine: sa.Engine) -> None:
    """Runs the migrations that a database lacks, all in one transaction where the database can."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
