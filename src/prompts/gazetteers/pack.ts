import { z } from 'zod';

/** What an entry of a pack is; it decides which category speaks, and what context it needs. */
export const ENTRY_KINDS = [
  'politician',
  'public_person',
  'artist',
  'studio_style',
  'character',
  'brand',
  'work',
  'political_event',
  'political_claim',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Words around a name that say what is wanted of it. */
export const CONTEXT_KINDS = ['depiction', 'deception', 'politics', 'style', 'trade', 'release'] as const;
export type ContextKind = (typeof CONTEXT_KINDS)[number];

/** One name with its aliases. A weak alias ("~Trump") counts only beside a context that fits its kind. */
export interface PackEntry {
  readonly kind: EntryKind | ContextKind;
  readonly names: readonly { readonly text: string; readonly isWeak: boolean }[];
}

/** A pack of names as it stands in its file. */
export interface Pack {
  readonly name: string;
  readonly version: string;
  readonly entries: readonly PackEntry[];
}

export type ParsedPack =
  | { readonly ok: true; readonly pack: Pack }
  | { readonly ok: false; readonly problems: readonly { readonly line: number; readonly message: string }[] };

const HEAD = /^imprimatur-gazetteer (\S+) (\S+)$/;
const nameSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);
const versionSchema = z.string().regex(/^[\w.-]{1,20}$/);
/** What an entry may be: a kind of name, or of context. */
export const kindSchema = z.enum([...ENTRY_KINDS, ...CONTEXT_KINDS]);
const MAX_ENTRIES = 50_000;
const MAX_NAME = 80;

/**
 * Reads a pack. First line `imprimatur-gazetteer <name> <version>`; then `[kind]`, and below it entries between commas or
 * line breaks, aliases after `|`, `~` before a weak alias, `#` before a comment. Names every flaw with its line.
 */
export function parsePack(text: string): ParsedPack {
  const [first = '', ...rest] = text.split('\n');
  const head = HEAD.exec(first.trim());
  const name = nameSchema.safeParse(head?.[1]);
  const version = versionSchema.safeParse(head?.[2]);
  if (!name.success || !version.success) return flawed(1, 'a pack begins with: imprimatur-gazetteer <name> <version>');
  const { entries, problems } = bodyOf(rest);
  if (entries.length > MAX_ENTRIES) problems.push({ line: 1, message: `more than ${MAX_ENTRIES} entries` });
  if (entries.length === 0 && problems.length === 0) problems.push({ line: 1, message: 'a pack without entries' });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, pack: { name: name.data, version: version.data, entries } };
}

interface Body {
  readonly entries: PackEntry[];
  readonly problems: { readonly line: number; readonly message: string }[];
}

function bodyOf(lines: readonly string[]): Body {
  const body: Body = { entries: [], problems: [] };
  let kind: PackEntry['kind'] | undefined;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) kind = kindSchema.safeParse(line.slice(1, -1)).data;
    const flaw = flawOfLine(line, kind);
    if (flaw !== undefined) body.problems.push({ line: index + 2, message: flaw });
    else if (kind !== undefined && !line.startsWith('[')) body.entries.push(...entriesIn(line, kind));
  }
  return body;
}

function flawOfLine(line: string, kind: PackEntry['kind'] | undefined): string | undefined {
  if (line.startsWith('[')) return kind === undefined || !line.endsWith(']') ? 'there is no such kind of entry' : undefined;
  if (kind === undefined) return 'an entry before the first [kind]';
  return line.split(/[,|]/).some((part) => part.length > MAX_NAME) ? 'a name is too long' : undefined;
}

function entriesIn(line: string, kind: PackEntry['kind']): PackEntry[] {
  return line.split(',').flatMap((entry) => {
    const names = entry.split('|').flatMap((part) => {
      const text = part.trim();
      const isWeak = text.startsWith('~');
      return text === '' || text === '~' ? [] : [{ text: isWeak ? text.slice(1).trim() : text, isWeak }];
    });
    return names.length === 0 ? [] : [{ kind, names }];
  });
}

function flawed(line: number, message: string): ParsedPack {
  return { ok: false, problems: [{ line, message }] };
}
