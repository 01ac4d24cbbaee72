/** The style sheet of reports: light and dark, screen and print; colors are safe for all common kinds of color vision. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--paper:#fff;--line:#d9dee5;--bad:#c2570c;--bad-much:#8f3b00;--good:#2166ac;--good-much:#0b3c73;--level:#7b8794;--same:#c9d0d8;--slot:#eef1f4;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa4b1;--paper:#14171b;--line:#333a43;--bad:#f0954a;--bad-much:#ffb27a;--good:#6aaee8;--good-much:#a3d0ff;--level:#8a96a3;--same:#4b545f;--slot:#20262d;--on:#14171b}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:1240px;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
h1{font-size:22px;margin:0 0 4px}h2{font-size:17px;margin:32px 0 8px;border-top:1px solid var(--line);padding-top:16px}
p{margin:6px 0;max-width:90ch}.plain{color:var(--ink)}.muted{color:var(--soft)}
p.verdict{font-size:18px;max-width:none;border-left:5px solid var(--level);padding-left:12px;color:var(--ink)}p.verdict.good{border-color:var(--good)}p.verdict.bad,p.verdict.warning{border-color:var(--bad)}p.verdict.warning{border-left-style:double}
p.bad:not(.verdict),td.bad{color:var(--bad)}p.good:not(.verdict),td.good{color:var(--good)}p.warning:not(.verdict),td.warning{color:var(--bad)}td.muted{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:8px 0}
th,td{padding:3px 10px 3px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th.right,td.right{text-align:right;white-space:nowrap}td{white-space:nowrap}td.name{white-space:normal;overflow-wrap:anywhere;min-width:300px}
th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible,g:focus-visible{outline:2px solid var(--good)}
th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
svg.chart{display:block;width:100%;max-width:960px;margin:8px 0;font-size:12px}svg text{fill:var(--ink)}
.level{fill:var(--level)}rect.bad,.new{fill:var(--bad)}rect.good,.gone{fill:var(--good)}rect.bad.much{fill:var(--bad-much)}rect.good.much{fill:var(--good-much)}
.same,.side{fill:var(--same)}.slot{fill:var(--slot);stroke:var(--paper)}.new{stroke:var(--ink);stroke-dasharray:1 2}.gone{stroke:var(--ink);stroke-dasharray:5 2}
.whisker{stroke:var(--ink);stroke-width:1.5}.grid{stroke:var(--line)}.curve0,.curve1{fill:none;stroke:var(--good);stroke-width:2}.curve1{stroke:var(--bad);stroke-dasharray:6 3}
.fit{stroke-width:1;stroke-dasharray:none}.legend0{fill:var(--good)}.legend1{fill:var(--bad)}
.part0{fill:#2166ac}.part1{fill:#c2570c}.part2{fill:#5aae61}.part3{fill:#9970ab}.part4{fill:#b8860b}.part5{fill:#35978f}.part6{fill:#8c6d5a}.part7{fill:#9aa4b1}svg text.on{fill:#fff}
.ghost{fill:none;stroke:var(--ink);stroke-dasharray:3 2;pointer-events:none}svg.steps{font-size:10.5px}.flames figure{margin:8px 0}.flames figcaption{font-weight:600}svg.flame{width:100%;font-size:11px}svg.flame g{cursor:pointer}
@media print{body{padding:0;max-width:none;font-size:11px}h2{break-after:avoid}svg,tr{break-inside:avoid}.wide{overflow:visible}td{white-space:normal}td.name{min-width:0}th button::after{content:""!important}}
`;
