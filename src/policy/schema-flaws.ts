import { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Flaw } from './policy-problem.ts';
import type { Path } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** Everything in `value` that does not fit `schema`, in words for the person who wrote the file. */
export function schemaFlaws(schema: z.core.$ZodType, value: unknown): Flaw[] {
  const result = z.safeParse(schema, value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => flatten(issue, [])).flatMap((issue) => toFlaws(issue, schema, value));
}

/** Of a choice that fits nowhere, keeps what is wrong with the form that the author most likely meant. */
function flatten(issue: Issue, parents: Path): Issue[] {
  const path = [...parents, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
  const [closest] = [...issue.errors].sort((a, b) => misfit(a) - misfit(b));
  return (closest ?? []).flatMap((inner) => flatten(inner, path));
}

/** A wrong key tells more about what was meant than a wrong value deep inside does. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : issue.path.length <= 1 ? 1 : 0),
    0,
  );
}

function toFlaws(issue: Issue, schema: z.core.$ZodType, root: unknown): Flaw[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const { keys, known } = { keys: issue.keys, known: knownKeys(schema, path) };
    return keys.map((key) => unknownKey(key, path, known));
  }
  const given = valueAt(root, path);
  if (given === undefined)
    return [{ path, at: 'key', message: `"${String(path.at(-1) ?? 'the document')}" is missing`, ...keyHint(schema, root, path) }];
  if (issue.code === 'invalid_value') return [wrongValue(path, given, issue.values.map(String))];
  if (issue.code === 'invalid_key') return [{ path, at: 'key', message: `"${String(path.at(-1))}" cannot be a key here` }];
  return [{ path, at: 'value', message: message(issue) }];
}

function unknownKey(key: string, parent: Path, known: readonly string[]): Flaw {
  const about = { path: [...parent, key], at: 'key' as const };
  if (known.includes(key))
    return {
      ...about,
      message: `"${key}" cannot stand beside the other keys here`,
      hint: 'one form at a time; combine conditions with "all"',
    };
  const meant = nearest(key, known);
  return {
    ...about,
    message: `unknown key "${key}"`,
    hint: meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`,
  };
}

function wrongValue(path: Path, given: unknown, allowed: readonly string[]): Flaw {
  const meant = typeof given === 'string' ? nearest(given, allowed) : undefined;
  const said = typeof given === 'string' && given.length <= 80 ? `"${given}"` : 'this value';
  return {
    path,
    at: 'value',
    message: `${said} is not allowed here`,
    hint: meant === undefined ? `allowed: ${allowed.join(', ')}` : `did you mean "${meant}"?`,
  };
}

/** An empty mapping where a choice is wanted: name the choices. */
function keyHint(schema: z.core.$ZodType, root: unknown, path: Path): { hint?: string } {
  const parent = valueAt(root, path.slice(0, -1));
  const isEmpty = typeof parent === 'object' && parent !== null && Object.keys(parent).length === 0;
  return isEmpty ? { hint: `possible here: ${knownKeys(schema, path.slice(0, -1)).join(', ')}` } : {};
}

function message(issue: Issue): string {
  if (issue.code === 'invalid_type') return `expected ${article(issue.expected)}`;
  if (issue.code === 'too_small')
    return issue.origin === 'number' || issue.origin === 'int'
      ? bound('more than', 'at least', issue.minimum, issue.inclusive)
      : 'must not be empty';
  if (issue.code === 'too_big')
    return issue.origin === 'number' || issue.origin === 'int'
      ? bound('less than', 'at most', issue.maximum, issue.inclusive)
      : `must not be longer than ${issue.maximum}`;
  if (issue.code === 'invalid_format') return issue.format === 'regex' ? `expected ${issue.message}` : `expected a valid ${issue.format}`;
  return issue.message;
}

function bound(open: string, closed: string, limit: number | bigint, inclusive: boolean | undefined): string {
  return `must be ${inclusive === true ? closed : open} ${limit}`;
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'text (put quotes around a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};
const article = (expected: string): string => ARTICLES[expected] ?? expected;

function valueAt(root: unknown, path: Path): unknown {
  let here = root;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Object.getOwnPropertyDescriptor(here, step)?.value;
  }
  return here;
}

/** The keys that a mapping at `path` may have; for a choice of forms, those of all forms. */
function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const [step, ...rest] = path;
  const forms = formsOf(schema);
  if (step === undefined) return [...new Set(forms.flatMap(ownKeys))];
  return [...new Set(forms.flatMap((form) => inside(form, step)).flatMap((child) => knownKeys(child, rest)))];
}

function formsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodPipe) return formsOf(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(formsOf);
  if (
    schema instanceof z.ZodLazy ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional
  )
    return formsOf(schema.unwrap());
  return [schema];
}

function ownKeys(form: z.core.$ZodType): string[] {
  if (form instanceof z.ZodObject) return Object.keys(form.shape);
  return form instanceof z.ZodRecord && form.keyType instanceof z.ZodEnum ? form.keyType.options.map(String) : [];
}

function inside(form: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  if (form instanceof z.ZodArray) return [form.element];
  if (form instanceof z.ZodRecord) return [form.valueType];
  const child = form instanceof z.ZodObject ? form.shape[String(step)] : undefined;
  return child === undefined ? [] : [child];
}
