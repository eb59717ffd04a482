import { unsigned } from './instructions.ts';
import type { Routine } from './routine.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTIONS = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

/**
 * A WebAssembly module (core specification 2.0, section 5.5) of routines, each exported under its name. Its memory is imported as `env.memory`, and
 * may be of any size.
 */
export function assemble(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 0x00];
  const exported = routines.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...HEADER,
    ...section(
      SECTIONS.types,
      routines.map((routine) => routine.signature()),
    ),
    ...section(SECTIONS.imports, [memory]),
    ...section(
      SECTIONS.functions,
      routines.map((_, index) => unsigned(index)),
    ),
    ...section(SECTIONS.exports, exported),
    ...section(
      SECTIONS.code,
      routines.map((routine) => routine.body()),
    ),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  const bytes = Buffer.from(value, 'utf8');
  return [...unsigned(bytes.length), ...bytes];
}
