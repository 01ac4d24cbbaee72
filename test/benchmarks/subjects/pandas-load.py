# python3 pandas-load.py FILE: json, then a DataFrame of its events, as an analysis in Python begins.
import json
import sys
import time

import pandas

start = time.perf_counter()
with open(sys.argv[1], encoding="utf-8") as file:
    events = json.load(file)["traceEvents"]
frame = pandas.DataFrame(events)
ms = (time.perf_counter() - start) * 1000
with open("/proc/self/status", encoding="ascii") as file:
    peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
print(json.dumps({"ms": ms, "maxRssKb": peak, "events": len(frame), "version": pandas.__version__}))
