import type { Headers } from '../outbound/outcome.ts';

/** An upstream's answer with the pictures taken out, as the refusal recognizers and error readers see it. */
export interface UpstreamReply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when the body is not JSON. */
  readonly body: unknown;
  /** Pictures that came with it. */
  readonly images: readonly Uint8Array[];
}

/** True for an object that is not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a member when `value` is an object that has it. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return at;
}

/** A member that is text, else the empty string. */
export function textMember(value: unknown, ...path: readonly string[]): string {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** A member that is a list, else an empty one. */
export function listMember(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found: unknown = member(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** JSON in UTF-8, or undefined when it is not. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
