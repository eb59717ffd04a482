import { type FileProblem, hostile, malformed } from './container-report.ts';
import type { SvgAttribute } from './svg-tokens.ts';

const SCRIPTED = new Set(['script', 'handler', 'listener']);
const FOREIGN = new Set(['foreignobject', 'iframe', 'object', 'embed', 'audio', 'video', 'canvas', 'html', 'body', 'link', 'meta', 'base']);
/** Moving pictures: we judge the first moment only. */
const ANIMATED = new Set(['animate', 'animatetransform', 'animatemotion', 'animatecolor', 'set', 'discard']);
const REFERENCES = new Set(['href', 'src', 'action', 'formaction', 'data', 'base']);
const INLINE_PICTURE = /^data:image\/(?:png|jpe?g|gif|webp)[;,]/i;

/** What is wrong with one element of an SVG, or nothing. Prefixes do not count: `x:script` runs as `script` does. */
export function elementProblem(name: string, attributes: readonly SvgAttribute[]): FileProblem | undefined {
  const local = localName(name);
  if (SCRIPTED.has(local)) return hostile('svg_script');
  if (FOREIGN.has(local)) return hostile('svg_foreign_content');
  for (const attribute of attributes) {
    const problem = attributeProblem(attribute);
    if (problem !== undefined) return problem;
  }
  return ANIMATED.has(local) ? malformed('svg_animation') : undefined;
}

function attributeProblem({ name, value }: SvgAttribute): FileProblem | undefined {
  const local = localName(name);
  if (local.startsWith('on')) return hostile('svg_event_handler');
  if (name.toLowerCase().startsWith('xmlns')) return undefined;
  if (REFERENCES.has(local)) return referenceProblem(value);
  return styleProblem(value);
}

/** A reference may lead into the same document or to an inline raster picture, nowhere else. */
function referenceProblem(value: string): FileProblem | undefined {
  const target = withoutControls(value);
  if (target === '' || target.startsWith('#') || INLINE_PICTURE.test(target)) return undefined;
  if (/^(?:javascript|vbscript):/i.test(target)) return hostile('svg_script');
  return hostile(target.toLowerCase().startsWith('data:') ? 'svg_data_uri' : 'svg_external_reference');
}

/** Judges CSS, in a style element or in any attribute: `url()` obeys the rule of references, `@import` never passes. */
export function styleProblem(css: string): FileProblem | undefined {
  // A backslash can spell any of the words below, and no picture needs one in a reference.
  const plain = withoutControls(css.replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, ''));
  if (!/[(@\\]/.test(plain)) return undefined;
  if (/@import/i.test(plain) || (plain.includes('\\') && /url|import|\\0*(?:4|5|6|7)/i.test(plain)))
    return hostile('svg_external_reference');
  for (let at = plain.search(/url\(/i); at >= 0; ) {
    const close = plain.indexOf(')', at);
    const target = plain.slice(at + 4, close < 0 ? plain.length : close).replace(/^["']|["']$/g, '');
    const problem = referenceProblem(target);
    if (problem !== undefined) return problem;
    const next = plain.slice(at + 4).search(/url\(/i);
    at = next < 0 ? -1 : at + 4 + next;
  }
  return /(?:image-set|image|src)\(\s*["']/i.test(plain) ? hostile('svg_external_reference') : undefined;
}

/** Browsers drop tabs and line breaks inside a URL, and spaces around it. */
function withoutControls(value: string): string {
  let kept = '';
  for (const char of value) if (char > ' ' && char !== '\u007f') kept += char;
  return kept;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}
