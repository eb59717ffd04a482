/** The look of `/verify`: one quiet column, light and dark, from 320 px on. Every text has a contrast of 4.5 or more (WCAG 2.2 AA). */
export const PAGE_STYLE = `:root{color-scheme:light dark;--ground:#f6f5f1;--sheet:#fff;--ink:#1b1e24;--soft:#565d69;--rim:#dcdad2;--accent:#1f4e6b;--on-accent:#fff;
--good:#1d6b45;--good-ground:#e5f2ea;--warn:#8a4b08;--warn-ground:#fbefdc;--plain:#454c59;--plain-ground:#ecebe6;--bad:#a02520}
@media(prefers-color-scheme:dark){:root{--ground:#14161a;--sheet:#1c1f25;--ink:#eceef2;--soft:#a6adba;--rim:#343943;--accent:#8cc6e8;--on-accent:#10222e;
--good:#86d6ab;--good-ground:#183427;--warn:#f2bd77;--warn-ground:#3a2a13;--plain:#c2c8d3;--plain-ground:#2a2e36;--bad:#f3a09b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:40rem;margin:0 auto;padding:clamp(1.5rem,6vh,4.5rem) 1.125rem 4rem}
h1{font-size:clamp(1.5rem,5vw,2.125rem);line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 1.5rem;text-wrap:balance}
h2{font-size:1.3125rem;line-height:1.3;font-weight:650;margin:0;text-wrap:balance}
h2:focus{outline:none}
h3{font-size:.875rem;font-weight:600;color:var(--soft);margin:1.75rem 0 .75rem}
.drop{position:relative;border:1.5px dashed var(--rim);border-radius:1rem;background:var(--sheet);transition:border-color .15s,background-color .15s}
.drop input{position:absolute;inset:0;width:100%;height:100%;opacity:0;cursor:pointer}
.drop label{display:flex;flex-direction:column;align-items:center;gap:.25rem;padding:2.75rem 1rem 2.5rem;text-align:center;cursor:pointer}
.drop label svg{width:2.5rem;height:2.5rem;color:var(--accent);margin-bottom:.75rem}
.choose{background:var(--accent);color:var(--on-accent);font-weight:600;border-radius:.625rem;padding:.625rem 1.25rem}
.hint{color:var(--soft);font-size:.9375rem;margin-top:.375rem}
.drop:hover,.drop.over{border-color:var(--accent)}
.drop.over{background:var(--plain-ground)}
.drop:focus-within:has(:focus-visible){outline:3px solid var(--accent);outline-offset:3px}
.reading{display:none;margin:0;padding:3.75rem 1rem;text-align:center;color:var(--soft)}
.bar{display:block;width:9rem;height:4px;border-radius:2px;margin:0 auto 1rem;background:linear-gradient(90deg,transparent,var(--accent),transparent) 0 0/50% 100% no-repeat var(--rim);animation:pass 1.2s ease-in-out infinite alternate}
@keyframes pass{from{background-position:-40% 0}to{background-position:140% 0}}
[data-state=reading] .drop label{display:none}[data-state=reading] .drop input{display:none}[data-state=reading] .reading{display:block}
[data-state=result] .drop label{flex-direction:row;justify-content:center;flex-wrap:wrap;gap:.75rem;padding:.875rem}
[data-state=result] .drop label svg{display:none}
[data-state=result] .choose{background:none;color:var(--accent);padding:.25rem .5rem}[data-state=result] .hint{display:none}
.privacy{display:flex;gap:.5rem;align-items:flex-start;margin:.875rem .25rem 0;color:var(--soft);font-size:.9375rem}
.privacy svg{flex:none;width:1.25rem;height:1.25rem;margin-top:.125rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.trouble:empty{display:none}
.trouble{margin:1.25rem 0 0;padding:.875rem 1.125rem;border-radius:.75rem;background:var(--sheet);border:1.5px solid var(--bad);color:var(--bad)}
article{margin-top:1.5rem;background:var(--sheet);border:1px solid var(--rim);border-radius:1rem;padding:1.25rem clamp(1rem,4vw,1.75rem) 1.75rem}
header{display:flex;gap:.875rem;align-items:center}
.mark{flex:none;display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:50%;background:var(--plain-ground);color:var(--plain)}
.mark svg{width:1.5rem;height:1.5rem}
[data-tone=good] .mark{background:var(--good-ground);color:var(--good)}[data-tone=warn] .mark{background:var(--warn-ground);color:var(--warn)}
#note{margin:1rem 0 0;color:var(--soft)}
[data-tone=warn] #note{color:var(--warn)}
dl{display:grid;grid-template-columns:1fr 1fr;gap:1.125rem 1.5rem;margin:1.5rem 0 0;padding-top:1.25rem;border-top:1px solid var(--rim)}
dl .wide{grid-column:1/-1}.wide dd{font-weight:400}.odd dd{color:var(--warn)}
dt{color:var(--soft);font-size:.875rem}dd{margin:.125rem 0 0;font-weight:600}dd small{display:block;font-weight:400;font-size:.875rem;color:var(--soft)}
@media(max-width:26rem){dl{grid-template-columns:1fr;gap:.875rem}}
.tree svg{display:block;width:100%;height:auto}
.tree .card{fill:var(--ground);stroke:var(--rim)}.tree .broken{stroke:var(--warn);stroke-width:1.5}.tree .line{stroke:var(--rim);stroke-width:1.5;fill:none}
.tree text{fill:var(--ink);font-size:15px;font-weight:600}.tree .under{fill:var(--soft);font-size:13px;font-weight:400}.tree .bad{fill:var(--warn)}
.tree .blank{fill:var(--plain-ground)}.tree .glyph{stroke:var(--plain);fill:none;stroke-width:1.5}
ul{margin:0;padding:0;list-style:none}li{padding:.5rem 0;border-top:1px solid var(--rim)}li:first-child{border-top:0;padding-top:0}li small{display:block;color:var(--soft);font-size:.875rem}
@media(prefers-reduced-motion:reduce){.bar{animation:none}.drop{transition:none}}
@media(forced-colors:active){.choose,.mark{border:1px solid}}`;
