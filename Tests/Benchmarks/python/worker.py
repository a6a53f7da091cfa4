"""Measures one peer: reads a request a line from standard input, writes an answer a line, as the executable `Benchmarks` does."""

import asyncio
import json
import sys
import time

PART = 50_000  # characters of one call: bpe-openai refuses a million


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(part * len(ordered) + 0.999999) - 1))]


class Turns:
    """Turns in one chat, or in several at once. A peer says how a chat is opened, filled and talked in."""

    async def prepare(self, options):
        with open(options["texts"]) as file:
            self.texts = json.load(file)
        self.turns = options.get("turns", 200)
        self.said = options.get("messages", 0)
        await self.open(options["folder"] + "/peer.db")
        self.chats = []
        for number in range(options.get("chats", 1)):
            chat = await self.chat(f"chat-{number}")
            for begin in range(0, self.said, 100):
                end = min(begin + 100, self.said)
                await self.fill(chat, [(self.role(n), self.text(n)) for n in range(begin, end)])
            self.chats.append(chat)

    def text(self, number):
        return self.texts[number % len(self.texts)]

    def role(self, number):
        return "user" if number % 2 == 0 else "assistant"

    async def round(self):
        first, self.said = self.said, self.said + 2 * self.turns
        processor, wall = time.process_time_ns(), time.perf_counter_ns()
        spans = await asyncio.gather(*(self.talk(chat, first) for chat in self.chats))
        elapsed = (time.perf_counter_ns() - wall) / 1e6
        spans = [span for chat in spans for span in chat]
        return {
            "wall_ms": percentile(spans, 0.5) / 1e6,
            "p95_ms": percentile(spans, 0.95) / 1e6,
            "cpu_ms": (time.process_time_ns() - processor) / 1e6 / len(spans),
            "per_second": len(spans) / elapsed * 1000,
        }

    async def talk(self, chat, first):
        spans = []
        for turn in range(self.turns):
            user, answer = self.text(first + 2 * turn), self.text(first + 2 * turn + 1)
            start = time.perf_counter_ns()
            await self.turn(chat, user, answer)
            spans.append(time.perf_counter_ns() - start)
        return spans

    async def open(self, path):
        self.path = path

    async def end(self):
        pass


class SQLiteTurns(Turns):
    """openai-agents, SQLiteSession. It leaves `synchronous` as Python's SQLite has it, which is FULL; that is asked."""

    async def chat(self, name):
        from agents import SQLiteSession

        session = SQLiteSession(name, self.path)
        level = await asyncio.to_thread(
            lambda: session._get_connection().execute("PRAGMA synchronous").fetchone()[0]
        )
        assert level == 2, f"synchronous is {level}"
        return session

    async def fill(self, chat, messages):
        await chat.add_items([{"role": role, "content": text} for role, text in messages])

    async def turn(self, chat, user, answer):
        await chat.add_items([{"role": "user", "content": user}])
        items = await chat.get_items(limit=20)
        assert items[-1]["content"] == user
        await chat.add_items([{"role": "assistant", "content": answer}])

    async def end(self):
        for chat in self.chats:
            chat.close()


class AlchemyTurns(SQLiteTurns):
    """openai-agents, SQLAlchemySession over aiosqlite, as its documentation shows it."""

    async def chat(self, name):
        from agents.extensions.memory import SQLAlchemySession

        return SQLAlchemySession.from_url(name, url=f"sqlite+aiosqlite:///{self.path}", create_tables=True)

    async def end(self):
        for chat in self.chats:
            await chat.engine.dispose()


class ADKTurns(Turns):
    """google-adk, SqliteSessionService."""

    async def open(self, path):
        from google.adk.sessions.sqlite_session_service import SqliteSessionService

        self.service = SqliteSessionService(path)

    async def chat(self, name):
        return await self.service.create_session(app_name="bench", user_id="1", session_id=name)

    def event(self, role, text):
        from google.adk.events import Event
        from google.genai import types

        role = "model" if role == "assistant" else role
        return Event(author=role, content=types.Content(role=role, parts=[types.Part(text=text)]))

    async def fill(self, chat, messages):
        for role, text in messages:
            await self.service.append_event(chat, self.event(role, text))

    async def turn(self, chat, user, answer):
        from google.adk.sessions.base_session_service import GetSessionConfig

        await self.service.append_event(chat, self.event("user", user))
        context = await self.service.get_session(
            app_name="bench", user_id="1", session_id=chat.id, config=GetSessionConfig(num_recent_events=20)
        )
        assert context.events[-1].content.parts[0].text == user
        await self.service.append_event(chat, self.event("assistant", answer))


class GraphTurns(Turns):
    """LangGraph with SqliteSaver: a graph of one node that trims to 20 messages and answers."""

    async def open(self, path):
        import sqlite3

        from langchain_core.messages import AIMessage, trim_messages
        from langgraph.checkpoint.sqlite import SqliteSaver
        from langgraph.graph import END, START, MessagesState, StateGraph

        def answer(state):
            shown = trim_messages(
                state["messages"], max_tokens=20, token_counter=len, strategy="last", include_system=True
            )
            assert shown
            return {"messages": [AIMessage(self.answer)]}

        graph = StateGraph(MessagesState)
        graph.add_node("answer", answer)
        graph.add_edge(START, "answer")
        graph.add_edge("answer", END)
        self.connection = sqlite3.connect(path, check_same_thread=False)
        self.graph = graph.compile(checkpointer=SqliteSaver(self.connection))

    async def chat(self, name):
        return {"configurable": {"thread_id": name}}

    async def fill(self, chat, messages):
        from langchain_core.messages import AIMessage, HumanMessage

        made = [(HumanMessage if role == "user" else AIMessage)(text) for role, text in messages]
        self.graph.update_state(chat, {"messages": made}, as_node="answer")

    async def turn(self, chat, user, answer):
        self.answer = answer
        self.graph.invoke({"messages": [{"role": "user", "content": user}]}, chat)

    async def end(self):
        self.connection.close()


class Tokens:
    """Counts the tokens of a text with tiktoken or bpe-openai, in parts."""

    async def prepare(self, options):
        import vocabulary

        with open(options["corpus"], encoding="utf-8") as file:
            text = file.read()
        self.parts = [text[begin : begin + PART] for begin in range(0, len(text), PART)]
        self.bytes = len(text.encode())
        self.encoding = vocabulary.encoding(options["library"], options["tokenizer"])

    async def round(self):
        processor, wall = time.process_time_ns(), time.perf_counter_ns()
        tokens = sum(len(self.encoding.encode_ordinary(part)) for part in self.parts)
        return {
            "wall_ms": (time.perf_counter_ns() - wall) / 1e6,
            "cpu_ms": (time.process_time_ns() - processor) / 1e6,
            "bytes": self.bytes,
            "tokens": tokens,
        }

    async def end(self):
        pass


WORKS = {
    "sqlite": SQLiteTurns,
    "sqlalchemy": AlchemyTurns,
    "adk": ADKTurns,
    "langgraph": GraphTurns,
    "tokens": Tokens,
}


async def main():
    workloads = {}
    for line in sys.stdin:
        try:
            request = json.loads(line)
            name = request["id"]
            figures = {}
            if request["verb"] == "prepare":
                workloads[name] = WORKS[request["work"]]()
                await workloads[name].prepare(request.get("options", {}))
            elif request["verb"] == "round":
                figures = await workloads[name].round()
            else:
                await workloads.pop(name).end()
            answer = {"figures": figures}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
