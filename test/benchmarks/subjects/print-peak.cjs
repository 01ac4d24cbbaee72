// Loaded before a program (`node --require`): when it ends, writes its largest memory and its time to file descriptor 3.
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ ms: performance.now(), maxRssKb: maxRSS }));
});
