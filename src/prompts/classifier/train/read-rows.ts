import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const rowSchema = z.object({
  text: z.string(),
  lang: z.string(),
  source: z.string(),
  /** 1, 0, or null for unlabeled. */
  unsafe: z.union([z.literal(0), z.literal(1), z.null()]),
  categories: z.array(z.string()).default([]),
  /** Rows of one group are near-duplicates and never part company. */
  group: z.union([z.string(), z.number()]).transform(String),
  labelled_categories: z.array(z.string()).optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
});

/** One labeled text. Its text never stands in a log, a report or an error. */
export type Row = z.infer<typeof rowSchema>;

/**
 * Reads every `*.jsonl` of a folder.
 * @throws Error that names file and line of the first row that does not fit, and nothing of what it holds
 */
export async function readRows(directory: string): Promise<Row[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();
  const rows: Row[] = [];
  for (const name of names) {
    let line = 0;
    for await (const json of createInterface({ input: createReadStream(join(directory, name)) })) {
      line += 1;
      if (json.trim() !== '') rows.push(parseRow(json, `${name}:${line}`));
    }
  }
  return rows;
}

function parseRow(json: string, place: string): Row {
  try {
    return rowSchema.parse(JSON.parse(json));
  } catch {
    throw new Error(`${place} is not a labeled row`);
  }
}
