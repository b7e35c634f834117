"""Web pages as sites of several kinds would serve an article: with menus, notices, shares, related links and comments.

The texts stand in `tests/loaders/pages/`; each page is made anew, the same each time, so that what a page holds beside its
article is known to the word.
"""

from __future__ import annotations

import html
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "tests" / "loaders" / "pages"
KINDS = ("news", "blog", "documentation", "forum", "encyclopedia", "notices")


@dataclass(frozen=True)
class Part:
    """A piece of an article: `kind` is text, heading, item, number, row, code, quote, caption or post."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """An article as its writer wrote it.

    Attributes:
        kind: of its site.
        name: of its page.
        title, author, date: "" for none.
        parts: in order.
    """

    kind: str
    name: str
    title: str
    author: str
    date: str
    parts: tuple[Part, ...]


def sources() -> list[Source]:
    """Returns the articles of all six kinds."""
    return [
        _source(kind, text)
        for kind in KINDS
        for text in (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").split("=== ")[1:]
    ]


_MARKS = {"## ": "heading", "- ": "item", "| ": "row", "> ": "quote", "^ ": "caption", "@ ": "post"}


def _source(kind: str, text: str) -> Source:
    head, _, body = text.strip().partition("\n\n")
    name, *facts = head.split("\n")
    stated = {key: value.strip() for key, _, value in (fact.partition(":") for fact in facts)}
    parts: list[Part] = []
    for piece in body.split("\n\n"):
        if piece.startswith("```") or (parts and parts[-1].kind == "code" and not _is_closed(parts[-1])):
            if parts and parts[-1].kind == "code" and not _is_closed(parts[-1]):
                parts[-1] = Part("code", (*parts[-1].lines, "", *piece.split("\n")))
            else:
                parts.append(Part("code", tuple(piece.split("\n"))))
            continue
        mark = next((mark for mark in _MARKS if piece.startswith(mark)), "")
        lines = tuple(line.removeprefix(mark) for line in piece.split("\n"))
        if mark:
            parts.append(Part(_MARKS[mark], lines))
        elif piece[0].isdigit() and piece[1:3] == ". ":
            parts.append(Part("number", tuple(line.partition(". ")[2] for line in lines)))
        else:
            parts.append(Part("text", (" ".join(lines),)))
    parts = [Part(p.kind, p.lines[1:-1]) if p.kind == "code" else p for p in parts]
    return Source(kind, name, stated["title"], stated["author"], stated["date"], tuple(parts))


def _is_closed(part: Part) -> bool:
    return len(part.lines) > 1 and part.lines[-1] == "```"


def cells(line: str) -> list[str]:
    """Returns the cells of a row."""
    return [cell.strip() for cell in line.strip("| ").split("|")]


# -- the article's own HTML, as several programs write it ---------------------------------------------------------------


def body_of(parts: Sequence[Part], style: str) -> str:
    """Returns the HTML of an article's parts; `style` is plain, spans (of editors), divs (of frameworks) or old."""
    return "\n".join(_html(part, style) for part in parts)


def _html(part: Part, style: str) -> str:
    texts = [html.escape(line, quote=False) for line in part.lines]
    if part.kind == "text":
        return {
            "spans": f'<p><span style="font-weight:400">{texts[0]}</span></p>',
            "divs": f'<div class="css-1a2b3c"><div class="css-9z"><p class="css-53u6y8">{texts[0]}</p></div></div>',
            "old": f"{texts[0]}<br><br>",
        }.get(style, f"<p>{texts[0]}</p>")
    if part.kind == "heading":
        slug = texts[0].lower().replace(" ", "-")
        return f'<h2 id="{slug}">{texts[0]}</h2>' if style != "spans" else f"<h2><span>{texts[0]}</span></h2>"
    if part.kind in ("item", "number"):
        tag = "ul" if part.kind == "item" else "ol"
        wrap = "<li><span>{}</span></li>" if style in ("spans", "divs") else "<li>{}</li>"
        return f"<{tag}>" + "\n".join(wrap.format(text) for text in texts) + f"</{tag}>"
    if part.kind == "row":
        return _table([cells(text) for text in texts], style)
    if part.kind == "code":
        return "<pre><code>" + "\n".join(texts) + "</code></pre>"
    if part.kind == "quote":
        return f"<blockquote><p>{texts[0]}</p></blockquote>"
    return f'<figure><img src="/i/photo.jpg" alt=""><figcaption>{texts[0]}</figcaption></figure>'


def _table(rows: list[list[str]], style: str) -> str:
    if len(rows[0]) == 2 and any(character.isdigit() for character in rows[0][1]):
        body = "".join(f"<tr><th scope=row>{a}</th><td>{b}</td></tr>" for a, b in rows)
        return f"<table><tbody>{body}</tbody></table>"
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    wrapped = "<p>{}</p>" if style == "divs" else "{}"
    body = "".join("<tr>" + "".join(f"<td>{wrapped.format(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<div class='table-wrapper'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


# -- what surrounds it ---------------------------------------------------------------------------------------------------

COOKIES = (
    "We and our 214 partners store and access information on your device. You can change your choice at any time.",
    "This site uses cookies to improve your experience. By continuing you agree to our privacy policy.",
    "Your privacy matters to us. Please choose which cookies we may set; necessary ones are always on.",
)
RELATED = (
    (
        "Ten houses that look like ships",
        "Architects have always been fond of the sea. We have been to see ten of them.",
    ),
    ("The quiet return of the tram", "Seven cities have brought it back. Here is what each of them paid for a mile."),
    ("How to read a weather map", "Lines, arrows and colours are explained in five minutes by our own forecaster."),
    ("Opinion: let the grass grow", "Mowing once a year is enough, writes our columnist, and saves the council money."),
)
COMMENTS = (
    ("harbour_rat", "I have lived here for forty years and nobody ever asked me about this. Typical of these people."),
    ("Lena P.", "Great read, thank you for writing it down so clearly! I have sent it on to my whole family."),
    ("x99", "First! Also, you should check my channel, where I show how to earn money from home."),
)
MENU = ("Home", "News", "Sport", "Culture", "Weather", "Shop", "About us", "Contact")


def _links(names: Sequence[str]) -> str:
    return "".join(f'<li><a href="/{name.lower().replace(" ", "-")}">{name}</a></li>' for name in names)


def _related(tag: str = "div", name: str = "related-posts") -> str:
    cards = "".join(
        f'<div class="card"><h3><a href="/r/{n}">{title}</a></h3><p>{text}</p></div>'
        for n, (title, text) in enumerate(RELATED)
    )
    return f'<{tag} class="{name}"><h2>You may also like</h2>{cards}</{tag}>'


def _comments(name: str = "comments") -> str:
    each = "".join(f'<li class="comment"><b>{who}</b><p>{said}</p></li>' for who, said in COMMENTS)
    return f'<section id="{name}" class="comments-area"><h2>3 comments</h2><ol>{each}</ol><form><textarea></textarea><button>Post comment</button></form></section>'


def _shares() -> str:
    return '<div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Tweet</a> <a href="#">Email this</a></div>'


def _newsletter() -> str:
    return '<div class="newsletter-signup"><h3>Never miss a story</h3><p>Get our best articles in your inbox every Friday morning, free of charge.</p><input type=email><button>Sign up</button></div>'


def _footer(name: str) -> str:
    return f"<footer><p>© 2024 {name}. All rights reserved. No part of this site may be copied without our consent.</p><ul>{_links(('Privacy', 'Terms', 'Imprint', 'Jobs'))}</ul></footer>"


def _cookies(n: int) -> str:
    return f'<div id="cookie-consent" class="banner"><p>{COOKIES[n % 3]}</p><button>Accept all</button><button>Reject</button></div>'


def _ld(source: Source, kind: str) -> str:
    entry = {"@context": "https://schema.org", "@type": kind, "headline": source.title}
    if source.author:
        entry["author"] = [{"@type": "Person", "name": name} for name in source.author.split(", ")]  # type: ignore[assignment]
    if source.date:
        entry["datePublished"] = f"{source.date}T06:30:00+01:00"
    return f'<script type="application/ld+json">{json.dumps({"@graph": [{"@type": "WebSite", "name": "Site"}, entry]})}</script>'


def _page(title: str, head: str, body: str) -> str:
    return f"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>{html.escape(title)}</title>{head}</head>\n<body>{body}</body></html>"


# -- sites -----------------------------------------------------------------------------------------------------------


def _newspaper(source: Source, n: int) -> str:
    half = len(source.parts) // 2
    advert = '<div class="ad-slot"><span>Advertisement</span></div><aside class="inline-related"><p>Read also: <a href="/x">The quiet return of the tram</a></p></aside>'
    body = f"{body_of(source.parts[:half], 'plain')}{advert}{body_of(source.parts[half:], 'plain')}"
    return _page(
        f"{source.title} | Norwick Times",
        _ld(source, "NewsArticle") + f'<meta property="og:title" content="{html.escape(source.title)}">',
        f"{_cookies(n)}<header><nav><ul>{_links(MENU)}</ul></nav></header><main><article><header><h1>{source.title}</h1>"
        f'<p class="byline">By {source.author}</p><time datetime="{source.date}">{source.date}</time>{_shares()}</header>'
        f'<div class="article-body">{body}</div>{_newsletter()}</article>{_related()}{_comments()}</main>{_footer("Norwick Times")}',
    )


def _framework(source: Source, n: int) -> str:
    links = "".join(f'<a class="css-{k}" href="/{k}">{name}</a>' for k, name in enumerate(MENU))
    teasers = "".join(
        f'<div class="css-t1"><a href="/t/{k}"><div class="css-t2">{title}</div><div class="css-t3">{text}</div></a></div>'
        for k, (title, text) in enumerate(RELATED)
    )
    return _page(
        f"{source.title} - The Coast",
        _ld(source, "NewsArticle"),
        f'<div id="__next"><div class="css-0"><div class="css-nav">{links}</div><div class="css-main"><div class="css-h"><h1 class="css-t">{source.title}</h1>'
        f'<div class="css-by"><span>{source.author}</span><span>{source.date}</span><span>4 min read</span></div></div>'
        f'<section name="articleBody" class="css-body">{body_of(source.parts, "divs")}</section>'
        f'<div class="css-more"><div class="css-mt">More from The Coast</div>{teasers}</div></div>'
        f'<div role="dialog" aria-label="Cookies"><p>{COOKIES[n % 3]}</p><button>OK</button></div><div class="css-foot"><a href="/p">Privacy</a><a href="/t">Terms</a><span>© 2024 The Coast</span></div></div></div>',
    )


def _wordpress(source: Source, n: int) -> str:
    return _page(
        f"{source.title} – A Slow Journal",
        f'<meta property="article:published_time" content="{source.date}T10:00:00+00:00"><meta name="author" content="{source.author}">',
        f'<a class="skip-link screen-reader-text" href="#content">Skip to content</a><div id="page" class="site has-sidebar"><header id="masthead" class="site-header"><p class="site-title"><a href="/">A Slow Journal</a></p><p>Notes on things that take time</p><nav><ul>{_links(MENU[:5])}</ul></nav></header>'
        f'<div id="content"><main id="primary" class="site-main"><article id="post-{n}" class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">{source.title}</h1><div class="entry-meta">Posted on <time datetime="{source.date}">{source.date}</time> by <a href="/author">{source.author}</a></div></header>'
        f'<div class="entry-content">{body_of(source.parts, "spans" if n % 2 else "plain")}<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul>{_links(("Twitter", "Facebook"))}</ul></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3></div></div>'
        f'<footer class="entry-footer">Posted in <a href="/c">Life</a>. Tagged <a href="/t">slow</a>.</footer></article><nav class="post-navigation"><a href="/a">Previous: Snow in May</a> <a href="/b">Next: The neighbour’s cat</a></nav>{_comments()}</main>'
        f'<aside id="secondary" class="widget-area"><section class="widget"><h2>About me</h2><p>I write about bread, gardens and old machines. I live in a small town with two cats.</p></section><section class="widget"><h2>Archives</h2><ul>{_links(("May 2024", "April 2024", "March 2024"))}</ul></section></aside></div></div>{_footer("A Slow Journal")}{_cookies(n)}',
    )


def _blogger(source: Source, n: int) -> str:
    return _page(
        f"A corner of my own: {source.title}",
        "",
        f'<table width=100%><tr><td class="topbar"><a href="/">A corner of my own</a> | <a href="/about">About</a> | <a href="/rss">RSS</a></td></tr><tr><td width=70%><div class="post-outer"><h2 class="date-header"><span>{source.date}</span></h2><h3 class="post-title">{source.title}</h3>'
        f'<div class="post-body">{body_of(source.parts, "plain" if n % 2 else "spans")}</div><div class="post-footer">Posted by {source.author} at <a href="#">10:12</a> <a href="#">No comments:</a> <a href="#">Links to this post</a></div></div></td>'
        f'<td width=30%><div class="sidebar"><h2>Blog archive</h2><ul>{_links(("2024", "2023", "2022", "2021"))}</ul><h2>Labels</h2><ul>{_links(("food", "making", "travel"))}</ul><p>Simple theme. Powered by a machine in a cellar somewhere.</p></div></td></tr></table>',
    )


def _sphinx(source: Source, _: int) -> str:
    toc = "".join(
        f'<li class="toctree-l1"><a class="reference internal" href="{k}.html">{name}</a></li>'
        for k, name in enumerate(("Installing", "Tutorial", "Options", "Errors", "Release notes"))
    )
    body = body_of(source.parts, "plain").replace(
        "</h2>", '<a class="headerlink" href="#x" title="Permalink to this heading">¶</a></h2>'
    )
    return _page(
        f"{source.title} — Feldspar 3.2 documentation",
        '<meta name="generator" content="Docutils 0.18">',
        f'<div class="related" role="navigation"><h3>Navigation</h3><ul>{_links(("index", "next", "previous"))}</ul></div><div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main"><section id="top"><h1>{source.title}<a class="headerlink" href="#top">¶</a></h1>{body}</section></div></div></div>'
        f'<div class="sphinxsidebar" role="navigation"><h3><a href="index.html">Table of Contents</a></h3><ul>{toc}</ul><div role="search"><h3>Quick search</h3><form><input type=text><input type=submit value=Go></form></div></div></div>'
        '<div class="footer" role="contentinfo">© Copyright 2024, the Feldspar team. Created using Sphinx 7.2.</div>',
    )


def _mkdocs(source: Source, _: int) -> str:
    nav = "".join(
        f'<li class="md-nav__item"><a class="md-nav__link" href="../{name}/">{name}</a></li>'
        for name in ("Installing", "Tutorial", "Options", "Errors")
    )
    return _page(
        f"{source.title} - Feldspar",
        "",
        f'<header class="md-header"><nav class="md-header__inner"><a href="/">Feldspar</a><span class="md-ellipsis">Search</span></nav></header><div class="md-container"><main class="md-main"><div class="md-main__inner"><div class="md-sidebar md-sidebar--primary"><nav class="md-nav"><ul>{nav}</ul></nav></div><div class="md-content"><article class="md-content__inner md-typeset"><a href="edit" class="md-content__button">Edit this page</a><h1>{source.title}</h1>{body_of(source.parts, "plain")}'
        '<aside class="md-source-file"><span>Last update: 3 March 2024</span></aside><form class="md-feedback"><p>Was this page helpful?</p><button>Yes</button><button>No</button></form></article></div></div></main><footer class="md-footer"><nav><a href="../options/">Next: Options</a></nav><div>Made with Material for MkDocs</div></footer></div>',
    )


def _posts(source: Source) -> Iterator[tuple[str, list[Part]]]:
    who = source.author
    parts: list[Part] = []
    for part in source.parts:
        if part.kind == "post":
            yield who, parts
            who, parts = part.lines[0], []
        else:
            parts.append(part)
    yield who, parts


def _board(source: Source, _: int) -> str:
    posts = "".join(
        f'<div id="p{k}" class="post has-profile bg{k % 2 + 1}"><div class="inner"><dl class="postprofile"><dt><a href="/u/{who}">{who}</a></dt><dd><strong>Posts:</strong> 1{k}7</dd><dd><strong>Joined:</strong> 3 May 2019</dd></dl><div class="postbody"><p class="author">by <a href="/u/{who}">{who}</a> » {source.date}</p><div class="content">{body_of(parts, "plain")}</div><div class="signature">May your threads never lock.</div></div></div></div>'
        for k, (who, parts) in enumerate(_posts(source))
    )
    return _page(
        f"{source.title} - View topic - The Fixers' Board",
        "",
        f'<div id="wrap"><div id="page-header"><ul class="linklist">{_links(("Board index", "FAQ", "Register", "Login"))}</ul></div><div id="page-body"><h2 class="topic-title"><a href="/t">{source.title}</a></h2><div class="action-bar"><a href="/reply">Post Reply</a> <span>4 posts • Page 1 of 1</span></div>{posts}<div class="action-bar"><a href="/">Return to Household</a></div><div class="stat-block"><h3>Who is online</h3><p>Users browsing this forum: no registered users and 7 guests.</p></div></div><div id="page-footer"><p>Powered by boards of old. All times are UTC.</p></div></div>',
    )


def _answers(source: Source, n: int) -> str:
    question, *answers = list(_posts(source))
    each = "".join(
        f'<div id="answer-{k}" class="answer js-answer" itemprop="suggestedAnswer"><div class="votecell"><div class="js-vote-count">{12 - k}</div></div><div class="answercell"><div class="s-prose js-post-body" itemprop="text">{body_of(parts, "plain")}</div><div class="post-signature"><a href="/u">{who}</a> <span>2,31{k} reputation</span></div></div>'
        f'<div class="comments js-comments"><ul><li class="comment"><span class="comment-copy">Does this also work on Windows? I could not get it to run there.</span></li></ul></div></div>'
        for k, (who, parts) in enumerate(answers)
    )
    return _page(
        f"{source.title} - Ask Anybody",
        "",
        f'<header class="top-bar"><a href="/">Ask Anybody</a><form role="search"><input placeholder="Search"></form><a href="/login">Log in</a></header><div class="container"><div id="left-sidebar"><nav><ul>{_links(("Questions", "Tags", "Users"))}</ul></nav></div><div id="content"><div class="inner-content" itemscope itemtype="https://schema.org/Question"><div id="question-header"><h1 itemprop="name"><a href="/q">{source.title}</a></h1><a href="/ask">Ask Question</a></div><div class="d-flex"><span>Asked 2 years ago</span><span>Viewed 4k times</span></div>'
        f'<div id="mainbar"><div class="question"><div class="votecell"><div>7</div></div><div class="postcell"><div class="s-prose js-post-body" itemprop="text">{body_of(question[1], "plain")}</div><div class="post-taglist tags"><a href="/t/a">home</a> <a href="/t/b">repair</a></div></div></div><div id="answers"><div id="answers-header"><h2>{len(answers)} Answers</h2><span>Sorted by: Highest score</span></div>{each}</div></div>'
        f'<div id="sidebar"><div class="module sidebar-related"><h4>Related</h4><ul>{_links(("Why is my tap noisy?", "How long does glue last?", "Which screw for plaster?"))}</ul></div><div class="module"><h4>Hot network questions</h4><ul>{_links(("Is a tomato a berry?", "Can a cat read?"))}</ul></div></div></div></div></div>{_cookies(n)}',
    )


def _wiki(source: Source, _: int) -> str:
    parts = list(source.parts)
    box = next((p for p in parts if p.kind == "row" and len(cells(p.lines[0])) == 2), None)
    infobox = ""
    if box is not None:
        parts.remove(box)
        rows = "".join(f"<tr><th scope=row>{a}</th><td>{b}</td></tr>" for a, b in map(cells, box.lines))
        infobox = f'<table class="infobox vcard"><tbody>{rows}</tbody></table>'
    body = body_of(parts, "plain")
    for part in parts:
        if part.kind == "heading":
            text = html.escape(part.lines[0], quote=False)
            body = body.replace(
                f">{text}</h2>",
                f'><span class="mw-headline">{text}</span><span class="mw-editsection">[<a href="/e">edit</a>]</span></h2>',
            )
    body = body.replace(". ", '.<sup class="reference"><a href="#c1">[1]</a></sup> ', 2)
    return _page(
        f"{source.title} - Openpedia",
        '<meta name="generator" content="MediaWiki 1.41">',
        f'<div id="mw-page-base"></div><div id="content" class="mw-body" role="main"><div id="siteNotice"><p>Please read this: Openpedia asks you for a small gift this Tuesday.</p></div><h1 id="firstHeading">{source.title}</h1><div id="bodyContent"><div id="siteSub" class="noprint">From Openpedia, the encyclopedia of everybody</div><a class="mw-jump-link" href="#nav">Jump to navigation</a><div id="mw-content-text"><div class="mw-parser-output">{infobox}{body.replace("<h2", TOC + "<h2", 1)}'
        '<h2><span class="mw-headline">References</span></h2><div class="reflist"><ol class="references"><li>^ Almanac of the coast, 1902, page 14.</li></ol></div><div role="navigation" class="navbox"><ul><li><a href="/1">List of lights</a></li><li><a href="/2">List of rivers</a></li></ul></div></div></div><div id="catlinks">Categories: <a href="/c1">1861 establishments</a> | <a href="/c2">Coast</a></div></div></div>'
        f'<div id="mw-navigation"><h2>Navigation menu</h2><ul>{_links(("Main page", "Contents", "Random article", "Donate"))}</ul></div><footer id="footer"><ul><li>This page was last edited on 3 March 2024, at 10:12.</li><li>Text is available under a free licence; additional terms may apply.</li></ul></footer>',
    )


TOC = '<div id="toc" class="toc"><h2>Contents</h2><ul><li><a href="#a">1 History</a></li><li><a href="#b">2 Today</a></li></ul></div>'


def _office(source: Source, n: int) -> str:
    return _page(
        f"{source.title} - County Office",
        f'<meta name="dcterms.created" content="{source.date}">' if source.date else "",
        f'<div id="global-cookie-message"><p>{COOKIES[n % 3]}</p></div><header role="banner"><a href="/">County Office</a><div class="phase-banner">This is a new service: your feedback will help us to improve it.</div></header><nav aria-label="Breadcrumb"><ol>{_links(("Home", "Services", "Notices"))}</ol></nav>'
        f'<main id="content" role="main"><h1>{source.title}</h1><dl class="metadata"><dt>From:</dt><dd><a href="/o">{source.author or "County Office"}</a></dd><dt>Published</dt><dd>{source.date}</dd></dl><div class="govspeak">{body_of(source.parts, "plain")}</div><div class="pub-feedback"><p>Is this page useful?</p><button>Yes</button><button>No</button></div></main><footer role="contentinfo"><h2>Services and information</h2><ul>{_links(("Births", "Housing", "Roads"))}</ul></footer>',
    )


def _shop(source: Source, n: int) -> str:
    return _page(
        f"{source.title} | Kvam & Co",
        f'<meta property="og:title" content="{html.escape(source.title)}"><meta property="og:type" content="product">',
        f'<div class="announcement-bar">Free delivery on orders over 80 euros until Sunday</div><header><nav><ul>{_links(("Kitchen", "Light", "Garden", "Sale"))}</ul></nav><a href="/cart">Cart (0)</a></header><main><div class="product"><div class="gallery"><img src="a.jpg" alt=""></div><div class="product__info"><h1>{source.title}</h1><div class="price">119.00 EUR</div><form><button>Add to cart</button></form><div class="product__description rte">{body_of(source.parts, "plain" if n % 2 else "spans")}</div></div></div>'
        f'<section class="product-reviews"><h2>Customer reviews</h2><p>Five stars. It came quickly and was packed well, and my mother loves it very much.</p></section>{_related("section", "product-recommendations")}</main>{_newsletter()}{_footer("Kvam & Co")}{_cookies(n)}',
    )


def _by_hand(source: Source, _: int) -> str:
    return f'<HTML><HEAD><TITLE>{source.title}</TITLE></HEAD><BODY BGCOLOR="#ffffff"><CENTER><A HREF="index.html">Home</A> | <A HREF="links.html">Links</A> | <A HREF="mail.html">Mail me</A></CENTER><HR><H1>{source.title}</H1><FONT FACE="Arial">{body_of(source.parts, "old")}</FONT><HR><CENTER><FONT SIZE=-1>You are visitor number 48,113. Best viewed with open eyes.</FONT></CENTER></BODY></HTML>'


SITES = {
    "news": (_newspaper, _framework, _wordpress),
    "blog": (_wordpress, _blogger, _framework, _by_hand),
    "documentation": (_sphinx, _mkdocs, _by_hand),
    "forum": (_board, _answers),
    "encyclopedia": (_wiki, _wiki, _sphinx),
    "notices": (_office, _shop, _newspaper),
}


def page_of(source: Source) -> str:
    """Returns the page of an article, on a site of its kind; the same each time."""
    same = [one for one in sources() if one.kind == source.kind]
    n = next(k for k, one in enumerate(same) if one.name == source.name)
    sites = SITES[source.kind]
    return sites[n % len(sites)](source, n + zlib.crc32(source.name.encode()) % 2)
