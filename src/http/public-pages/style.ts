import { PAGE_STYLE } from '../verify-page/page-style.ts';

/** The look of the public pages: that of `/verify`, and what forms need. Targets of 44 px, fields that do not make phones zoom. */
export const PUBLIC_STYLE = `${PAGE_STYLE}
h1{margin-bottom:.75rem}h1:focus,h2:focus{outline:none}
[hidden]{display:none!important}
.lead{color:var(--soft);margin:0 0 1.75rem;font-size:1.0625rem}
.steps{display:flex;gap:.5rem;list-style:none;padding:0;margin:0 0 1.75rem;counter-reset:step}
.steps li{flex:1;border:0;border-top:3px solid var(--rim);padding:.5rem 0 0;font-size:.875rem;color:var(--soft);counter-increment:step}
.steps li::before{content:counter(step) ". "}
.steps li.past{border-color:var(--accent)}.steps li[aria-current]{border-color:var(--accent);color:var(--ink);font-weight:600}
body:not(.stepped) .steps{display:none}
form section{background:var(--sheet);border:1px solid var(--rim);border-radius:1rem;padding:1.25rem clamp(1rem,4vw,1.75rem) 1.75rem;margin-bottom:1rem}
form h2{margin-bottom:1.125rem}
.field{margin:0 0 1.5rem;border:0;padding:0;min-width:0}.field:last-child{margin-bottom:0}
.field>label:not(.choice,.check),.field>legend,.field>.label{display:block;font-weight:600;padding:0;margin:0 0 .25rem}
.tip{color:var(--soft);font-size:.9375rem;margin:0 0 .5rem}
input[type=text],input[type=email],textarea,select{width:100%;font:inherit;color:inherit;background:var(--ground);border:1.5px solid var(--edge);border-radius:.625rem;padding:.625rem .75rem;min-height:2.75rem}
textarea{resize:vertical;line-height:1.5}
:root{--edge:#8b8778}@media(prefers-color-scheme:dark){:root{--edge:#6b7484}}
:is(input,textarea,select,button,summary,a):focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[aria-invalid=true]{border-color:var(--bad)}
.problem{color:var(--bad);font-size:.9375rem;margin:.375rem 0 0}.problem:empty{display:none}
.choice{display:flex;gap:.75rem;align-items:flex-start;padding:.6875rem .25rem;border-top:1px solid var(--rim);cursor:pointer}
.choice:first-of-type{border-top:0}.choice input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--accent)}
.check{display:flex;gap:.75rem;align-items:flex-start;margin-top:.75rem;cursor:pointer;padding:.25rem 0}.check input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--accent)}
.file{position:relative;display:inline-block}.file input{position:absolute;inset:0;width:100%;height:100%;opacity:0;cursor:pointer}
.file span{display:inline-flex;align-items:center;gap:.5rem;min-height:2.75rem;padding:.5rem 1rem;border:1.5px solid var(--edge);border-radius:.625rem;font-weight:600}
.file span svg{width:1.25rem;height:1.25rem;color:var(--accent)}
.file:focus-within:has(:focus-visible) span{outline:3px solid var(--accent);outline-offset:2px}
#hashed{margin:.625rem 0 0;font-size:.9375rem;color:var(--soft)}#hashed:empty{display:none}
#hashed[data-tone=good]{color:var(--good)}#hashed[data-tone=odd]{color:var(--warn)}
#fingerprint{display:block;margin:.375rem 0 0;font:.8125rem/1.6 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;color:var(--soft)}#fingerprint:empty{display:none}
.bar-of-buttons{display:flex;gap:.75rem;justify-content:flex-end;margin-top:1.25rem}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.375rem;border-radius:.625rem;border:1.5px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer}
button.quiet{background:none;color:var(--accent);border-color:var(--edge)}button:disabled{opacity:.6;cursor:default}
body:not(.stepped) .stepping{display:none}
details.help{border:1px solid var(--rim);border-radius:.75rem;margin:2rem 0 0;background:var(--sheet)}
details.help summary{cursor:pointer;padding:.75rem 1.125rem;font-weight:600;min-height:2.75rem}
details.help ul{padding:0 1.125rem 1rem}details.help li{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap;padding:.5rem 0;min-height:2.75rem;align-items:center}
a{color:var(--accent)}
.numbers{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1.25rem;margin:0 0 1.25rem;padding:1.125rem 1.25rem;border:1px solid var(--rim);border-radius:.75rem;background:var(--sheet);align-items:baseline}
.numbers dt{font-size:.9375rem}.numbers dd{margin:0;font:600 1.125rem/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;direction:ltr;unicode-bidi:isolate;user-select:all}
.numbers .small{font:inherit}
.next-steps{display:flex;flex-wrap:wrap;gap:1rem;align-items:center}
#outcome{margin:.875rem 0 0}#outcome:empty{display:none}#redress{color:var(--soft);margin:1.25rem 0 0}
#takeBack{margin-top:1.5rem;border-top:1px solid var(--rim);padding-top:1.25rem}
#sentences p{margin:0 0 .75rem}#reasons{margin:0 0 1.25rem}#reasons h2{margin-bottom:1rem}
article dl{margin-top:1.25rem}
@media(forced-colors:active){.steps li[aria-current]{border-top-color:Highlight}button,.file span{border:1px solid}}`;
