/** The look of an audit: one column, light and dark, from 320 px on, on paper as well. Every text has a contrast of 4.5 or more (WCAG 2.2 AA). */
export const PAGE_STYLE = `:root{color-scheme:light dark;--ground:#f6f5f1;--sheet:#fff;--ink:#1b1e24;--soft:#565d69;--rim:#dcdad2;--grid:#e8e6df;--accent:#1f4e6b;--few:#6d7480;
--b0:#b9d3e3;--b1:#5f97b8;--b2:#1f4e6b;--warn:#8a4b08;--warn-ground:#fbefdc;--plain:#454c59;--plain-ground:#ecebe6}
@media(prefers-color-scheme:dark){:root{--ground:#14161a;--sheet:#1c1f25;--ink:#eceef2;--soft:#a6adba;--rim:#343943;--grid:#2b3038;--accent:#8cc6e8;--few:#969eac;
--b0:#d3e9f7;--b1:#6ba6ca;--b2:#33617f;--warn:#f2bd77;--warn-ground:#3a2a13;--plain:#c2c8d3;--plain-ground:#2a2e36}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:54rem;margin:0 auto;padding:clamp(1.5rem,6vh,4rem) 1.125rem 4rem}
h1{font-size:clamp(1.625rem,5vw,2.25rem);line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 .75rem;text-wrap:balance}
.lead{font-size:1.125rem;max-width:42rem;margin:0 0 1.5rem}
.soft{color:var(--soft);font-size:.9375rem;max-width:42rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem 1.5rem;margin:1.75rem 0;padding:1.125rem 0;border-block:1px solid var(--rim)}
dt{color:var(--soft);font-size:.875rem}dd{margin:.125rem 0 0;font-weight:600;font-variant-numeric:tabular-nums}
.found{background:var(--warn-ground);color:var(--warn);border-radius:.75rem;padding:.875rem 1.125rem;margin:0 0 1.5rem}
.found.plain{background:var(--plain-ground);color:var(--plain)}.value .real{color:var(--warn)}
.found ul{margin:.25rem 0 0;padding-inline-start:1.25rem}
section{margin-top:2.25rem;background:var(--sheet);border:1px solid var(--rim);border-radius:1rem;padding:1.375rem clamp(1rem,4vw,1.75rem) 1.5rem}
h2{font-size:1.25rem;line-height:1.3;font-weight:650;margin:0;text-wrap:balance}
h2+p{margin:.25rem 0 0;color:var(--soft)}
.overall{font-size:1.0625rem;font-weight:600;margin:.75rem 0 0}.overall small{font-weight:400;color:var(--soft);font-size:.9375rem}
table{width:100%;border-collapse:collapse;margin-top:1.5rem;font-variant-numeric:tabular-nums}
caption{text-align:start;font-weight:600;font-size:.9375rem;padding-bottom:.25rem}
caption .gap{display:block;font-weight:400;color:var(--soft);font-size:.875rem}caption .gap.real{color:var(--warn);font-weight:600}
th,td{text-align:start;padding:.3125rem .5rem .3125rem 0;border-top:1px solid var(--grid);font-weight:400;vertical-align:middle}
thead th{font-size:.8125rem;color:var(--soft);border-top:0;padding-block:0 .25rem}
.group{width:24%}.n{width:4.5rem;text-align:end;padding-inline-end:1rem;color:var(--soft)}.value{width:13.5rem;white-space:nowrap}
.value small{color:var(--soft)}a{color:var(--accent)}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.overview .value{width:13.5rem}.few{color:var(--soft)}
svg{display:block;width:100%;height:1.25rem;overflow:visible}
.grid{stroke:var(--grid);stroke-width:1}.zero{stroke:var(--few);stroke-width:1}.span{stroke:var(--accent);stroke-width:3;stroke-linecap:round;opacity:.55}.dot{fill:var(--accent)}
.is-few .span{stroke:var(--few);opacity:.5;stroke-dasharray:2 4}.is-few .dot{fill:var(--sheet);stroke:var(--few);stroke-width:1.5}
.aim{stroke:var(--warn);stroke-width:2}
.b0{fill:var(--b0)}.b1{fill:var(--b1)}.b2{fill:var(--b2)}.key{display:inline-block;width:.75rem;height:.75rem;border-radius:.1875rem;margin:0 .375rem 0 .875rem;background:var(--b0)}.is-few rect{opacity:.45}.key.line{width:2px;border-radius:0;background:var(--warn)}.key:first-child{margin-left:0}.key.b1{background:var(--b1)}.key.b2{background:var(--b2)}
.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:.75rem;font-weight:400}
.method{margin-top:2.5rem}.method h2{margin-bottom:.5rem}.method li{margin:.25rem 0}
@media(max-width:40rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:grid;grid-template-columns:1fr auto;gap:0 .75rem;border-top:1px solid var(--grid);padding:.5rem 0}th,td{border:0;padding:0}.group{width:auto;grid-area:1/1}.n{width:auto;padding:0;grid-area:1/2}
.n::before{content:"n "}.overview tbody tr{grid-template-columns:1fr auto}.plot{grid-area:2/1/3/3;padding-block:.25rem}.value{width:auto;grid-area:3/1/4/3;font-size:.9375rem}}
@media(forced-colors:active){.span,.dot{stroke:CanvasText;fill:CanvasText}}
@media print{body{background:#fff}section{break-inside:avoid}}`;
