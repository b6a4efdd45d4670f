"""Everything that can be configured, read from environment variables that start with CALENDAR_."""

import re
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.networks import networks_of

_SHORTEST_ADMIN_KEY: Final = 20
_FEWEST_CHARACTERS: Final = 8
_COLLECTOR: Final = re.compile(r"https?://[^\s/?#]+(/[^\s]*)?")
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+=[\x20-\x7e]*")
Mode = Literal["normal", "degraded", "read_only"]


class Settings(BaseSettings):
    """One value per setting; docs/service.md explains each. Durations are seconds."""

    model_config = SettingsConfigDict(
        env_prefix="CALENDAR_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    # where the data is
    mongodb_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/calendar")
    mongodb_database: str = ""  # empty: the one in the URL, else "calendar"
    mongodb_pool_size: int = Field(default=50, ge=1, le=1000)
    mongodb_timeout_s: float = Field(default=0.8, gt=0, le=30)
    redis_url: SecretStr = SecretStr("")  # empty: only the cache inside the process
    redis_timeout_s: float = Field(default=0.25, gt=0, le=10)
    dependency_check_interval_s: float = Field(default=1.0, gt=0, le=60)

    # how it behaves
    mode: Mode = "normal"
    workers: int = Field(default=1, ge=1)  # processes that serve together
    request_deadline_s: float = Field(default=5.0, gt=0, le=300)
    body_deadline_s: float = Field(default=3.0, gt=0, le=300)
    body_limit_bytes: int = Field(default=262_144, ge=1024)
    import_limit_bytes: int = Field(default=10_485_760, ge=1024)
    cache_entries: int = Field(default=20_000, ge=0)
    cache_ttl_s: float = Field(default=300.0, gt=0)
    shared_cache_ttl_s: float = Field(default=3600.0, gt=0)
    idempotency_ttl_s: int = Field(default=86_400, ge=60)

    # who may come in
    auth: Literal["on", "off"] = "on"
    admin_key: SecretStr = SecretStr("")  # opens every scope; used to create the first real keys
    key_memory_s: float = Field(default=30.0, ge=0, le=600)
    known_keys_s: float = Field(default=900.0, ge=0, le=3600)
    trusted_proxies: str = ""  # addresses and networks, with commas between
    rate_limit: int = Field(default=6000, ge=0)  # requests per window and key; 0 is no limit
    rate_limit_window_s: float = Field(default=60.0, gt=0)
    failed_login_limit: int = Field(default=30, ge=1)  # per address, and per its keys' id

    public_url: str = ""  # where others reach it; empty: what a request says

    # quality
    confidence_threshold: float = Field(default=0.6, ge=0, le=1)
    manual_review: bool = False
    review_threshold: float = Field(default=0.5, ge=0, le=1)

    # the optional language model
    llm_url: str = ""  # an OpenAI-compatible base URL such as https://host/v1; empty is none
    llm_key: SecretStr = SecretStr("")
    llm_model: str = "default"
    llm_timeout_s: float = Field(default=2.0, gt=0, le=60)
    llm_budget_per_hour: int = Field(default=600, ge=0)  # calls of each worker

    # what it tells
    log_dir: Path | None = None  # empty: standard output only
    log_text: bool = False  # also log the sentences that people wrote
    traces_url: SecretStr = SecretStr(
        ""
    )  # where a collector takes OTLP over HTTP; empty: traces.log
    traces_headers: SecretStr = SecretStr("")  # NAME=VALUE, with commas between
    traces_slow_s: float = Field(default=2.0, gt=0, le=300)
    traces_sample: float = Field(default=0.001, ge=0, le=1)
    traces_per_second: float = Field(default=50.0, ge=0, le=100_000)  # of each worker
    traces_asked_per_second: float = Field(default=5.0, ge=0, le=100_000)
    metrics_dir: Path | None = None  # shared by the workers of one service
    version: str = "1.0.0"
    revision: str = "unknown"

    @field_validator("admin_key")
    @classmethod
    def _admin_key_cannot_be_guessed(cls, key: SecretStr) -> SecretStr:
        secret = key.get_secret_value()
        if secret and (len(secret) < _SHORTEST_ADMIN_KEY or len(set(secret)) < _FEWEST_CHARACTERS):
            raise ValueError(
                f"has less than {_SHORTEST_ADMIN_KEY} characters, or less than "
                f"{_FEWEST_CHARACTERS} different ones: make one with openssl rand -hex 32"
            )
        return key

    @field_validator("traces_url")
    @classmethod
    def _collector_is_a_url(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not _COLLECTOR.fullmatch(url.get_secret_value()):
            raise ValueError("is no address such as http://collector:4318/v1/traces")
        return url

    @field_validator("traces_headers")
    @classmethod
    def _headers_are_pairs(cls, text: SecretStr) -> SecretStr:
        for part in filter(None, text.get_secret_value().split(",")):
            if not _HEADER.fullmatch(part.strip()):
                raise ValueError("has a part that is not NAME=VALUE, with commas between them")
        return text

    def traces_header_pairs(self) -> dict[str, str]:
        """Return the headers that a collector wants, such as a key."""
        parts = filter(None, self.traces_headers.get_secret_value().split(","))
        pairs = (part.strip().partition("=") for part in parts)
        return {name.lower(): value for name, _, value in pairs}

    @field_validator("public_url")
    @classmethod
    def _public_url_is_one(cls, text: str) -> str:
        if text and not text.startswith(("http://", "https://")):
            raise ValueError("does not begin with http:// or https://")
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, text: str) -> str:
        networks_of(text)
        return text
