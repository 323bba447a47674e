"""A network as one HTML file that asks nobody for anything: pyvis, with its outside links taken out.

Names in it were typed by strangers, so there is one gate (`plain`) for all text that reaches the drawing, `html.escape` for
all text beside it, and a content policy in the file that lets no request out should both fail. Positions are worked out
here and never move by themselves: places on top, adults, children, then agencies, in the same order each time.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Hashable
from datetime import date
from html import escape
from typing import Any

from pyvis.network import Network

from lastseen.graph.errors import Refused
from lastseen.graph.exports import EVIDENCE, day, edge_rows, node_rows, printable, says
from lastseen.graph.network import Neighbourhood

INK, BLUE, GREEN, PURPLE, GREY, FADED = "#0b0c0c", "#1d70b8", "#00703c", "#4c2c92", "#505a5f", "#868f94"

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

SHAPES = {  # what: shape, fill, outline, words of the legend
    "child": ("dot", BLUE, BLUE, "child"),
    "unborn": ("dot", "#ffffff", BLUE, "unborn child"),
    "adult": ("square", GREY, GREY, "adult"),
    "age unknown": ("square", "#ffffff", GREY, "person of unknown age"),
    "died": ("square", "#d9dcde", GREY, "person who has died"),
    "Address": ("triangle", GREEN, GREEN, "place"),
    "Agency": ("hexagon", PURPLE, PURPLE, "agency"),
    "Professional": ("triangleDown", "#ffffff", PURPLE, "worker"),
    "Contact": ("diamond", INK, INK, "contact"),
}
LINES: dict[str, tuple[str, float, list[int] | bool]] = {  # evidence: colour, width, dashes
    "seen": (GREEN, 3.5, False), "contact": (BLUE, 2, [9, 7]), "claimed": (PURPLE, 2.5, [2, 6]), "stated": (GREY, 1.2, False),
}
LANES = ("Address", "elder", "adult", "child", "Agency", "Contact")
_WIDE, _ROW = 7, 150

_TAG = re.compile(r"<link\b[^>]*>|<script\b[^>]*\bsrc\s*=[^>]*>\s*</script>", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z][^<>]*>|<style\b.*?</style>", re.IGNORECASE | re.DOTALL)
_OUTSIDE = re.compile(
    r"""\b(?:src|href|srcset|action|data)\s*=\s*["']?\s*(?:[a-z]+:)?//|@import|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE
)


def plain(text: str) -> str:
    """The gate for every label and title: no markup, and not the word by which pyvis takes a title for HTML."""
    shown = printable(text).replace("<", "‹").replace(">", "›").strip()[:300]
    return re.sub("(?i)href", lambda word: f"{word[0][:2]}\u2060{word[0][2:]}", shown)


def draw(network: Neighbourhood, title: str = "", height: int = 620, tables: bool = True) -> str:
    """One self-contained HTML page: the picture, its legend, what it leaves out and (`tables`) its twin as two tables.

    `title` is shown above the picture and names the frame. Raises Refused should anything in it point outside.
    """
    net = Network(height=f"{height}px", width="100%", directed=True, cdn_resources="in_line", bgcolor="#ffffff", font_color=INK)
    places = _positions(network)
    numbers = {i: number for number, i in enumerate(network.graph)}  # ids stay out of the file: they may be NHS numbers
    for i, props in network.graph.nodes(data=True):
        net.add_node(numbers[i], **_node(i, props, places[i], network))
    for number, ((start, end), line) in enumerate(_lines(network, places).items()):
        net.add_edge(numbers[start], numbers[end], id=number, **line)
    net.set_options(_OPTIONS)
    return _page(net.generate_html(), network, title, tables)


_OPTIONS = """{"layout": {"randomSeed": 7, "improvedLayout": false}, "physics": {"enabled": false},
 "interaction": {"hover": true, "tooltipDelay": 120, "zoomView": false,
                 "keyboard": {"enabled": true, "bindToWindow": false}},
 "nodes": {"font": {"size": 15, "face": "system-ui, sans-serif", "strokeWidth": 4, "strokeColor": "#ffffff"}, "borderWidth": 2},
 "edges": {"font": {"size": 12, "face": "system-ui, sans-serif", "strokeWidth": 4, "strokeColor": "#ffffff",
                     "color": "#505a5f"}}}"""


def what(props: dict[str, Any]) -> str:
    """Which of `SHAPES` a node is drawn as."""
    return str(props.get("kind")) if props["type"] == "Person" else str(props["type"])


def _node(i: str, props: dict[str, Any], place: tuple[float, float], network: Neighbourhood) -> dict[str, Any]:
    root = i in network.roots
    shape, fill, outline, words = SHAPES[what(props)]
    name = plain(props["name"])
    title = [name, words]
    label = textwrap.fill(name, 18, max_lines=3, placeholder=" …") or words
    if born := props.get("born_on"):
        title.append(f"born {day(born)}")
        if what(props) == "child":
            age = network.as_at.year - born.year - ((network.as_at.month, network.as_at.day) < (born.month, born.day))
            label += f"\n{age} {'year' if age == 1 else 'years'}" if age > 0 else "\nunder 1"
    if saw := _last_saw(i, network):
        label += f"\nsaw {saw.day} {saw:%b %Y}"
    size = {"Contact": 9, "Professional": 13}.get(props["type"], 19)
    return {
        "label": label, "title": "\n".join(title), "shape": shape, "x": place[0], "y": place[1], "physics": False,
        "size": size + 7 * root, "borderWidth": 6 if root else 2.5, "borderWidthSelected": 5,
        "color": {
            "background": fill, "border": INK if root else outline,
            "highlight": {"background": fill, "border": INK}, "hover": {"background": fill, "border": INK},
        },
        "shapeProperties": {"borderDashes": [4, 3] if what(props) in ("unborn", "age unknown") else False},
        "font": {"size": 18 if root else 15, "bold": root},
    }


def _last_saw(i: str, network: Neighbourhood) -> date | None:
    """The day an agency last saw the one person a picture is about."""
    if len(network.roots) != 1 or network.roots[0] not in network.graph.pred[i]:
        return None
    between = network.graph[network.roots[0]][i].values()
    return max((edge["last_seen"] for edge in between if "last_seen" in edge), default=None)


def _lines(network: Neighbourhood, places: dict[str, tuple[float, float]]) -> dict[tuple[str, str], dict[str, Any]]:
    """One line a pair of nodes, styled by its best evidence that still stands, telling all claims in its title."""
    claims: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for start, end, edge in network.graph.edges(data=True):
        pair = (end, start) if (end, start) in claims else (start, end)
        claims.setdefault(pair, []).append(edge)
    lines = {}
    order = list(LINES)
    for (start, end), edges in claims.items():
        best = min(edges, key=lambda e: (not e["open"], order.index(e["evidence"])))
        colour, width, dashes = LINES[best["evidence"]]
        label = ""
        if not best["open"]:
            colour, width = FADED, min(width, 1.5)
            label = f"to {day(best['valid_to'])}"
        elif best["type"] in ("PARTNER_OF", "RELATED_TO"):
            label = str(best.get("relation", "partner")).replace("_", " ")
        lines[(start, end)] = {
            "title": "\n".join(_told(edge) for edge in edges), "color": {"color": colour, "highlight": INK, "hover": INK},
            "width": width, "dashes": dashes, "label": plain(label),
            "arrows": {"to": {"enabled": best["type"] == "PARENT_OF", "scaleFactor": 0.6}},
            "smooth": {"enabled": _crosses(start, end, places), "type": "curvedCW", "roundness": 0.22},
        }
    return lines


def _told(edge: dict[str, Any]) -> str:
    since = edge.get("valid_from") or edge.get("occurred_on")
    dates = (f", since {day(since)}" if since and edge["open"] else f", from {day(since)}" if since else "")
    ended = f", until {day(edge['valid_to'])}" if "valid_to" in edge else ""
    source = f" [{edge['source']}]" if "source" in edge else ""
    return plain(f"{says(edge)}{dates}{ended}{source}")


def _positions(network: Neighbourhood) -> dict[str, tuple[float, float]]:
    """Rows by kind of node; within a row each node near the middle of what it is tied to."""
    graph = network.graph
    elders = {
        a for a, b, e in graph.edges(data=True)
        if e["type"] == "PARENT_OF" and not {what(graph.nodes[a]), what(graph.nodes[b])} & {"child", "unborn"}
    }
    lanes: dict[str, list[str]] = {lane: [] for lane in LANES}
    for i, props in graph.nodes(data=True):
        kind = {"Professional": "Agency", "Person": "adult"}.get(props["type"], props["type"])
        if what(props) in ("child", "unborn"):
            kind = "child"
        lanes["elder" if i in elders else kind].append(i)
    ties: dict[Hashable, set[str]] = {i: set(graph.pred[i]) | set(graph.succ[i]) for i in graph}
    lanes["child"].sort(key=lambda i: (str(graph.nodes[i].get("born_on", "9999")), i))
    pitch = min(max(1100 / max(1, *(min(len(row), _WIDE) for row in lanes.values())), 190), 330)
    across: dict[str, float] = {}
    for _ in range(3):
        for lane in ("child", "adult", "elder", "Address", "Agency", "Contact"):
            row = lanes[lane]
            if lane != "child":
                middle = {i: [across[other] for other in ties[i] if other in across and other not in row] for i in row}
                row.sort(key=lambda i: (sum(middle[i]) / len(middle[i]) if middle[i] else 0.0, i))
            deep = max(1, -(-len(row) // _WIDE))
            across |= {i: (place - (len(row) - 1) / 2) * pitch / deep for place, i in enumerate(row)}
    places, top, aside = {}, 0.0, 0.14
    for lane in LANES:
        deep = -(-len(lanes[lane]) // _WIDE)
        for place, i in enumerate(lanes[lane]):
            places[i] = (across[i] + aside * pitch, top + (place % deep) * 95)
        if deep:  # lanes stand a little aside in turn, so that fewer lines run through what is between their ends
            top, aside = top + _ROW + 95 * (deep - 1), -aside
    return places


def _crosses(start: str, end: str, places: dict[str, tuple[float, float]]) -> bool:
    """Would a straight line run through another node (or its name)?"""
    (x1, y1), (x2, y2) = places[start], places[end]
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2 or 1.0
    for i, (x, y) in places.items():
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length
        if i not in (start, end) and 0.02 < along < 0.98:
            off = abs(x1 + along * (x2 - x1) - x) + abs(y1 + along * (y2 - y1) - y)
            if off < 42:
                return True
    return False


def _page(html: str, network: Neighbourhood, title: str, tables: bool) -> str:
    """pyvis's page without outside tags, with a policy, a title, a legend and the tables."""
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(printable(title) or 'Network')}</title><style>{_STYLE}</style>"
    )
    html = _TAG.sub("", html)
    html = re.sub(r"<!--.*?-->", "", html, count=0, flags=re.DOTALL)
    html = re.sub(r"<center>\s*<h1>.*?</h1>\s*</center>", "", html, flags=re.DOTALL)
    html = html.replace("<html>", '<!DOCTYPE html>\n<html lang="en">', 1).replace('<meta charset="utf-8">', head, 1)
    above = f"<h1>{escape(printable(title))}</h1>" if title else ""
    told = "".join(f"<p>{escape(printable(line))}</p>" for line in network.told())
    below = _legend(network) + f'<div class="told">{told}</div>' + (_tables(network) if tables else "")
    html = html.replace("<body>", f"<body>{above}{_BUTTONS}", 1).replace("</body>", f"{below}</body>", 1)
    without_scripts = re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", html, flags=re.DOTALL)
    if any(_OUTSIDE.search(tag) for tag in _MARKUP.findall(without_scripts)):
        raise Refused("The picture would ask another computer for something.", "Install the pinned version of pyvis.")
    return html


def _legend(network: Neighbourhood) -> str:
    drawn = {what(props) for _, props in network.graph.nodes(data=True)}
    marks = "".join(f"<li>{_mark(kind)} {escape(SHAPES[kind][3])}</li>" for kind in SHAPES if kind in drawn)
    lined = {edge["evidence"] for _, _, edge in network.graph.edges(data=True)}
    strokes = ""
    for kind, (colour, width, dashes) in LINES.items():
        if kind in lined:
            dash = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if isinstance(dashes, list) else ""
            strokes += _stroke(f'stroke="{colour}" stroke-width="{width}"{dash}', EVIDENCE[kind])
    if any(not edge["open"] for _, _, edge in network.graph.edges(data=True)):
        strokes += _stroke(f'stroke="{FADED}" stroke-width="1.5"', "ended (date on the line)")
    ring = "<li><b>heavy outline</b> where the picture starts</li>"
    return f'<div class="legend" role="note" aria-label="Legend"><ul>{marks}{ring}</ul><ul>{strokes}</ul></div>'


def _stroke(look: str, words: str) -> str:
    line = f'<line x1="1" y1="6" x2="39" y2="6" {look}/>'
    return f'<li><svg width="40" height="12" aria-hidden="true">{line}</svg> {words}</li>'


def _mark(kind: str) -> str:
    shape, fill, outline, _ = SHAPES[kind]
    path = {
        "dot": '<circle cx="9" cy="9" r="7"', "square": '<rect x="2.5" y="2.5" width="13" height="13"',
        "triangle": '<path d="M9 2 L16.5 15.5 L1.5 15.5 Z"', "triangleDown": '<path d="M9 16 L16.5 2.5 L1.5 2.5 Z"',
        "hexagon": '<path d="M5 2.5 L13 2.5 L17 9 L13 15.5 L5 15.5 L1 9 Z"', "diamond": '<path d="M9 1 L17 9 L9 17 L1 9 Z"',
    }[shape]
    dashed = ' stroke-dasharray="3 2"' if kind in ("unborn", "age unknown") else ""
    look = f'fill="{fill}" stroke="{outline}" stroke-width="2"{dashed}'
    return f'<svg width="18" height="18" aria-hidden="true">{path} {look}/></svg>'


def _tables(network: Neighbourhood) -> str:
    """The picture's twin, for everyone who can't or won't read a picture."""
    nodes, edges = node_rows(network), edge_rows(network)
    return _table(
        f"Who and what ({len(nodes)})",
        {"name": "Name", "kind": "Kind", "type": "Type", "born_on": "Born", "steps": "Steps"},
        nodes,
    ) + _table(
        f"Links ({len(edges)})",
        {
            "from": "From", "what": "Says", "to": "To", "since": "Since", "until": "Until", "evidence": "Evidence",
            "source": "Source", "row": "Row",
        },
        edges,
    )


def _table(caption: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> str:
    head = "".join(f'<th scope="col">{title}</th>' for title in columns.values())
    told = [["" if row[column] is None else str(row[column]) for column in columns] for row in rows]
    body = "".join("<tr>" + "".join(f"<td>{escape(printable(cell))}</td>" for cell in row) + "</tr>" for row in told)
    body = re.sub(r"<td>(\d{4}-\d\d-\d\d)</td>", r'<td class="day">\1</td>', body)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_BUTTONS = (
    '<div class="move" role="toolbar" aria-label="Move the picture">'
    + "".join(
        f'<button type="button" data-do="{do}" aria-label="{words}" title="{words}">{sign}</button>'
        for do, words, sign in (
            ("in", "Zoom in", "+"), ("out", "Zoom out", "\u2212"), ("fit", "Show the whole picture", "Whole"),
            ("left", "Move left", "\u2190"), ("right", "Move right", "\u2192"), ("up", "Move up", "\u2191"),
            ("down", "Move down", "\u2193"),
        )
    )
    + """</div><script>
document.addEventListener("click", function (event) {
  var button = event.target.closest("[data-do]"); if (!button) { return; }
  var way = button.dataset.do, scale = network.getScale(), at = network.getViewPosition(), step = 120 / scale;
  if (way === "fit") { network.fit(); return; }
  if (way === "in" || way === "out") { network.moveTo({scale: scale * (way === "in" ? 1.25 : 0.8)}); return; }
  network.moveTo({position: {x: at.x + (way === "right") * step - (way === "left") * step,
                             y: at.y + (way === "down") * step - (way === "up") * step}});
});
</script>"""
)

_STYLE = """
body{margin:0;font-family:system-ui,sans-serif;color:#0b0c0c;background:#fff}
h1{font-size:1.25rem;margin:.6rem .8rem}
.card{margin:0}#mynetwork{border:0!important;float:none!important;outline-offset:-3px}
#mynetwork:focus-within{outline:3px solid #0b0c0c}
.move{padding:.4rem .8rem;display:flex;gap:.35rem}
.move button{min-width:2.1rem;min-height:2.1rem;font:inherit;background:#fff;color:#0b0c0c;border:1px solid #505a5f;
border-radius:4px;cursor:pointer}.move button:focus-visible{outline:3px solid #0b0c0c;box-shadow:0 0 0 5px #ffdd00}
.legend{display:block;clear:both;padding:.4rem .8rem;border-top:1px solid #b1b4b6;font-size:.9rem}
.legend ul{display:flex;flex-wrap:wrap;gap:.35rem 1.2rem;list-style:none;margin:.35rem 0;padding:0}
.legend svg{vertical-align:middle}
.told{padding:0 .8rem;font-size:.95rem}.told p{margin:.3rem 0}
div.vis-tooltip{white-space:pre-line!important;font:14px system-ui,sans-serif!important;background:#fff!important;
color:#0b0c0c!important;border:1px solid #505a5f!important;border-radius:3px!important;padding:8px!important;max-width:420px}
table{border-collapse:collapse;margin:1rem .8rem;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #b1b4b6;vertical-align:top}.day{white-space:nowrap}
"""
