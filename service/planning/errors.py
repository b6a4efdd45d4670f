"""Why a wish cannot be planned."""


class PlanError(Exception):
    """A value cannot be planned: a stable code, the field, and the reason."""

    def __init__(self, code: str, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.code, self.field, self.reason = code, field, reason
