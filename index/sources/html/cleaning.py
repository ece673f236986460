"""Taking out of a page what is not its article: navigation, lists of links, teasers, comments.

Three signs are used: the element itself (``nav``, ``aside``), its class or id in the words that
content management systems use, and its shape: blocks that are mostly links, and blocks that open
with a linked headline. It knows nothing of metadata.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_DROPPED_TAGS = (
    "script", "style", "noscript", "template", "iframe", "nav", "aside", "footer", "form", "button",
    "select", "svg", "object", "embed",
)  # fmt: skip
_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:relat(?:ed|e)|lien-?quan|tin-?lq|cung-?(?:chuyen-?)?muc|doc-?(?:nhieu|them)|"
    r"xem-?(?:nhieu|them)|most-?(?:read|view(?:ed)?)|popular|trending|recommend(?:ed|ation)?s?|"
    r"suggest(?:ed)?|side-?bar|co?m+e?nts?|cmt|comments?-?(?:list|box|area|section)|binh-?luan|"
    r"share|sharing|social|tags?|tag-?list|keywords?|bread-?crumbs?|ads?|advert(?:s|isement|ising)?|"
    r"quang-?cao|banner|promo|sponsor(?:ed)?|newsletter|subscribe|copyright|navbar|menu|footer|"
    r"more-?news|other-?news|(?:list|item|box|block)-?news|news-?(?:list|item|box|block)|tin-?(?:khac|moi|nong)|read-?more|box-?tin(?:lienquan\w*)?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_ARTICLE_CLASS = re.compile(r"content|body|detail|article|main", re.IGNORECASE)
BLOCKS = frozenset(
    ("p", "div", "section", "article", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "dl",
     "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "blockquote", "main",
     "header", "body", "center", "pre", "hr")
)  # fmt: skip
_OWN_SHARE = 0.4
_LINKED_SHARE = 0.6
_HEADLINE_LENGTH = 20
_HEADLINE_WORDS = 4
_TEASER_LENGTH = 450


def clean(page: HtmlElement) -> None:
    """Change a page so that little but its article is left."""
    for element in list(page.iter(*_DROPPED_TAGS)):
        drop(element)
    _unwrap_layout_tables(page)
    whole = text_length(page)
    for element in list(page.iter("div", "section", "ul", "ol", "p", "span", "header", "dl")):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _FOREIGN.search(names) and text_length(element) < whole * _OWN_SHARE:
            drop(element)
    texts = BlockTexts()
    for link in list(page.iter("a")):
        if _attached(link, page):
            _drop_teaser(link, whole, texts)
    for element in list(page.iter("div", "section", "ul", "ol", "p", "dl")):
        if _attached(element, page) and _is_links(element, whole):
            drop(element)


class BlockTexts(dict[HtmlElement, str]):
    """The texts of blocks as they were when first asked for.

    Asking anew for every link would cost the square of a page's size; a text that is too long,
    since something has been dropped meanwhile, only leaves an emptied block standing.
    """

    def __missing__(self, block: HtmlElement) -> str:
        text = self[block] = text_of(block)
        return text


def text_of(element: HtmlElement) -> str:
    """The text inside an element with its space evened out."""
    return " ".join(element.text_content().split())


def text_length(element: HtmlElement) -> int:
    """How many characters of text an element holds, space evened out."""
    return len(text_of(element))


def drop(element: HtmlElement) -> None:
    """Take an element out of its page, but not the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def enclosing_block(element: HtmlElement) -> HtmlElement:
    """The nearest block that an element stands in."""
    while element.tag not in BLOCKS and (parent := element.getparent()) is not None:
        element = parent
    return element


def _attached(element: HtmlElement, page: HtmlElement) -> bool:
    """Whether an element is still in the page."""
    while (parent := element.getparent()) is not None:
        element = parent
    return element is page.getroottree().getroot()


def _unwrap_layout_tables(page: HtmlElement) -> None:
    """Make blocks of tables that only place things on the page, as old pages do."""
    for table in list(page.iter("table")):
        if any(True for _ in table.iter("p", "div", "h1", "h2", "br", "img")):
            for part in table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th"):
                part.tag = "div"


def _is_links(element: HtmlElement, whole: int) -> bool:
    """Whether a block consists of links, as lists of other articles do."""
    length = text_length(element)
    if not length or length > whole * _OWN_SHARE:
        return False
    linked = sum(map(text_length, element.iter("a")))
    return linked >= length * _LINKED_SHARE and (
        linked > _HEADLINE_LENGTH or element.tag in ("ul", "ol")
    )


def _drop_teaser(link: HtmlElement, whole: int, texts: BlockTexts) -> None:
    """Drop a linked headline, and the teaser that it opens."""
    headline = text_of(link)
    if len(headline) < _HEADLINE_LENGTH or len(headline.split()) < _HEADLINE_WORDS:
        return
    teaser = enclosing_block(link)
    following = link.getnext()
    breaks = (
        following is not None
        and (following.tag == "br" or following.tag in BLOCKS)
        and not (link.tail or "").strip()
    )
    alone = len(headline) >= len(texts[teaser]) * 0.8
    if not alone and not (breaks and texts[teaser].startswith(headline)):
        return
    limit = min(len(headline) + _TEASER_LENGTH, int(whole * _OWN_SHARE))
    while (parent := teaser.getparent()) is not None and parent.tag not in ("body", "html"):
        if (
            len(texts[parent]) > limit
            or not texts[parent].startswith(headline)
            or _ARTICLE_CLASS.search(parent.get("class") or "")
            or any(True for _ in parent.iter("h1"))
        ):
            break
        teaser = parent
    if teaser.tag not in ("body", "html") and not any(True for _ in teaser.iter("h1")):
        drop(teaser)
