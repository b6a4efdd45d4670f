"""What opens doors and what people wrote is masked; what explains an incident stays."""

import pytest

from ops.incidents.masking import MASK, Masking, masking_of


@pytest.mark.parametrize(
    "line",
    [
        "mongodb://ada:SECRETS@db.internal:27017/calendar",
        "redis://:SECRETS@cache:6379/0",
        "postgres://ada:p@SECRETS@db/x",
        "Authorization: Bearer SECRETS",
        "authorization: Basic SECRETS==",
        '{"Authorization": "Bearer SECRETS"}',
        "curl -H 'X-API-Key: SECRETS' http://x",
        "set-cookie: session=SECRETS; Path=/",
        '{"password": "SECRETS", "user": 1}',
        "CALENDAR_ADMIN_KEY=SECRETS",
        "routing_key: SECRETS",
        "prog --token SECRETS --verbose",
        "prog --api-key=SECRETS",
        "https://hooks.slack.com/services/T0/SECRETS",
        "token eyJhbGciOiJI.SECRETSxx.abcdef",
        "xoxb-12345678-SECRETS",
        "-----BEGIN RSA PRIVATE KEY-----\nSECRETS\n-----END RSA PRIVATE KEY-----",
        '{"event": "decision", "text": "dinner with SECRETS at \\"noon\\" SECRETS"}',
        '{"title": "SECRETS"}',
        "mail from SECRETS@example.org",
    ],
)
def test_a_secret_does_not_survive(line: str) -> None:
    found = Masking().text(line)
    assert "SECRETS" not in found
    assert MASK in found


def test_what_the_environment_holds_is_masked_wherever_it_stands() -> None:
    environment = {
        "SRE_API_KEYS": "first-key-1,second-key-2",
        "CALENDAR_MONGODB_URL": "mongodb://ada:hunter22@db/calendar",
        "HOME": "/root",
    }
    masking = masking_of(environment)
    assert masking.text("got first-key-1 and second-key-2") == f"got {MASK} and {MASK}"
    assert masking.text("hunter22 again in /root") == f"{MASK} again in /root"


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"ERROR","event":"request","method":"POST","route":"/events","status":503}',
        '{"timestamp":"2026-11-01T10:00:00Z","request_id":"fd-9","duration_ms":12.5}',
        '{"event":"unauthorized","reason":"unknown","address":"203.0.113.7"}',
        'http_requests_total{method="GET",route="/events/{id}",status="500"} 12.0',
        'auth_failures_total{reason="unknown_key"} 3.0',
        "mongodb://db.internal:27017/calendar?directConnection=true",
    ],
)
def test_what_explains_an_incident_stays_as_it_is(line: str) -> None:
    assert Masking().text(line) == line
