"""Run the same thing at once in many threads, each with its own connection."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def race(runners: int, run: Callable[[int], Any]) -> list[Any]:
    """Start all at the same moment; return what each returned or raised."""
    barrier, results = threading.Barrier(runners), [None] * runners

    def one(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            results[number] = run(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine returns; in a thread of its own, for a browser may keep the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
