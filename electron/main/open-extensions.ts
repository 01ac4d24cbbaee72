/**
 * Endings that the open dialog offers first, without the dot and without compound ones, which dialogs do not know:
 * "x.pt.trace.json.gz" ends in gz. A hint only: what a file is, its content says.
 */
export const openExtensions: string[] = [
  "json",
  "gz",
  "zip",
  "trace",
  "dflame",
  "pb",
  "pftrace",
  "perfetto-trace",
  "sqlite",
  "sqlite3",
  "db",
  "nsys-rep",
  "qdrep",
  "ncu-rep",
  "csv",
  "cpuprofile",
  "pprof",
  "prof",
  "folded",
  "collapsed",
  "txt",
];
