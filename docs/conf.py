"""Sphinx settings of the site; ``python docs/build.py`` stages the notebooks and runs it."""

import os
import sys
from pathlib import Path

from tradelib.card import ACCENT, CARD

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "China’s trade, figure by figure"
author = "The tradelib team"
copyright = "The tradelib team: code under the MIT licence, facts free to use"
html_title = project
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "accessible",  # ours, in _ext/
    "faults",
    "ledger_page",
    "stories",
    "social",
    "verdicts",
]
exclude_patterns = ["_*"]

nb_execution_mode = "off"  # the outputs that docs/build.py stored are the truth
nb_output_stderr = "error"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

default_role = "py:obj"  # a name between single backticks leads to its description
autodoc_member_order = "bysource"
autodoc_type_aliases = {name: name for name in ("Kind", "Hedge", "Reading")}
napoleon_google_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True

html_theme = "furo"
# Where the site will stand, with a slash at its end; nothing but links for other hosts needs it.
html_baseurl = os.environ.get("SITE_URL", "")
html_favicon = "_static/icon.svg"
html_static_path = ["_static", "_generated"]
html_extra_path = ["_extra"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
templates_path = ["_templates"]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

_serif = '"Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Georgia, serif'
_sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'
html_theme_options = {
    "light_css_variables": {
        "font-stack": _sans,
        "font-stack--headings": _serif,
        # The charts' own colours: they lie on the page, and what they stress is what leads on.
        "color-background-primary": CARD,
        "color-brand-primary": ACCENT,
        "color-brand-content": ACCENT,
        "color-brand-visited": "#5f4b8b",
        "color-sidebar-link-text": "var(--color-foreground-primary)",
        "color-sidebar-link-text--top-level": "var(--color-foreground-primary)",
    },
    "dark_css_variables": {
        "color-background-primary": "#131416",
        "color-brand-primary": "#7db9ec",
        "color-brand-content": "#7db9ec",
        "color-brand-visited": "#b9a6e0",
    },
}
