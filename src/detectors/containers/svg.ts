import type { ByteView } from './byte-view.ts';
import { type ContainerReport, type FileProblem, hostile, malformed } from './container-report.ts';
import { elementProblem, styleProblem } from './svg-rules.ts';
import { type SvgAttribute, type SvgToken, svgTokens } from './svg-tokens.ts';
import { TextCollector } from './text-collector.ts';

const MAX_SVG_BYTES = 2 * 1024 * 1024;
const MAX_ELEMENTS = 50_000;
const MAX_DEPTH = 256;
/** What CSS makes of an SVG without a size (CSS 2.2, 10.3.2). */
const FALLBACK = { widthPx: 300, heightPx: 150 };
const PX_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  em: 16,
  ex: 8,
};

/**
 * Reads an SVG as text: no entities, no script, no references out of the document. Text that the picture would show is
 * collected, since words in a drawing instruct a model as well as words in a prompt.
 */
export function readSvg(view: ByteView): ContainerReport {
  if (view.length > MAX_SVG_BYTES) return report([malformed('too_large')], FALLBACK, []);
  const text = decode(view.bytes);
  if (text === undefined) return report([hostile('svg_encoding')], FALLBACK, []);
  const scan = new SvgScan();
  for (const token of svgTokens(text)) if (scan.see(token)) break;
  return { ...report(scan.problems(), scan.size, scan.collector.texts), endOffset: view.length };
}

function report(problems: readonly FileProblem[], size: { widthPx: number; heightPx: number }, texts: readonly string[]): ContainerReport {
  return { format: 'svg', ...size, frames: 1, endOffset: 0, problems, texts, labeled: [] };
}

/** UTF-8, or UTF-16 with its mark. A declared other encoding would let two readers see two documents. */
function decode(bytes: Buffer): string | undefined {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const label = utf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/i.exec(text)?.[1]?.toLowerCase() ?? 'utf-8';
    const fits = utf16 ? declared.startsWith('utf-16') || declared === 'utf-8' : declared === 'utf-8' || declared === 'us-ascii';
    return fits && !text.includes('\0') ? text : undefined;
  } catch {
    return undefined;
  }
}

class SvgScan {
  readonly collector = new TextCollector();
  size = FALLBACK;
  #problem: FileProblem | undefined;
  #elements = 0;
  #depth = 0;
  /** CSS of the open style element; comments and CDATA may cut it into pieces that only mean something together. */
  #style: string | undefined;

  /** Takes one token; true when there is no need to read on. */
  see(token: SvgToken): boolean {
    this.#problem = this.#judge(token);
    return this.#problem !== undefined;
  }

  problems(): FileProblem[] {
    if (this.#problem !== undefined) return [this.#problem];
    return this.#depth === 0 && this.#elements > 0 ? [] : [malformed('truncated')];
  }

  #judge(token: SvgToken): FileProblem | undefined {
    if (token.kind === 'broken') return malformed('truncated');
    if (token.kind === 'doctype') return token.hasSubset ? hostile('svg_entities') : malformed('svg_doctype');
    if (token.kind === 'instruction') return token.target === 'xml' ? undefined : hostile('svg_external_reference');
    if (token.kind === 'text') return this.#judgeText(token.text);
    if (token.kind === 'element') return this.#judgeElement(token);
    return this.#judgeEnd();
  }

  #judgeText(text: string): FileProblem | undefined {
    if (this.#style === undefined) this.collector.add(text);
    else this.#style += text;
    return undefined;
  }

  #judgeEnd(): FileProblem | undefined {
    const css = this.#style;
    this.#style = undefined;
    this.#depth -= 1;
    if (this.#depth < 0) return malformed('truncated');
    return css === undefined ? undefined : styleProblem(css);
  }

  #judgeElement({ name, attributes, closed }: Extract<SvgToken, { kind: 'element' }>): FileProblem | undefined {
    if (this.#style !== undefined) return hostile('svg_foreign_content');
    if (this.#elements === 0) this.size = naturalSize(attributes);
    this.#elements += 1;
    if (!closed) this.#depth += 1;
    if (!closed && /(?:^|:)style$/i.test(name)) this.#style = '';
    if (this.#elements > MAX_ELEMENTS || this.#depth > MAX_DEPTH) return hostile('svg_too_complex');
    return elementProblem(name, attributes);
  }
}

/** Width and height of the root element in CSS pixels, from its attributes or its view box. */
function naturalSize(attributes: readonly SvgAttribute[]): { widthPx: number; heightPx: number } {
  const attribute = (name: string) => attributes.find((candidate) => candidate.name === name)?.value.trim() ?? '';
  const box = attribute('viewBox')
    .split(/[\s,]+/)
    .map(Number);
  const widthPx = lengthPx(attribute('width')) ?? usable(box[2]) ?? FALLBACK.widthPx;
  const heightPx = lengthPx(attribute('height')) ?? usable(box[3]) ?? FALLBACK.heightPx;
  return { widthPx: Math.ceil(widthPx), heightPx: Math.ceil(heightPx) };
}

function lengthPx(text: string): number | undefined {
  const parts = /^([+]?[\d.]{1,20}(?:e[+-]?\d{1,3})?)(px|pt|pc|mm|cm|in|em|ex)?$/i.exec(text);
  if (parts === null) return undefined;
  return usable(Number(parts[1]) * (PX_PER_UNIT[parts[2]?.toLowerCase() ?? ''] ?? 1));
}

function usable(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
