"""What happens to other services, and which alert of their promises fires on it."""

from collections.abc import Mapping


def counter(*parts: tuple[int, float]) -> str:
    """Return a counter in promtool's short form: (minutes, events a minute) one after the other."""
    value, words = 0.0, []
    for minutes, rate in parts:
        words.append(f"{value:g}+{rate:g}x{minutes - 1}")
        value += rate * minutes
    return " ".join(words)


def gauge(*parts: tuple[int, float]) -> str:
    """Return a gauge: (minutes, value) one after the other."""
    return " ".join(f"{value:g}x{minutes - 1}" for minutes, value in parts)


GRPC = 'grpc_server_handled_total{job="payments",grpc_code="%s"}'
MAIL = 'mail_sent_total{outcome="%s"}'
LAG = 'queue_oldest_message_age_seconds{job="order-queue"}'
CHECKOUT = 'http_server_requests_seconds_count{job="checkout",status="%s"}'
DURATION = 'search_duration_seconds_bucket{le="%s"}'


def searches(*parts: tuple[int, float]) -> dict[str, str]:
    """Return 600 searches a minute, of which a share takes longer than 300 ms."""
    fast = [(minutes, 600 * (1 - slow)) for minutes, slow in parts]
    whole = counter((sum(minutes for minutes, _ in parts), 600))
    return {
        DURATION % "0.3": counter(*fast), DURATION % "1": whole, DURATION % "+Inf": whole,
        "search_duration_seconds_count": whole,
    }  # fmt: skip


def checkouts(*parts: tuple[int, float]) -> dict[str, str]:
    """Return 100 checkouts a minute, of which a share fails."""
    good = [(minutes, 100 * (1 - bad)) for minutes, bad in parts]
    return {
        CHECKOUT % "200": counter(*good),
        CHECKOUT % "500": counter(*[(minutes, 100 * bad) for minutes, bad in parts]),
    }


GATEWAY = 'gateway_requests_total{job="gateway",handler="%s",code="%s"}'


def gateways(share: float) -> dict[str, str]:
    """Return a busy handler that is well, and a quiet one of which a share fails."""
    return {
        GATEWAY % ("/search", "200"): counter((90, 6000)),
        GATEWAY % ("/export", "200"): counter((90, 30 * (1 - share))),
        GATEWAY % ("/export", "503"): counter((90, 30 * share)),
    }


# Each: the alert, what was, and whether it fires at the end. Burn factors are scaled to period and
# target; a bad slice is a whole slice whatever its share, a slice that is just good costs nothing.
Row = tuple[str, dict[str, str], bool]
CASES: Mapping[str, Mapping[str, Row]] = {
    "all-kinds": {
        "a fifth of the mail is lost for an hour": (
            "MailDeliveryBurnMailPolicy",
            {MAIL % "delivered": counter((90, 70)), MAIL % "lost": counter((90, 30))},
            True,
        ),
        "a little mail is lost, less than the policy speaks of": (
            "MailDeliveryBurnMailPolicy",
            {MAIL % "delivered": counter((90, 75)), MAIL % "lost": counter((90, 25))},
            False,
        ),
        "a little mail is lost, as the other policy speaks of": (
            "MailDeliveryBurnMailSlowBurn",
            {MAIL % "delivered": counter((90, 75)), MAIL % "lost": counter((90, 25))},
            True,
        ),
    },
    "payments-availability": {
        "calls fail ten times too often": (
            "PaymentsAvailabilityBudgetBurnFast",
            {GRPC % "OK": counter((135, 600)), GRPC % "Internal": counter((90, 0), (45, 9))},
            True,
        ),
        "calls fail as often as promised": (
            "PaymentsAvailabilityBudgetBurnFast",
            {GRPC % "OK": counter((135, 600)), GRPC % "Internal": counter((135, 0.3))},
            False,
        ),
        "no call has ever failed, and no series tells of failures": (
            "PaymentsAvailabilityUnmeasured",
            {GRPC % "OK": counter((60, 600))},
            False,
        ),
        "no call is known of": ("PaymentsAvailabilityUnmeasured", {"up": gauge((60, 1))}, True),
    },
    "queue-lag": {
        "the queue is late for minutes": (
            "QueueFreshnessBudgetBurnFast",
            {LAG: gauge((100, 5), (20, 61))},
            True,
        ),
        "the queue is just in time": (
            "QueueFreshnessBudgetBurnFast",
            {LAG: gauge((100, 5), (20, 60))},
            False,
        ),
        "the queue has been a little late for hours": (
            "QueueFreshnessBudgetBurnSlow",
            {LAG: " ".join(gauge((18, 5), (1, 100)) for _ in range(9))},
            True,
        ),
    },
    "gateway-routes": {
        "a handler of one request in two hundred fails": (
            "GatewayRequestsPartBudgetBurn",
            gateways(0.5),
            True,
        ),
        "the sum of all handlers does not show it": (
            "GatewayRequestsBudgetBurnFast",
            gateways(0.5),
            False,
        ),
        "a handler fails now and then": ("GatewayRequestsPartBudgetBurn", gateways(0.05), False),
    },
    "checkout-month": {
        "the slices of checkouts are bad": (
            "CheckoutMonthBudgetBurnFast",
            checkouts((60, 0), (30, 0.05)),
            True,
        ),
        "the slices of checkouts are just good": (
            "CheckoutMonthBudgetBurnFast",
            checkouts((60, 0), (30, 0.009)),
            False,
        ),
    },
    "search-latency": {
        "the 95th percentile is too high in every slice": (
            "SearchP95BudgetBurnFast",
            searches((60, 0), (45, 0.2)),
            True,
        ),
        "the 95th percentile is low enough": (
            "SearchP95BudgetBurnFast",
            searches((60, 0), (45, 0.04)),
            False,
        ),
        "nobody searches, so that there is no percentile": (
            "SearchP95BudgetBurnFast",
            {name: counter((100, 0)) for name in searches((1, 0))},
            False,
        ),
        "one search in three is slow for hours": (
            "SearchFastShareBudgetBurnFast",
            searches((60, 0), (200, 0.4)),
            True,
        ),
    },
}
