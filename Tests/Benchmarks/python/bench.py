"""Runs the benchmarks: lets ours and the peers alternate, round by round, and prints one table."""

import argparse
import os
import pathlib
import shutil
import statistics
import sys

import corpus
import rows
from contestants import Contestants, Failed
from disk import fsync_milliseconds


def arguments():
    parser = argparse.ArgumentParser(prog=".ci/bench")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(rows.GROUPS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="three short rounds, to see that all works")
    parser.add_argument("--rounds", type=int, help="rounds of each, 7 unless told otherwise")
    parser.add_argument("--executable", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--disk", required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    for group in chosen.groups:
        if group not in rows.GROUPS:
            parser.error(f"there is no group {group}; there are: {', '.join(rows.GROUPS)}")
    chosen.groups = chosen.groups or list(rows.GROUPS)
    chosen.rounds = chosen.rounds or (3 if chosen.quick else 7)
    return chosen


def tmpfs(disk):
    """A folder in memory; where there is none the figures are those of the disk, which is said."""
    if os.path.isdir("/dev/shm"):
        return pathlib.Path("/dev/shm") / f"mybot-bench-{os.getpid()}"
    print("There is no /dev/shm: the rows that say tmpfs are on the disk.", file=sys.stderr)
    return disk / "tmpfs"


def table(found):
    header = rows.Row("work", "ours", "peer", "ratio", "goal", "")
    lines = [header, *found]
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    for number, line in enumerate(lines):
        cells = [cell.ljust(width) for cell, width in zip(line, widths)]
        print("  ".join([*cells, line.verdict]).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def main():
    chosen = arguments()
    disk = pathlib.Path(chosen.disk) / f"bench-{os.getpid()}"
    memory = tmpfs(disk)
    texts = corpus.make(chosen.cache)
    fsyncs = [fsync_milliseconds(disk)]
    found = []
    try:
        for group in chosen.groups:
            print(f"{group} ...", file=sys.stderr, flush=True)
            with Contestants(chosen.executable, memory, disk) as contestants:
                bench = rows.Bench(contestants, texts, chosen.rounds, chosen.quick, statistics.median(fsyncs))
                try:
                    found += rows.GROUPS[group](bench)
                except Failed as failure:
                    found.append(rows.Row(group, str(failure), "", "", "", "FAILED"))
            fsyncs.append(fsync_milliseconds(disk))
    finally:
        for folder in (memory, disk):
            shutil.rmtree(folder, ignore_errors=True)
    table(found)
    spread = f"{min(fsyncs):.3f} to {max(fsyncs):.3f}"
    print(f"\nfsync of this disk: {statistics.median(fsyncs):.3f} ms in the median ({spread} over the run)")
    print(f"rounds of each, in turns: {chosen.rounds}; figures are medians of rounds; CPU time is of the whole process")
    print(f"load at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
