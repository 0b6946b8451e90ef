"""`salesmode worker`: only the work behind the pages, for a machine of its own."""

from salesmode.config.terminal import command as a_command


@a_command(example="salesmode worker --data /srv/salesmode", database="current", name="worker")
def command() -> None:
    """Do the jobs and keep the warehouse current, without serving pages."""
    from salesmode.config import doctor, family

    doctor.refuse_unsafe()
    family.worker_process()
