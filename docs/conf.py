"""How the site is built: strictly, from Markdown, and without the network."""

project = "pulumi-spectrum"
html_title = "pulumi-spectrum"
copyright = "the pulumi-spectrum authors"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "generate"]

# Dashes and quotes stay as they are: people copy commands and search for messages.
smartquotes = False
default_role = "code"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"footer_icons": [], "navigation_with_keys": True}

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "no-value": True}
autodoc_mock_imports: list[str] = []
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Names of other projects have no inventory to link to here, and a few of ours are internal: shown, and not linked.
nitpick_ignore_regex = [
    ("py:.*", r"(pulumi|collections|threading|typing|pathlib|pydantic|ConfigValue|Path)\b.*"),
    ("py:.*", r"(Clock|Generation|Plan|Program|RateLimiter|Request|SnapshotError|Transport)"),
    ("py:.*", r"pulumi_spectrum\.(client\.answers\.Row|emulator\.(clock|handles|request_log)\..*|resources\.base\..*)"),
]
