"""Every drill; each is a module of this package, in the order of running."""

from types import MappingProxyType
from typing import Final

from ops.drills.catalogue import (
    accuracy_drop,
    bad_alert_deploy,
    cache_corrupted,
    mongodb_lost,
    redis_lost,
    restore_from_backup,
    service_frozen,
    service_killed,
)

DRILLS: Final = MappingProxyType(
    {
        module.DRILL.name: module.DRILL
        for module in (
            redis_lost,
            mongodb_lost,
            service_killed,
            service_frozen,
            bad_alert_deploy,
            restore_from_backup,
            cache_corrupted,
            accuracy_drop,
        )
    }
)
