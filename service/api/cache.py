"""GET /cache/stats and DELETE /cache/clear."""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.answers import Ready, json
from service.api.document import answered, route
from service.api.schemas import CacheCleared, CacheStats
from service.parts import Parts
from service.store.answers import MEMORY, REDIS


def add(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""

    @router.get(
        "/cache/stats",
        response_model=CacheStats,
        **route(scope="metrics", answers={200: answered("How well the caches work.")}),
    )
    async def stats(request: Request) -> Ready:
        """Say how many answers came from a cache, over all workers since they started."""
        del request
        return json(stats_of(parts))

    @router.delete(
        "/cache/clear",
        response_model=CacheCleared,
        **route(scope="admin", answers={200: answered("How many answers were forgotten.")}),
    )
    async def clear(request: Request) -> Ready:
        """Forget every cached answer, in Redis and in each worker."""
        del request
        cleared = await parts.forget_answers()
        parts.journal.event("INFO", "cache_cleared", entries=cleared)
        return json({"cleared": cleared})


def stats_of(parts: Parts) -> dict[str, object]:
    """Return hits, misses and ratio; what was found in either tier is a hit."""
    total = parts.telemetry.total
    tiers = {
        tier: {
            "hits": int(total("cache_hits_total", tier)),
            "misses": int(total("cache_misses_total", tier)),
        }
        for tier in (MEMORY, REDIS)
    }
    hits = tiers[MEMORY]["hits"] + tiers[REDIS]["hits"]
    asked = tiers[MEMORY]["hits"] + tiers[MEMORY]["misses"]
    return {
        "hits": hits,
        "misses": asked - hits,
        "hit_ratio": round(hits / asked, 4) if asked else None,
        "entries": parts.entries(),
        "tiers": tiers,
    }
