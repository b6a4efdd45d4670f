"""The stack of one machine: replicas behind a proxy, their stores, and what watches them."""
