"""Lets mybot and two other clients meet the same faults of the same fake Discord, and measures who comes back and when.

python drill.py FAKE MYBOT [NAME ...]: the two executables, and the faults whose names hold one of the words; all without any.
Each fault has a fake and a client of its own, so that nothing is left of the one before. The three clients run side by side.
"""

import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
CLIENTS = ("mybot", "hikari", "discord.py")
# So much slower than the slower of the other two may mybot be, in seconds: the waits of all three are partly drawn at random, and they
# share two cores.
ALLOWANCE = 1.0
# A client that has not come back by then does not count as come back.
PATIENCE = 150
# So long a session stands before its fault, for identifies must be 5 s apart.
SETTLING = 6

# Name, orders to the fake, orders before the client starts, orders some seconds after the fault.
FAULTS = [
    ("close 4000", ["close 4000"]),
    ("close 4001", ["close 4001"]),
    ("close 4002", ["close 4002"]),
    ("close 4003", ["close 4003"]),
    ("close 4005", ["close 4005"]),
    ("close 4007", ["close 4007"]),
    ("close 4008", ["close 4008"]),
    ("close 4009", ["close 4009"]),
    ("close 1000, session gone", ["end 1000"]),
    ("close 1001, session gone", ["end 1001"]),
    ("connection cut", ["drop"]),
    ("op 7", ["reconnect"]),
    ("op 9 true", ["invalidate true"]),
    ("op 9 false", ["invalidate false"]),
    ("silent zombie", ["mute"]),
    ("Hello never comes", ["withhold-hello 1", "drop"]),
    ("READY never comes", ["withhold-ready 1", "invalidate false"]),
    ("resume address dead", ["break-resume on", "drop"]),
    ("/gateway/bot 500, 3 times", None),
    ("REST 503 for 5 s", ["rest-down on"]),
]


class Fake:
    """The fake Discord, in a process of its own."""

    def __init__(self, executable):
        self.lock = threading.Lock()
        self.process = subprocess.Popen([executable], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url, self.token = self.process.stdout.readline().split()

    def order(self, line):
        with self.lock:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().strip()
        if not answer or answer == "unknown order":
            raise RuntimeError(f"the fake answers {answer!r} to {line!r}")
        return answer

    def replies(self):
        return int(self.order("replies"))

    def close(self):
        self.process.stdin.close()
        end(self.process)


def end(process):
    """Ends a process that this one has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            process.wait(timeout=8)
            return
        except subprocess.TimeoutExpired:
            process.send_signal(number)
    process.wait(timeout=8)


def start(client, fake, mybot, folder):
    """Starts a client; what it says goes into a file of the folder."""
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    if client == "mybot":
        environment |= {
            "DISCORD_BOT_TOKEN": fake.token, "DISCORD_API_BASE_URL": fake.url, "MODEL_PROVIDER": "offline",
            "HTTP_PORT": "0", "ACCESS_ALLOW": "*",
        }
        command = [mybot]
    else:
        command = [sys.executable, str(HERE / f"echo_{client.replace('.', '_')}.py"), fake.url, fake.token]
    output = open(os.path.join(folder, "output"), "wb")
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


def wait(condition, seconds):
    """How long it took until the condition held; None when it did not in time."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if condition():
            return time.monotonic() - begin
        time.sleep(0.02)
    return None


def answers(fake, seconds, process):
    """Says something every half second; how long it took until the client answered anything. None when it did not."""
    known = fake.replies()
    begin = time.monotonic()
    number, last = 0, 0.0
    while (now := time.monotonic()) - begin < seconds and process.poll() is None:
        if fake.replies() > known:
            return now - begin
        if now - last >= 0.5:
            number, last = number + 1, now
            fake.order(f"say probe {number}")
        time.sleep(0.02)
    return None


def suffer(client, name, orders, executable, mybot):
    """One client and one fault: the seconds until it answered, or None; and what else is to be told."""
    fake = Fake(executable)
    process = None
    try:
        with tempfile.TemporaryDirectory(prefix="gateway-drill-") as folder:
            try:
                fake.order("heartbeat 5000")
                if orders is None:
                    fake.order("fail-gateway 3")
                process = start(client, fake, mybot, folder)
                if orders is None:
                    return answers(fake, PATIENCE, process), fake.order("counts")
                if wait(lambda: fake.order("ready") == "yes", 60) is None:
                    raise RuntimeError(f"{client} does not connect: " + pathlib.Path(folder, "output").read_text()[-2000:])
                ready = time.monotonic()
                if answers(fake, 30, process) is None:
                    raise RuntimeError(f"{client} does not answer: " + pathlib.Path(folder, "output").read_text()[-2000:])
                time.sleep(max(1.0, ready + SETTLING - time.monotonic()))
                for order in orders:
                    fake.order(order)
                timer = threading.Timer(5, fake.order, ["rest-down off"]) if "REST" in name else None
                if timer:
                    timer.start()
                seconds = answers(fake, PATIENCE, process)
                if timer:
                    timer.join()
                return seconds, fake.order("counts")
            finally:
                if process:
                    process.terminate()
                    end(process)
    finally:
        fake.close()


def verdict(times):
    """What is wrong with mybot's time; None when it is as good as the others'."""
    mine, others = times["mybot"], [times[client] for client in CLIENTS if client != "mybot" and times[client] is not None]
    if mine is None:
        # All of these faults can heal, whether another client shows it or not.
        return "mybot does not come back"
    if others and mine > max(others) + ALLOWANCE:
        return f"mybot takes {mine:.1f} s"
    return None


def main():
    executable, mybot, *wanted = sys.argv[1:]
    faults = [fault for fault in FAULTS if not wanted or any(word in fault[0] for word in wanted)]
    if not faults:
        sys.exit("no fault has such a name; there are: " + "; ".join(name for name, _ in FAULTS))
    shown = {True: lambda seconds: "-", False: lambda seconds: f"{seconds:.1f} s"}
    print(f"| {'fault':26} | " + " | ".join(f"{client:>10}" for client in CLIENTS) + " |", flush=True)
    print("|" + "-" * 28 + "|" + "|".join("-" * 12 for _ in CLIENTS) + "|", flush=True)
    problems = []
    with concurrent.futures.ThreadPoolExecutor(len(CLIENTS)) as pool:
        for name, orders in faults:
            runs = {client: pool.submit(suffer, client, name, orders, executable, mybot) for client in CLIENTS}
            times = {client: run.result()[0] for client, run in runs.items()}
            cells = (shown[times[client] is None](times[client]) for client in CLIENTS)
            print(f"| {name:26} | " + " | ".join(f"{cell:>10}" for cell in cells) + " |", flush=True)
            problem = verdict(times)
            if problem:
                problems.append(f"{name}: {problem}")
    print("\n".join(problems) if problems else "mybot comes back from all that another comes back from, and in time")
    sys.exit(1 if problems else 0)


main()
