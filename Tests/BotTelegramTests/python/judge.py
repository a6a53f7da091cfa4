"""Judges rendered messages with Telegram's own code: TDLib, from PyPI's `tdjson`, whose synchronous calls need no network.

usage: judge.py FILE, of JSON lines as RenderingSamplesTests writes them

Of each message is asked:
- getMarkdownText with the text and its entities: it refuses what sendMessage would refuse (offsets, addresses, encoding);
- parseMarkdown with the whole text as code, so that nothing in it is markup: the text after TDLib has cleaned it;
- parseMarkdown with the markers in the text made harmless: the entities after TDLib has put them in order;
- parseTextEntities with the same message written as HTML: a second opinion on entities and addresses.
"""
import collections
import html
import json
import re
import sys

import tdjson

MAX_SCALARS, MAX_BYTES, MAX_ENTITIES = 4096, 32768, 100
TYPES = {"bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
         "spoiler": "Spoiler", "code": "Code", "blockquote": "BlockQuote", "text_link": "TextUrl"}
TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
        "blockquote": "blockquote"}


def execute(call):
    return json.loads(tdjson.td_execute(json.dumps(call).encode()) or b"{}")


execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def units(text):
    """The UTF-16 code units, each as a string."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at:at + 2] for at in range(0, len(data), 2)]


def joined(pieces):
    return b"".join(pieces).decode("utf-16-le", "surrogatepass")


def td_entity(entity):
    if entity["type"] == "pre":
        kind = ({"@type": "textEntityTypePreCode", "language": entity["language"]} if entity.get("language")
                else {"@type": "textEntityTypePre"})
    else:
        kind = {"@type": "textEntityType" + TYPES[entity["type"]]}
        if "url" in entity:
            kind["url"] = entity["url"]
    return {"@type": "textEntity", "offset": entity["offset"], "length": entity["length"], "type": kind}


def formatted(text, entities):
    return {"@type": "formattedText", "text": text, "entities": entities}


def covered(entities):
    """For each kind of format (with its address or language) the code units that have it."""
    cover = collections.defaultdict(set)
    for entity in entities:
        kind = {name: value for name, value in entity["type"].items() if value}
        if "url" in kind:
            kind["url"] = canonical(kind["url"])
        cover[json.dumps(kind, sort_keys=True)].update(range(entity["offset"], entity["offset"] + entity["length"]))
    return cover


def canonical(url):
    """As TDLib writes an address: scheme and host in small letters, at least a slash after them, spaces encoded."""
    parts = re.fullmatch(r"(https?://)([^/?#]*)(.*)", url, re.IGNORECASE | re.DOTALL)
    if not parts:
        return url
    scheme, host, rest = parts[1].lower(), parts[2].lower(), parts[3]
    host = re.sub(r":0*(\d+)$", r":\1", host)
    if not rest.startswith("/"):
        rest = "/" + rest
    return scheme + host + "".join("%{:02X}".format(ord(c)) if c <= " " else c for c in rest)


def as_html(text, entities):
    opening, closing = collections.defaultdict(str), collections.defaultdict(str)
    for entity in entities:
        if entity["type"] == "pre":
            language = entity.get("language")
            start, end = (f'<pre><code class="language-{html.escape(language)}">', "</code></pre>") if language else (
                "<pre>", "</pre>")
        elif entity["type"] == "text_link":
            start, end = f'<a href="{html.escape(entity["url"])}">', "</a>"
        else:
            start, end = (f"<{mark}{TAGS[entity['type']]}>" for mark in ("", "/"))
        opening[entity["offset"]] += start
        closing[entity["offset"] + entity["length"]] = end + closing[entity["offset"] + entity["length"]]
    pieces = []
    for at, unit in enumerate(units(text) + [b""]):
        pieces.append((closing[at] + opening[at]).encode("utf-16-le"))
        pieces.append({b"<\0": "&lt;", b">\0": "&gt;", b"&\0": "&amp;"}[unit].encode("utf-16-le")
                      if unit in (b"<\0", b">\0", b"&\0") else unit)
    return joined(pieces)


def faults(text, entities):
    """What is wrong with a message."""
    size = len(units(text))
    if len(text) > MAX_SCALARS:
        yield f"{len(text)} characters"
    if len(text.encode()) > MAX_BYTES:
        yield f"{len(text.encode())} bytes"
    if len(entities) > MAX_ENTITIES:
        yield f"{len(entities)} entities"
    ours = [td_entity(entity) for entity in entities]
    answer = execute({"@type": "getMarkdownText", "text": formatted(text, ours)})
    if answer["@type"] == "error":
        yield "refused: " + answer["message"]
        return
    code = [{"@type": "textEntity", "offset": 0, "length": size, "type": {"@type": "textEntityTypePre"}}]
    cleaned = execute({"@type": "parseMarkdown", "text": formatted(text, code)})["text"]
    if cleaned != text:
        yield f"cleaned to {cleaned!r}"
    if text != text.strip(" \n\r\t\v\f\0") and not (text == text.rstrip() and any(e["offset"] == 0 for e in entities)):
        yield "would be trimmed"
    if not re.search(r"[^\s\u200b-\u200f\u202e\u2800\ufeff\ufffc]", text):
        yield "blank"
    tamed = re.sub(r"[*_~|`\[\]]", "x", text)
    kept = execute({"@type": "parseMarkdown", "text": formatted(tamed, ours)})["entities"]
    if covered(kept) != covered(ours):
        yield f"entities changed to {kept}"
    if len(kept) > MAX_ENTITIES:
        yield f"{len(kept)} entities after they were put in order"
    parsed = execute({"@type": "parseTextEntities", "text": as_html(text, entities),
                      "parse_mode": {"@type": "textParseModeHTML"}})
    if parsed["@type"] == "error":
        yield "HTML refused: " + parsed["message"]
    elif parsed["text"] != text:
        yield f"HTML gives {parsed['text']!r}"
    elif covered(parsed["entities"]) != covered(ours):
        yield f"HTML gives the entities {parsed['entities']}"


# Each must be found faulty, or this program proves nothing.
BAD_MESSAGES = [
    ("abc", [{"type": "bold", "offset": 0, "length": 4}]),
    ("\U0001F600", [{"type": "bold", "offset": 1, "length": 1}]),
    ("abc", [{"type": "text_link", "offset": 0, "length": 3, "url": "http://localhost/"}]),
    ("abc", [{"type": "text_link", "offset": 0, "length": 3, "url": "tg://user?id=1"}]),
    ("abc", [{"type": "text_link", "offset": 0, "length": 3, "url": "mailto:a@b.org"}]),
    ("abc", [{"type": "code", "offset": 0, "length": 3}, {"type": "bold", "offset": 1, "length": 1}]),
    ("abc", [{"type": "code", "offset": 0, "length": 2}, {"type": "bold", "offset": 1, "length": 2}]),
    ("abc", [{"type": "text_link", "offset": 0, "length": 3, "url": "http://a.b"},
             {"type": "code", "offset": 1, "length": 1}]),
    ("ab" * 60, [{"type": "bold", "offset": 0, "length": 120}]
     + [{"type": "code", "offset": 2 * at, "length": 1} for at in range(60)]),
    ("a\0b", []), ("a\u202eb", []), ("a\u030a", []), (" a", []), ("a\n", []), ("\u200b", []), ("a" * 4097, []),
]


def visible(text):
    """Without white space, and without what leaves no mark, of which a message by itself is not sent."""
    return re.sub(r"[\s\u200b-\u200f\u2800\ufeff\u3164\u115f\u1160\uffa0\u00ad\u2060-\u206f\ufff0-\uffff"
                  "\U000e0000-\U000e0fff\u034f\u061c\u180b-\u180f\ufe00-\ufe0f]", "", text)


def main(path):
    for text, entities in BAD_MESSAGES:
        if not list(faults(text, entities)):
            print(f"no fault found in {text[:20]!r} with {entities}")
            return 1
    texts = messages = entities = 0
    found = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            sample = json.loads(line)
            texts += 1
            wrong = []
            for chunk in sample["chunks"]:
                messages += 1
                entities += len(chunk["entities"])
                wrong += faults(chunk["text"], chunk["entities"])
            if visible("".join(chunk["text"] for chunk in sample["chunks"])) != visible(sample["text"]):
                wrong.append("the messages do not hold the text")
            if wrong:
                found.append((sample["source"], wrong))
    for source, wrong in sorted(found, key=lambda fault: len(fault[0]))[:10]:
        print(f"{source[:300]!r}\n    " + "\n    ".join(fault[:300] for fault in wrong[:4]))
    print(f"{texts} texts, {messages} messages, {entities} entities: "
          + (f"{len(found)} texts with faults" if found else "all as Telegram takes them"))
    return 1 if found or not messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
