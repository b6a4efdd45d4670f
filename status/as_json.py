"""The page for programs: `status.json`."""

from typing import Final

from kit.pure.json_values import JsonObject
from slo.maintenance import Maintenance
from status import words
from status.measured import Day
from status.notice import Notice, moment_text
from status.page import Page, Row

SCHEMA: Final = "calendar-sre/status-page/v1"


def as_plain(page: Page) -> JsonObject:
    """Return the page as JSON has it; nothing stands there that the page does not show."""
    return {
        "schema": SCHEMA,
        "title": page.named.title,
        "made": moment_text(page.made),
        "state": str(page.state),
        "words": words.HEADLINE[page.state],
        "components": [_row(each) for each in page.rows],
        "notices": [_notice(each) for each in page.notices],
        "measured": [
            {
                "component": each.component.id,
                "state": str(each.stretch.state),
                "start": moment_text(each.stretch.start),
                "end": moment_text(each.stretch.end) if each.stretch.end else None,
            }
            for each in page.unannounced
        ],
        "maintenance": [_window(each) for each in page.maintenance],
    }


def _row(row: Row) -> JsonObject:
    return {
        "id": row.component.id,
        "name": row.component.name,
        "state": str(row.state),
        "uptime": row.measured.uptime,
        "days_measured": row.measured.days_seen,
        "days": [_day(each) for each in row.measured.days],
    }


def _day(day: Day) -> JsonObject:
    return {
        "date": day.date.isoformat(),
        "state": str(day.state),
        "down_min": round(day.down_min, 1),
        "watched": round(day.watched, 4),
        "failed": None if day.failed is None else round(day.failed, 6),
        "maintenance_min": round(day.maintenance_min, 1),
    }


def _notice(notice: Notice) -> JsonObject:
    return {
        "id": notice.id,
        "kind": str(notice.kind),
        "title": notice.title,
        "impact": str(notice.impact),
        "components": list(notice.components),
        "began": moment_text(notice.began),
        "ended": moment_text(notice.ended) if notice.ended else None,
        "updates": [
            {"at": moment_text(each.at), "stage": str(each.stage), "text": each.text}
            for each in notice.updates
        ],
    }


def _window(window: Maintenance) -> JsonObject:
    return {
        "start": moment_text(window.start),
        "end": moment_text(window.end),
        "reason": window.reason,
        "components": list(window.components),
    }
