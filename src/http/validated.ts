import type { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';

/** The same answer as a schema on the route gives, for bodies that the framework cannot validate itself. */
export function validated<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw new ImprimaturError('REQUEST_INVALID', { hint: `${param || 'body'}: ${issue?.message ?? 'not valid'}.`, param });
}
