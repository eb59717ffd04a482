/**
 * As a constructable style sheet, which a strict Content-Security-Policy allows where `<style>` is not. The button reads on any picture; the
 * panel follows the reader's color scheme, or the page's `theme` attribute.
 */
export function badgeStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS_TEXT);
  return sheet;
}

const CSS_TEXT = `
:host{position:relative;display:inline-block;max-inline-size:100%;line-height:0;font:14px/1.45 system-ui,sans-serif}
:host([hidden]){display:none}
::slotted(*){line-height:normal}
button,a{font:inherit;cursor:pointer}
.mark{position:absolute;inset-block-end:10px;inset-inline-start:10px;display:inline-flex;align-items:center;gap:6px;min-inline-size:32px;block-size:32px;padding-inline:8px 11px;border:0;border-radius:16px;color:#fff;background:#14161bd1;box-shadow:0 0 0 1px #ffffff3d,0 1px 6px #0000004d;backdrop-filter:blur(8px);font-weight:600;letter-spacing:.02em;line-height:1;transition:background .15s}
.mark:hover,.mark[aria-expanded=true]{background:#14161bf2}
.mark:focus-visible,.panel :focus-visible{outline:3px solid #4d9bff;outline-offset:2px}
.mark svg{inline-size:18px;block-size:18px;flex:none}
.mark[data-state=reading],.mark[data-state=none],.mark[data-state=failed]{padding-inline:7px;color:#e8eaed}
.mark[data-state=reading] svg{animation:turn 1.1s linear infinite}
svg{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
@keyframes turn{to{transform:rotate(1turn)}}
.panel{--ink:#15181e;--soft:#59616e;--page:#fff;--line:#e4e7ec;--good:#0a6b3d;--warn:#8a4b00;--link:#0b57d0;
position:fixed;inset:auto;margin:0;padding:0;box-sizing:border-box;inline-size:min(320px,calc(100vw - 24px));max-block-size:calc(100vh - 24px);overflow:auto;border:1px solid var(--line);border-radius:14px;color:var(--ink);background:var(--page);box-shadow:0 12px 40px #00000038,0 2px 8px #0000001f;text-align:start;line-height:1.45}
.panel:focus{outline:0}
.panel h2{display:flex;align-items:center;gap:10px;margin:0;padding:16px 18px 0;font-size:17px;font-weight:650;line-height:1.3;letter-spacing:-.01em}
.panel h2 svg{inline-size:22px;block-size:22px;flex:none}
.panel p{margin:0;padding:6px 18px 0;color:var(--soft);overflow-wrap:anywhere}
.panel p.good,.good{color:var(--good)}
.panel p.warn,.warn{color:var(--warn)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:7px 16px;margin:14px 18px 0;padding-block-start:14px;border-block-start:1px solid var(--line)}
dt{color:var(--soft)}
dd{margin:0;min-inline-size:0;overflow-wrap:anywhere}
.foot{display:flex;padding:10px 18px 12px}
.foot a,.foot button{min-block-size:28px;padding:0;line-height:28px;border:0;color:var(--link);background:none;font-weight:600;text-underline-offset:3px}
.foot a:not(:hover){text-decoration-color:transparent}
@media (prefers-color-scheme:dark){:host(:not([theme=light])) .panel{$DARK}}
:host([theme=dark]) .panel{$DARK}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){.mark{border:1px solid}}
`.replaceAll('$DARK', '--ink:#eceef2;--soft:#a4acb9;--page:#1b1e24;--line:#343943;--good:#6fd39f;--warn:#f2b45c;--link:#8ab8ff');
