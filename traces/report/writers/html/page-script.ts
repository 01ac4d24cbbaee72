/** What reports do without a network: sort tables by column, zoom flame graphs. Plain script, no dependencies. */
export const pageScript = `
"use strict";
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.querySelectorAll("th")];
  heads.forEach((head, column) => head.querySelector("button")?.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyOf = (row) => { const cell = row.cells[column]; return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v); };
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((x, y) => { const p = keyOf(x), q = keyOf(y); return (p < q ? -1 : p > q ? 1 : 0) * (down ? -1 : 1); });
    for (const row of rows) body.append(row);
  }));
}
const width = 960;
for (const group of document.querySelectorAll(".flames")) {
  const frames = [...group.querySelectorAll("g")].map((g) => ({ g, x: Number(g.dataset.x), w: Number(g.dataset.w), f: Number(g.dataset.f), rects: g.querySelectorAll("rect"), text: g.querySelector("text") }));
  const show = (from, size) => {
    for (const { g, x, w, f, rects, text } of frames) {
      const left = Math.max(0, ((x - from) / size) * width);
      const right = Math.min(width, ((x + w - from) / size) * width);
      const isSeen = right - left > 0.3;
      g.style.display = isSeen ? "" : "none";
      if (!isSeen) continue;
      rects[0].setAttribute("x", left); rects[0].setAttribute("width", right - left);
      rects[1].setAttribute("x", left); rects[1].setAttribute("width", (right - left) * f);
      const room = Math.floor((right - left - 6) / 6.5), name = text.dataset.t;
      text.setAttribute("x", left + 3);
      text.textContent = room < 2 ? "" : name.length <= room ? name : name.slice(0, room - 1) + "…";
    }
  };
  for (const { g, x, w } of frames) {
    g.addEventListener("click", () => show(x, w));
    g.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(x, w); } });
  }
}
`;
