"""Text blocks of a form to clean HTML."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# No images, forms or frames: a form may not load anything, nor look like a part of the application.
_TAGS = {"p", "br", "strong", "em", "b", "i", "u", "s", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code", "pre", "hr", "a",
         "table", "thead", "tbody", "tr", "th", "td", "span", "div", "dl", "dt", "dd", "sub", "sup"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "ol": {"start"}}
_H1 = re.compile(r"<(/?)h1\b")

# Nesting is capped: a thousand ">" in a row would otherwise be rendered recursively.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).enable("table")


def from_markdown(source: str) -> Markup:
    return from_html(_MARKDOWN.render(source))


def from_html(source: str) -> Markup:
    # One h1 a page, and it is the page's own.
    lowered = _H1.sub(r"<\1h2", source)
    return Markup(nh3.clean(lowered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}))  # noqa: S704
