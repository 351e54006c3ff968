"""Finds the packages: two source roots, and the data folder mapped onto pitdesk_resources.

Everything else about the distribution is in pyproject.toml.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages("app"), *find_packages("ui"), "pitdesk_resources"],
    package_dir={
        "pitdesk": "app/pitdesk",
        "pitdesk_ui": "ui/pitdesk_ui",
        "pitdesk_resources": "resources",
    },
    package_data={"": ["py.typed"], "pitdesk_resources": ["**/*"]},
)
