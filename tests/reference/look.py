"""Open one page of a data folder as an administrator and print it, in a program of its own as a server would be."""

import sys

from salesmode.config.terminal import product


def main(address: str) -> None:
    """Print the page at an address."""
    with product("current"):
        from django.test import Client
        from django.utils.timezone import now

        from salesmode.people import operations
        from salesmode.people.models import Person

        system = Person.objects.system()
        somebody = Person.objects.filter(email="ed@example.com").first() or operations.create_person(
            email="ed@example.com", name="Ed", role="operations", language="en", by=system, at=now()
        )
        client = Client(headers={"host": "localhost"})
        client.force_login(somebody)
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}.")
        sys.stdout.write(answer.content.decode())


if __name__ == "__main__":
    main(sys.argv[1])
