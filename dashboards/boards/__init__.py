"""The dashboards of a project, made of templates."""
