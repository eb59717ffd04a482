import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';

const graphSchema = z.record(z.string(), z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }));

/** A workflow in ComfyUI's API format. */
export type Graph = z.output<typeof graphSchema>;

/** Where a value goes: `node.input`, and what it must be. */
export const slotSchema = z.discriminatedUnion('type', [
  z.strictObject({ at: z.string().regex(/^\w+\.\w+$/), type: z.literal('text'), maxLength: z.int().min(1).max(32_000).default(32_000) }),
  z.strictObject({ at: z.string().regex(/^\w+\.\w+$/), type: z.literal('integer'), min: z.int().default(0), max: z.int() }),
  z.strictObject({ at: z.string().regex(/^\w+\.\w+$/), type: z.literal('number'), min: z.number(), max: z.number() }),
  z.strictObject({ at: z.string().regex(/^\w+\.\w+$/), type: z.literal('choice'), of: z.array(z.string()).min(1) }),
  z.strictObject({ at: z.string().regex(/^\w+\.\w+$/), type: z.literal('image') }),
]);
export type Slot = z.output<typeof slotSchema>;

/** A workflow that the operator wrote, and the only places in it that a request can reach. */
export interface Workflow {
  readonly graph: Graph;
  readonly slots: Readonly<Record<string, Slot>>;
}

/**
 * Reads a workflow at the start. @throws ImprimaturError CONFIG_INVALID when the file is none, when a slot leads nowhere or into another node's output,
 * or when there is no slot for the prompt
 */
export function readWorkflow(path: string, slots: Workflow['slots'], model: string): Workflow {
  const refuse = (what: string) => new ImprimaturError('CONFIG_INVALID', { detail: `model ${model}: ${what}` });
  let graph: Graph;
  try {
    graph = graphSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new ImprimaturError('CONFIG_INVALID', { detail: `model ${model}: ${path} is no workflow in ComfyUI's API format`, cause });
  }
  if (slots['prompt']?.type !== 'text') throw refuse('the workflow needs a slot "prompt" of type text');
  for (const [name, { at }] of Object.entries(slots)) {
    const [node = '', input = ''] = at.split('.');
    const inputs = Object.hasOwn(graph, node) ? graph[node]?.inputs : undefined;
    if (inputs === undefined || !Object.hasOwn(inputs, input)) throw refuse(`slot "${name}" leads to ${at}, which is not in the workflow`);
    if (Array.isArray(inputs[input])) throw refuse(`slot "${name}" leads to ${at}, which another node fills`);
  }
  return { graph, slots };
}

/** Whether a value may stand in a slot. */
export function fits(slot: Slot, value: unknown): boolean {
  switch (slot.type) {
    case 'text':
      return typeof value === 'string' && value.length <= slot.maxLength;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= slot.min && value <= slot.max;
    case 'number':
      return typeof value === 'number' && value >= slot.min && value <= slot.max;
    case 'choice':
      return typeof value === 'string' && slot.of.includes(value);
    case 'image':
      return typeof value === 'string';
  }
}

/** The graph with values in its slots; the operator's own graph stays as it is. */
export function filled({ graph, slots }: Workflow, values: Readonly<Record<string, unknown>>): Graph {
  const copy = structuredClone(graph);
  for (const [name, slot] of Object.entries(slots)) {
    const [node = '', input = ''] = slot.at.split('.');
    const inputs = copy[node]?.inputs;
    if (inputs !== undefined && Object.hasOwn(values, name) && fits(slot, values[name])) inputs[input] = values[name];
  }
  return copy;
}
