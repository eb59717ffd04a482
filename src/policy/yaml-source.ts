import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';

export type Path = readonly PropertyKey[];

/** A place in a file, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with the text itself, before anybody asks what it means. */
export interface TextProblem extends Place {
  readonly message: string;
}

/** A YAML text as a plain value, with the way back from a path to its line. */
export interface YamlSource {
  readonly value: unknown;
  readonly problems: readonly TextProblem[];
  /** Where the key or the value at `path` stands; when it is not there, where its nearest parent stands. */
  place(path: Path, target: 'key' | 'value'): Place;
}

const MAX_LENGTH = 262_144;
const MAX_DEPTH = 32;
const START: Place = { line: 1, column: 1 };

const unreadable = (message: string): YamlSource => ({ value: undefined, problems: [{ ...START, message }], place: () => START });

/**
 * Reads one YAML 1.2 document with plain keys. Anchors, aliases and tags are refused: a policy must mean what a reader
 * sees on the line, and aliases are how small files become huge ones. Never throws.
 */
export function readYaml(text: string): YamlSource {
  if (text.length > MAX_LENGTH) return unreadable(`the file is longer than ${MAX_LENGTH} characters`);
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: 'silent' });
    const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      ...placeAt(lines, pos[0]),
      message: firstLine(message),
    }));
    if (problems.length === 0) problems.push(...forbiddenParts(document, lines));
    const value: unknown = problems.length === 0 ? document.toJS() : undefined;
    return { value, problems, place: (path, target) => placeOf(document, path, target, lines) };
  } catch (error) {
    // The parser recurses; a line of a hundred thousand brackets exhausts the stack before any limit of ours is asked.
    if (error instanceof RangeError) return unreadable('the file is nested too deeply');
    return unreadable('the file is not readable as YAML');
  }
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function forbiddenParts(document: Document, lines: LineCounter): TextProblem[] {
  const found: TextProblem[] = [];
  const report = (node: Node, message: string) => found.push({ ...placeAt(lines, node.range?.[0] ?? 0), message });
  visit(document, {
    Alias: (_, node) => {
      report(node, 'an alias is not allowed here; write the value out');
    },
    Node: (key, node, path) => {
      // Copying a value with this key into another object would change what the object is.
      if (key === 'key' && isScalar(node) && node.value === '__proto__') report(node, 'this key is not allowed');
      if (node.tag?.startsWith('!') === true) report(node, 'a tag is not allowed here');
      if ('anchor' in node && node.anchor !== undefined) report(node, 'an anchor is not allowed here; write the value out');
      if (isScalar(node) && typeof node.value === 'string' && /\p{Surrogate}/u.test(node.value))
        report(node, 'half a character (lone surrogate)');
      if (path.length <= MAX_DEPTH * 2) return undefined;
      report(node, 'nested too deeply');
      return visit.BREAK;
    },
  });
  return found;
}

function placeOf(document: Document, path: Path, target: 'key' | 'value', lines: LineCounter): Place {
  let here: unknown = document.contents;
  let offset = offsetOf(here) ?? 0;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    const { key, value } = stepInto(here, step);
    if (key === undefined && value === undefined) break;
    offset = (isLast && target === 'key' ? offsetOf(key) : undefined) ?? offsetOf(value) ?? offsetOf(key) ?? offset;
    here = value;
  }
  return placeAt(lines, offset);
}

function stepInto(node: unknown, step: PropertyKey): { readonly key?: unknown; readonly value?: unknown } {
  if (isSeq(node) && typeof step === 'number') return { value: node.items[step] };
  if (!isMap(node)) return {};
  return node.items.find(({ key }) => isScalar(key) && key.value === step) ?? {};
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
