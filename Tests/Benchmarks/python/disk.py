"""How long the disk takes to make a small write safe."""

import os
import statistics
import time


def fsync_milliseconds(folder, times=200):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "fsync")
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        # Like a write-ahead log, the file has its size already.
        os.write(descriptor, bytes(4096 * times))
        os.fsync(descriptor)
        spans = []
        for number in range(times):
            start = time.perf_counter()
            os.pwrite(descriptor, os.urandom(4096), 4096 * number)
            os.fdatasync(descriptor)
            spans.append((time.perf_counter() - start) * 1000)
        return statistics.median(spans)
    finally:
        os.close(descriptor)
        os.unlink(path)
