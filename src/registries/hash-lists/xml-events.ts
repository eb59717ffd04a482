/** What a simple XML file says, one thing after another; `line` counts from 1. Names come without their prefix. */
export type XmlEvent =
  | { readonly kind: 'start' | 'end'; readonly name: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly message: string; readonly line: number };

/** A tag or a text of more characters is not one of a hash list. */
const MOST_CHARS = 65_536;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Elements and their texts, of a stream of any length, in bounded memory. Attributes, comments and CDATA say nothing; a document type is a problem and the
 * end, since it may define entities.
 */
export async function* xmlEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<XmlEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 1;
  for await (const chunk of chunks) {
    const { events, left, newlines, isOver } = cut(rest + decoder.decode(chunk, { stream: true }), line);
    yield* events;
    rest = left;
    line += newlines;
    if (isOver) return;
    if (rest.length <= MOST_CHARS) continue;
    yield { kind: 'problem', message: 'a tag or a text is too long', line };
    return;
  }
  if (rest.trim() !== '') yield { kind: 'problem', message: 'the file ends inside a tag or a text', line };
}

function cut(text: string, firstLine: number) {
  const events: XmlEvent[] = [];
  let at = 0;
  let newlines = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    const end = open === -1 ? -1 : endOfTag(text, open);
    if (end === -1) return { events, left: text.slice(at), newlines, isOver: false };
    const before = text.slice(at, open);
    newlines += newlinesIn(before);
    const line = firstLine + newlines;
    if (before.trim() !== '') events.push({ kind: 'text', text: unescaped(before.trim()) });
    const tag = text.slice(open, end);
    newlines += newlinesIn(tag);
    at = end;
    if (/^<!doctype/i.test(tag)) {
      events.push({ kind: 'problem', message: 'a document type is not taken', line });
      return { events, left: '', newlines, isOver: true };
    }
    events.push(...eventsOf(tag, line));
  }
}

/** One past its last character; -1 when it is not here yet. */
function endOfTag(text: string, open: number): number {
  if (text.length - open < 9 && text.indexOf('>', open) === -1) return -1;
  const close = text.startsWith('<!--', open) ? '-->' : text.startsWith('<![CDATA[', open) ? ']]>' : '>';
  const at = text.indexOf(close, open);
  return at === -1 ? -1 : at + close.length;
}

function eventsOf(tag: string, line: number): XmlEvent[] {
  if (tag.startsWith('<!') || tag.startsWith('<?')) return [];
  const [, slash, name, selfClosing] = /^<(\/?)(?:[\w.-]+:)?([\w.-]+)(?:\s[\s\S]*?)?(\/?)>$/.exec(tag) ?? [];
  if (name === undefined) return [{ kind: 'problem', message: 'not a tag', line }];
  if (slash === '/') return [{ kind: 'end', name, line }];
  const start: XmlEvent = { kind: 'start', name, line };
  return selfClosing === '/' ? [start, { kind: 'end', name, line }] : [start];
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
