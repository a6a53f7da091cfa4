"""Lets the vendors' own libraries talk to the fake model servers of our tests: what they accept is the real protocol."""

import json
import subprocess
import sys

import anthropic
import ollama
import openai

QUESTION = "Grüße, 漢字 and 👩🏽‍🚀!"
PARAMETERS = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
WORDS = ["a 漢字", "b 漢字"]
checks = 0


def expect(found, wanted, what):
    global checks
    checks += 1
    if found != wanted:
        sys.exit(f"{what}: {found!r} and not {wanted!r}")


def refused(error, ask):
    try:
        ask()
    except error as refusal:
        return refusal
    sys.exit(f"no {error.__name__}")


def check_openai(url):
    client = openai.OpenAI(base_url=url + "/v1", api_key="sk-made-up", max_retries=0)
    expect([model.id for model in client.models.list()], ["fake-model", "fake-embedding"], "openai: models")

    def ask(*messages, **options):
        return client.chat.completions.create(model="fake-model", messages=list(messages), **options)

    def user(text):
        return {"role": "user", "content": text}

    chunks = list(ask(user(QUESTION), stream=True, stream_options={"include_usage": True}))
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    expect(text, QUESTION, "openai: text")
    usage = chunks[-1].usage
    expect((usage.prompt_tokens, usage.completion_tokens, usage.prompt_tokens_details.cached_tokens), (12, 7, 4), "openai: usage")
    reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    expect(reasons, ["stop"], "openai: finish reason")
    for question, reason in (("length", "length"), ("refuse", "content_filter")):
        with client.chat.completions.stream(model="fake-model", messages=[user(question)]) as stream:
            reasons = [event.chunk.choices[0].finish_reason for event in stream if event.type == "chunk" and event.chunk.choices]
        expect(reasons[-1], reason, f"openai: {question}")

    tools = [{"type": "function", "function": {"name": "look_up", "description": "Looks up.", "parameters": PARAMETERS}}]
    with client.chat.completions.stream(model="fake-model", messages=[user("tools")], tools=tools) as stream:
        message = stream.get_final_completion().choices[0].message
    expect([json.loads(call.function.arguments)["word"] for call in message.tool_calls], WORDS, "openai: calls")
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"result {call.id}"} for call in message.tool_calls]
    calls = {"role": "assistant", "content": message.content, "tool_calls": [call.model_dump() for call in message.tool_calls]}
    chunks = ask(user("tools"), calls, *results, tools=tools, stream=True)
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    expect(text, "result call_0, result call_1", "openai: results")
    refused(openai.AuthenticationError, lambda: ask(user("fail 401"), stream=True))
    refused(openai.RateLimitError, lambda: ask(user("fail 429"), stream=True))


def check_anthropic(url):
    client = anthropic.Anthropic(base_url=url, api_key="sk-made-up", max_retries=0)
    expect([model.id for model in client.models.list()], ["fake-model", "fake-embedding"], "anthropic: models")

    def stream(*messages, **options):
        return client.messages.stream(model="fake-model", max_tokens=99, messages=list(messages), **options)

    def user(content):
        return {"role": "user", "content": content if isinstance(content, list) else [{"type": "text", "text": content}]}

    with stream(user(QUESTION), system=[{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]) as events:
        text = "".join(events.text_stream)
        message = events.get_final_message()
    expect(text, QUESTION, "anthropic: text")
    expect([block.type for block in message.content], ["thinking", "text"], "anthropic: blocks")
    expect(message.content[0].thinking, "Let me think", "anthropic: thinking")
    usage = message.usage
    expect((usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens), (8, 4, 7), "anthropic: usage")
    for question, reason in (("hello", "end_turn"), ("length", "max_tokens"), ("refuse", "refusal")):
        with stream(user(question)) as events:
            expect(events.get_final_message().stop_reason, reason, f"anthropic: {question}")

    tools = [{"name": "look_up", "description": "Looks up.", "input_schema": PARAMETERS}]
    with stream(user("tools"), tools=tools) as events:
        message = events.get_final_message()
    calls = [block for block in message.content if block.type == "tool_use"]
    expect([call.input["word"] for call in calls], WORDS, "anthropic: calls")
    expect(message.stop_reason, "tool_use", "anthropic: tools")
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": f"result {call.id}"} for call in calls]
    content = [block.model_dump(exclude_none=True) for block in message.content]
    with stream(user("tools"), {"role": "assistant", "content": content}, user(results), tools=tools) as events:
        expect("".join(events.text_stream), "result call_0, result call_1", "anthropic: results")

    def fail(status):
        with stream(user(f"fail {status}")) as events:
            events.get_final_message()

    refused(anthropic.AuthenticationError, lambda: fail(401))
    expect(refused(anthropic.APIStatusError, lambda: fail(529)).status_code, 529, "anthropic: overload")


def check_ollama(url):
    client = ollama.Client(host=url)
    expect([model.model for model in client.list().models], ["fake-model", "fake-embedding"], "ollama: models")

    def ask(*messages, **options):
        return list(client.chat(model="fake-model", messages=list(messages), stream=True, **options))

    def user(text):
        return {"role": "user", "content": text}

    parts = ask(user(QUESTION), options={"num_ctx": 4096, "num_predict": 99})
    expect("".join(part.message.content or "" for part in parts), QUESTION, "ollama: text")
    expect("".join(part.message.thinking or "" for part in parts), "Let me think", "ollama: thinking")
    last = parts[-1]
    expect((last.done, last.done_reason, last.prompt_eval_count, last.eval_count), (True, "stop", 12, 7), "ollama: end")
    expect(ask(user("length"))[-1].done_reason, "length", "ollama: length")
    tools = [{"type": "function", "function": {"name": "look_up", "description": "Looks up.", "parameters": PARAMETERS}}]
    parts = ask(user("tools"), tools=tools)
    calls = [call for part in parts for call in part.message.tool_calls or []]
    expect([call.function.arguments["word"] for call in calls], WORDS, "ollama: calls")
    results = [{"role": "tool", "tool_name": "look_up", "content": f"result {number}"} for number in range(2)]
    told = {"role": "assistant", "content": "", "tool_calls": [call.model_dump() for call in calls]}
    parts = ask(user("tools"), told, *results, tools=tools)
    expect("".join(part.message.content or "" for part in parts), "result 0, result 1", "ollama: results")
    expect(refused(ollama.ResponseError, lambda: ask(user("fail 404"))).status_code, 404, "ollama: refusal")


def main():
    server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        for check in (check_openai, check_anthropic, check_ollama):
            before = checks
            check(url)
            print(f"{check.__name__}: {checks - before} checks passed")
    finally:
        server.stdin.close()
        server.wait(timeout=10)


main()
