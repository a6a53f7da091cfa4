"""The processes that are measured: ours, and one Python process for each peer. All speak the same lines."""

import json
import pathlib
import shutil
import subprocess
import sys

WORKER = pathlib.Path(__file__).parent / "worker.py"


class Failed(Exception):
    """A contestant could not do what it was asked."""


class Worker:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"ended with status {self.process.wait()}")
        answer = json.loads(line)
        if answer.get("error"):
            raise Failed(answer["error"])
        return answer.get("figures") or {}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Contestant:
    """One workload in a process of its own, with a folder of its own."""

    def __init__(self, command, work, folder, options):
        self.folder = folder
        self.worker = Worker(command)
        try:
            self.worker.ask(verb="prepare", id="it", work=work, options=options)
        except Failed:
            self.worker.close()
            shutil.rmtree(folder)
            raise

    def round(self):
        return self.worker.ask(verb="round", id="it")

    def end(self):
        self.worker.ask(verb="end", id="it")
        self.worker.close()


class Contestants:
    """Makes contestants and ends those that are left."""

    def __init__(self, executable, memory, disk):
        self.executable, self.memory, self.disk = executable, memory, disk
        self.made = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for contestant in self.made:
            contestant.worker.process.kill()
            contestant.worker.close()
            shutil.rmtree(contestant.folder)

    def ours(self, work, on_disk=False, **options):
        return self._make([self.executable], work, on_disk, options)

    def peer(self, work, on_disk=False, **options):
        return self._make([sys.executable, "-W", "ignore", str(WORKER)], work, on_disk, options)

    def _make(self, command, work, on_disk, options):
        folder = (self.disk if on_disk else self.memory) / f"{len(self.made)}-{work}"
        folder.mkdir(parents=True)
        contestant = Contestant(command, work, folder, {"folder": str(folder), **options})
        self.made.append(contestant)
        return contestant
