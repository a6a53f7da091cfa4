"""Makes the texts of the benchmarks from what the pinned packages hold, so that they are the same on every machine.

English: the docstrings of the peers. Code: their sources. Many languages: Django's translations. Chat: emoji and short lines by a
seeded generator.
"""

import ast
import hashlib
import json
import pathlib
import random
import re
import sysconfig

ENGLISH, CODE, TRANSLATIONS, CHAT = 3_500_000, 3_000_000, 2_500_000, 400_000
PACKAGES = ("sqlalchemy", "google/adk", "agents", "langchain_core", "langgraph", "pydantic", "httpx")


def sources(site):
    for package in PACKAGES:
        for path in sorted((site / package).rglob("*.py")):
            yield path.read_text(encoding="utf-8", errors="ignore")


def docstrings(text):
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and (found := ast.get_docstring(node)):
            yield found


def translations(site):
    for path in sorted((site / "django").rglob("*.po")):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', text, re.M):
            joined = "".join(json.loads(part, strict=False) for part in re.findall(r'"(?:[^"\\]|\\.)*"', match[1]))
            if joined.strip():
                yield path.parent.parent.name, joined


def chat(generator):
    words = "ok yes no thanks haha where when tonight see you soon great sorry love it what why".split()
    emoji = "😀 😂 ❤️ 👍🏽 👩‍👩‍👧‍👦 🎉 🤔 🇩🇪 🏳️‍🌈 🙏 🔥 😭 ✨ 👨‍💻".split()
    while True:
        line = [generator.choice(words) for _ in range(generator.randint(1, 9))]
        line += [generator.choice(emoji) for _ in range(generator.randint(0, 4))]
        yield " ".join(line) + generator.choice(["", "!", "?", "...", " :)"])


def take(texts, size, separator="\n"):
    taken, total = [], 0
    for text in texts:
        taken.append(text)
        total += len(text.encode()) + 1
        if total >= size:
            break
    return separator.join(taken)


def messages(english, count):
    """Messages of about 225 bytes: whole sentences of the English text."""
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", english)) if 20 < len(s) < 200]
    made, message = [], ""
    for sentence in sentences:
        message = f"{message} {sentence}".strip()
        if len(message) >= 180:
            made.append(message)
            message = ""
        if len(made) == count:
            break
    return made


def make(cache):
    """Writes the files if they are not there yet; returns their folder."""
    site = pathlib.Path(sysconfig.get_path("purelib"))
    own = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
    folder = pathlib.Path(cache) / f"texts-{own}"
    if (folder / "complete").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    generator = random.Random(20261123)
    texts = list(sources(site))
    english = take((d for text in texts for d in docstrings(text)), ENGLISH)
    said = list(translations(site))
    thai = "".join(re.sub(r"[^\u0e00-\u0e7f]", "", text) for language, text in said if language == "th")
    generator.shuffle(said)
    generator.shuffle(texts)
    many = take((text for _, text in said), TRANSLATIONS)
    mixed = [english, take(texts, CODE), many, take(chat(generator), CHAT)]
    letters = "".join(generator.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(100_000))
    files = {
        "english.txt": mixed[0],
        "code.txt": mixed[1],
        "many.txt": mixed[2],
        "mixed.txt": "\n".join(mixed),
        "one-character.txt": "a" * 100_000,
        "letters.txt": letters,
        "thai.txt": (thai * (100_000 // len(thai.encode()) + 1)).encode()[:99_999].decode(),
        "messages.json": json.dumps(messages(english, 4000)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "complete").touch()
    return folder
