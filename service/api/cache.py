"""GET /cache/stats and DELETE /cache/clear."""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, json
from service.api.route_docs import answered, route
from service.api.schemas import CacheCleared, CacheStats
from service.components import Components
from service.store.answer_cache import MEMORY, REDIS


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""

    @router.get(
        "/cache/stats",
        response_model=CacheStats,
        **route(scope="metrics", answers={200: answered("How well the caches work.")}),
    )
    async def stats(_request: Request) -> Ready:
        """Say how many answers came from a cache, over all workers since they started."""
        return json(stats_of(components))

    @router.delete(
        "/cache/clear",
        response_model=CacheCleared,
        **route(scope="admin", answers={200: answered("How many answers were forgotten.")}),
    )
    async def clear(_request: Request) -> Ready:
        """Forget every cached answer, in Redis and in each worker."""
        cleared = await components.forget_answers()
        components.journal.event("INFO", "cache_cleared", entries=cleared)
        return json({"cleared": cleared})


def stats_of(components: Components) -> dict[str, object]:
    """Return hits, misses and ratio; what was found in either tier is a hit."""
    total = components.telemetry.total
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
        "entries": components.entries(),
        "tiers": tiers,
    }
