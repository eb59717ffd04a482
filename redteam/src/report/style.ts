/** The look of the page: paper and ink, one warm color for what needs eyes. Every pair of colors has a contrast of 4.5 or more. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #16181b);
  --sheet: light-dark(#ffffff, #1d2024);
  --ink: light-dark(#23262b, #e4e3df);
  --soft: light-dark(#63676e, #a2a5ab);
  --line: light-dark(#e4e1da, #31353b);
  --warm: light-dark(#b3401f, #f0916f);
  --heat: light-dark(#f2b49c, #8d3b20);
  --calm: light-dark(#2c6e5f, #7cc4b1);
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 74rem; margin: 0 auto; padding: 3rem 1.5rem 6rem; }
h1, h2 { font-family: Georgia, 'Iowan Old Style', serif; font-weight: 400; line-height: 1.2; text-wrap: balance; }
h1 { font-size: 2.4rem; margin: 0 0 .4rem; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 .4rem; }
p { max-width: 44rem; margin: .3rem 0 1rem; }
.soft, caption, dt { color: var(--soft); }
.eyebrow { font-size: .85rem; letter-spacing: .06em; color: var(--soft); margin: 0 0 1rem; }
.warm { color: var(--warm); }
.calm { color: var(--calm); }
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--calm); outline-offset: 2px; border-radius: 3px; }
dl.figures { display: flex; flex-wrap: wrap; gap: 1px; margin: 2rem 0 0; background: var(--line); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
.figures div { flex: 1 0 8.5rem; background: var(--sheet); padding: 1rem 1.2rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
dt { font-size: .85rem; }
dd { margin: 0; font: 1.8rem/1.2 Georgia, serif; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem; background: var(--sheet); padding: 1rem 1.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .9rem; }
th { font-weight: 500; text-align: left; }
td, th { padding: .35rem .6rem; vertical-align: top; }
.rows td, .rows th { border-top: 1px solid var(--line); }
.rows thead th { border: 0; color: var(--soft); font-size: .8rem; }
.heat { border-collapse: separate; border-spacing: 2px; }
.heat thead th + th { text-align: right; }
.untold { display: block; font-size: .7rem; color: var(--warm); font-weight: 400; }
.heat thead th { vertical-align: bottom; font-size: .8rem; color: var(--soft); font-weight: 400; min-width: 4.6rem; line-height: 1.25; }
.heat tbody th { white-space: nowrap; font-weight: 400; }
.heat td { text-align: right; border-radius: .3rem; color: var(--soft); white-space: nowrap; font-size: .82rem; }
.heat td.hit { background: color-mix(in srgb, var(--heat) calc(var(--share) * 1%), transparent); color: var(--ink); font-weight: 600; }
.heat td.hit span { color: inherit; font-weight: 400; }
.heat td.none { opacity: .6; }
.heat tfoot td, .heat tfoot th { border-top: 1px solid var(--line); border-radius: 0; padding-top: .6rem; }
.failures { table-layout: fixed; min-width: 44rem; }
.failures th:first-child { width: 30%; }
.failures th:nth-child(2) { width: 24%; }
.failures tbody th { overflow-wrap: anywhere; }
.sent { font: .85rem/1.5 ui-monospace, 'SF Mono', Menlo, monospace; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-wrap; }
.sign { font-size: .65rem; color: var(--soft); border: 1px solid var(--line); border-radius: .2rem; padding: 0 .2rem; margin: 0 1px; white-space: nowrap; }
.cut { color: var(--soft); font-style: italic; }
details { border: 1px solid var(--line); border-radius: .6rem; background: var(--sheet); margin: .5rem 0; }
summary { cursor: pointer; padding: .7rem 1.2rem; display: flex; gap: 1rem; align-items: baseline; }
summary::before { content: '›'; color: var(--soft); transition: transform .15s; }
details[open] > summary::before { transform: rotate(90deg); }
summary .count { margin-left: auto; font-variant-numeric: tabular-nums; }
details .inside { padding: 0 1.2rem 1rem; overflow-x: auto; }
code { font: .88em ui-monospace, 'SF Mono', Menlo, monospace; }
pre { overflow-x: auto; padding: 1rem 1.2rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--sheet); }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (max-width: 40rem) { body { padding: 1.5rem 1rem 4rem; } h1 { font-size: 1.8rem; } .rows th:first-child, .rows td:first-child { padding-left: 0; } }
@media print { details::details-content { content-visibility: visible; } body { max-width: none; padding: 0; } }
`;
