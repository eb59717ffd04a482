import { unescapeXml } from '../../detectors/containers/xmp.ts';

/** Values of an XMP packet by `{namespace}name`; a list has one value for each item. */
export type XmpProperties = ReadonlyMap<string, readonly string[]>;

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XMLNS = 'xmlns';
const MAX_ELEMENTS = 4096;
const MAX_DEPTH = 32;
const MAX_VALUE_CHARS = 65_536;
/** Items of a list and alternatives belong to the property around them; `Description` is the subject of properties. */
const STRUCTURE = new Set(['Description', 'RDF', 'Seq', 'Bag', 'Alt', 'li'].map((name) => `{${RDF}}${name}`));

interface Open {
  readonly name: string;
  readonly prefixes: ReadonlyMap<string, string>;
  text: string;
  hasChildren: boolean;
}

/** The packet is not the XML that ISO 16684-1 describes, or is too large. Holds nothing of it. */
export class UnreadableXmp extends Error {
  override readonly name = 'UnreadableXmp';
}

/**
 * Reads the simple properties, attributes and lists of an XMP packet (ISO 16684-1 §7). No document type, no entity but the five
 * predefined ones and character references, nothing is ever fetched; elements, depth and values are bounded.
 * @throws UnreadableXmp
 */
export function readXmp(packet: string): XmpProperties {
  const values = new Map<string, string[]>();
  const stack: Open[] = [];
  let elements = 0;
  let at = 0;
  for (let open = packet.indexOf('<'); open >= 0; open = packet.indexOf('<', at)) {
    append(stack.at(-1), packet.slice(at, open));
    const token = tokenAt(packet, open);
    at = token.end;
    if (token.kind === 'text') append(stack.at(-1), token.text);
    else if (token.kind === 'close') close(stack, values);
    else if (token.kind === 'open') {
      if (++elements > MAX_ELEMENTS) throw new UnreadableXmp('too many elements');
      enter(token, stack, values);
    }
  }
  return values;
}

type Token =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: readonly Attribute[];
      readonly isEmpty: boolean;
      readonly end: number;
    }
  | { readonly kind: 'close' | 'skip'; readonly end: number }
  | { readonly kind: 'text'; readonly text: string; readonly end: number };

interface Attribute {
  readonly name: string;
  readonly value: string;
}

const CDATA = '<![CDATA[';

function tokenAt(xml: string, at: number): Token {
  if (xml.startsWith('<!--', at)) return { kind: 'skip', end: endOf(xml, '-->', at + 4) };
  if (xml.startsWith('<?', at)) return { kind: 'skip', end: endOf(xml, '?>', at + 2) };
  if (xml.startsWith(CDATA, at)) {
    const end = endOf(xml, ']]>', at + CDATA.length);
    return { kind: 'text', text: xml.slice(at + CDATA.length, end - 3), end };
  }
  if (xml.startsWith('<!', at)) throw new UnreadableXmp('a document type');
  if (xml.startsWith('</', at)) return { kind: 'close', end: endOf(xml, '>', at + 2) };
  return startTag(xml, at);
}

const NAME = /[A-Za-z_][\w.:-]{0,127}/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]{0,127})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;

function startTag(xml: string, at: number): Token {
  const name = match(NAME, xml, at + 1)?.[0];
  if (name === undefined) throw new UnreadableXmp('a tag without a name');
  const attributes: Attribute[] = [];
  let next = at + 1 + name.length;
  for (let found = match(ATTRIBUTE, xml, next); found !== null; found = match(ATTRIBUTE, xml, next)) {
    attributes.push({ name: found[1] ?? '', value: unescapeXml(found[2] ?? found[3] ?? '') });
    next += found[0].length;
    if (attributes.length > MAX_ELEMENTS) throw new UnreadableXmp('too many attributes');
  }
  const end = match(TAG_END, xml, next);
  if (end === null) throw new UnreadableXmp('a tag without an end');
  return { kind: 'open', name, attributes, isEmpty: end[1] === '/', end: next + end[0].length };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOf(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at < 0) throw new UnreadableXmp('cut off');
  return at + mark.length;
}

function enter(tag: Extract<Token, { kind: 'open' }>, stack: Open[], values: Map<string, string[]>): void {
  const inside = stack.at(-1);
  if (stack.length >= MAX_DEPTH) throw new UnreadableXmp('too deep');
  if (inside !== undefined) inside.hasChildren = true;
  stack.push(openElement(tag, inside, values));
  if (tag.isEmpty) close(stack, values);
}

function openElement(tag: Extract<Token, { kind: 'open' }>, inside: Open | undefined, values: Map<string, string[]>): Open {
  const prefixes = new Map(inside?.prefixes);
  for (const { name, value } of tag.attributes) {
    if (name === XMLNS) prefixes.set('', value);
    else if (name.startsWith(`${XMLNS}:`)) prefixes.set(name.slice(XMLNS.length + 1), value);
  }
  const name = expand(tag.name, prefixes);
  for (const attribute of tag.attributes) {
    if (attribute.name.startsWith(XMLNS) || !attribute.name.includes(':')) continue;
    const expanded = expand(attribute.name, prefixes);
    if (expanded === `{${RDF}}resource`) keep(values, name, attribute.value);
    else if (!expanded.startsWith(`{${RDF}}`)) keep(values, expanded, attribute.value);
  }
  return { name, prefixes, text: '', hasChildren: false };
}

function expand(name: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  return `{${prefixes.get(prefix) ?? ''}}${name.slice(colon + 1)}`;
}

/** The text of a property, or of one item of a list, which belongs to the property around the list. */
function close(stack: Open[], values: Map<string, string[]>): void {
  const ended = stack.pop();
  if (ended === undefined) throw new UnreadableXmp('an end without a start');
  if (ended.hasChildren || ended.text.trim() === '') return;
  const owner = STRUCTURE.has(ended.name) ? stack.findLast(({ name }) => !STRUCTURE.has(name)) : ended;
  if (owner !== undefined) keep(values, owner.name, unescapeXml(ended.text.trim()));
}

function append(open: Open | undefined, text: string): void {
  if (open !== undefined && open.text.length < MAX_VALUE_CHARS) open.text += text.slice(0, MAX_VALUE_CHARS - open.text.length);
}

function keep(values: Map<string, string[]>, name: string, value: string): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else known.push(value);
}
