"""The pure core of the harness: objectives, error budgets, burn rates, PromQL, verdicts."""
