"""A pytest plug-in that breaks the process as ``PITDESK_VARIANT`` names it, before any test is imported."""

from __future__ import annotations

import os

from tools.campaign import variants

variants.apply(os.environ.get("PITDESK_VARIANT", ""))
