"""Structured logs: one JSON line per event, with request ids and without personal data."""

import logging
import os
import sys
from typing import Any

import structlog


def configure(_config: dict[str, Any] | None = None) -> None:
    """Send every log line through structlog, as JSON on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Somebody at a terminal wants to see what goes wrong; a service keeps a line for each request.
    usual = "WARNING" if sys.stderr.isatty() else "INFO"
    root.setLevel(os.environ.get("SALESMODE_LOG_LEVEL", usual).upper())
    for noisy in ("procrastinate", "uvicorn.access", "httpx", "django.request"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
