"""The same letters by WeasyPrint: `letters_weasyprint.py FOLDER LETTERS.json`, a file of letters as
press_sheets.py tells them, beside the folder that typst reads. Prints its size and seconds."""

import html
import json
import sys
import time
from pathlib import Path

from weasyprint import HTML

CSS = """
@font-face{font-family:Next;src:url(fonts/AtkinsonHyperlegibleNext-Regular.ttf)}
@font-face{font-family:Next;font-weight:700;src:url(fonts/AtkinsonHyperlegibleNext-Bold.ttf)}
@font-face{font-family:Mono;font-weight:700;src:url(fonts/AtkinsonHyperlegibleMono-Bold.ttf)}
@font-face{font-family:Every;src:url(fonts/DejaVuSansCondensed.ttf)}
@page{size:210mm 297mm;margin:0}
body{margin:0;font:12pt/1.35 Next,Every;color:#1a1420}
section{position:relative;height:297mm;break-after:page;overflow:hidden}
section>*{position:absolute;margin:0}
h1,h2,h3{color:BRAND;margin:0 0 3mm}h1{font-size:22pt}h2{font-size:14.5pt}h3{font-size:13pt}
p{margin:0 0 2mm}ol{margin:0;padding-left:8mm}li{margin-bottom:1.5mm}
.code{font:700 24pt Mono;white-space:nowrap}.panel{background:WASH;border:1.2pt solid BRAND}
.back{font-size:11pt}figure{margin:0}figure img{width:31mm;height:52mm;border:.8pt solid BRAND}
"""


def main(folder: str, file: str) -> None:
    """One document of all the letters."""
    given = json.loads(Path(file).read_text())
    facts, letters = given["facts"], given["letters"]
    began, cpu = time.perf_counter(), time.process_time()
    css = CSS.replace("BRAND", facts["colours"]["brand"]).replace("WASH", facts["colours"]["wash"])
    title = html.escape(facts["texts"]["document"])
    pages = "".join(_front(each, facts) + _back(each, facts) for each in letters)
    page = f"<html lang=fr><title>{title}</title><style>{css}</style><body>{pages}</body></html>"
    document = HTML(string=page, base_url=f"{folder}/")
    pdf = document.write_pdf(pdf_variant="pdf/ua-1")
    print(json.dumps({
        "bytes": len(pdf), "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }))  # fmt: skip
    Path(file).with_suffix(".pdf").write_bytes(pdf)


def _at(left: float, top: float, width: float, body: str, kind: str = "") -> str:
    place = f"left:{left}mm;top:{top}mm;width:{width}mm"
    return f'<div class="{kind}" style="{place}">{body}</div>'


def _path(mark: dict) -> str:
    """The black squares of a mark."""
    size = mark["size"]
    places = ((at % size, at // size) for at, light in enumerate(mark["modules"]) if not light)
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in places)


def _drawn(mark: dict, side: float, alt: str) -> str:
    size = mark["size"]
    return (
        f'<svg role="img" aria-label="{alt}" width="{side}mm" height="{side}mm" '
        f'viewBox="0 0 {size} {size}"><path d="{_path(mark)}"/></svg>'
    )


def _filled(text: str, letter: dict) -> str:
    for name, value in letter["values"].items():
        text = text.replace("{" + name + "}", value)
    parts = html.escape(text).split("*")
    return "".join(f"<b>{each}</b>" if at % 2 else each for at, each in enumerate(parts))


def _foot(letter: dict, words: dict, page: int) -> str:
    lot = _filled(words["lot"], letter)
    told = f"{lot} – {words['page'].replace('{page}', str(page))}"
    return _at(8, 279, 9, _drawn(letter["marks"][page - 1], 9, "")) + _at(20, 284, 170, told)


def _front(letter: dict, facts: dict) -> str:
    words = facts["texts"]

    def said(name: str) -> str:
        return _filled(words[name], letter)

    head = f'<img src="mark.svg" alt="" style="height:13mm"> <b>{facts["mark"]} {facts["rest"]}</b>'
    contact = (
        f"<p>{words['web']}<br>{facts['portal']}<p>{words['call']}<br><b>{facts['phone']}</b><br>"
        f"{facts['hours']}<p>{words['mail']}<br>{facts['email']}<p>{said('date')}"
    )
    lines = "<br>".join(map(html.escape, letter["lines"]))
    panel = (
        _at(6, 5, 80, f"<b>{words['number']}</b><p class=code>{html.escape(letter['number'])}")
        + _at(6, 21, 80, f"<b>{words['code']}</b><p class=code>{letter['code']}")
        + _at(6, 37, 118, said("good_until"))
        + _at(95, 8, 31, words["qr"])
        + _at(130, 7, 30, _drawn(letter["qr"], 30, html.escape(words["qr_alt"])))
    )
    todo = "".join(f"<li>{_filled(each, letter)}" for each in words["todo"])
    return "<section>" + "".join((
        _at(20, 13, 100, head),
        _at(20, 38, 68, contact),
        _at(110, 59, 80, f'<p style="font:10pt/3.9mm Every">{lines}'),
        _at(20, 110, 170, f"<h1>{words['subject']}</h1><p>{said('greeting')}<p>{words['intro']}"),
        f'<div class=panel style="left:20mm;top:150mm;width:170mm;height:45mm">'
        f"<section style='height:45mm;break-after:auto'>{panel}</section></div>",
        _at(20, 203, 170, f"<h2>{words['todo_title']}</h2><ol>{todo}</ol><p>{said('turn_over')}"
            f"<h2>{words['help_title']}</h2><p>{said('help')}<p>{said('secret')}"),
        _foot(letter, words, 1),
    )) + "</section>"  # fmt: skip


def _back(letter: dict, facts: dict) -> str:
    words = facts["texts"]
    screens = "".join(
        _at(20 + at * 34.75, 27, 31, f'<figure><img src="{each["file"]}" alt="{each["alt"]}">'
            f"<figcaption>{each['caption']}</figcaption></figure>")
        for at, each in enumerate(facts["screens"])
    )  # fmt: skip
    columns = "".join(
        _at(20 + at * 89, 93, 81, f"<h3>{each['title']}</h3><ol>" + "".join(
            f"<li value={step['number']}><b>{step['title']}</b><br>{step['do']}"
            for step in each["steps"]) + "</ol>")
        for at, each in enumerate(facts["procedures"])
    )  # fmt: skip
    notes = "".join(
        f"<div class=panel><h3>{title}</h3><p>{_filled(body, letter)}</div>"
        for title, body in (
            (words["phone_title"], words["phone"]),
            (facts["otherwise"]["title"], facts["otherwise"]["do"]),
            (words["help_title"], words["help"]),
        )
    )
    title = _at(20, 14, 170, f"<h2>{words['back_title']}</h2>")
    foot = _foot(letter, words, 2)
    return (
        f"<section class=back>{title}{screens}{columns}{_at(109, 170, 81, notes)}{foot}</section>"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
