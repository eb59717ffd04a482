const HEADER_BYTES = 8;
const SECTION_MEMORY = 5;
const PAGE_BYTES = 65_536;

/**
 * The same WebAssembly module with a ceiling on its memory. A thread's `resourceLimits` do not count WebAssembly memory, and the
 * module asks for no maximum itself, so a file that makes the parser allocate could take 4 GiB. With the ceiling, growing fails, the
 * instance traps, and nothing else notices.
 *
 * @throws TypeError when `module` has no memory section of the expected shape (WebAssembly core specification §5.5.8).
 */
export function boundWasmMemory(module: Uint8Array, maxBytes: number): Uint8Array {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const size = readUnsigned(module, at + 1);
    const end = size.next + size.value;
    if (module[at] === SECTION_MEMORY) {
      const section = memorySection(module.subarray(size.next, end), Math.floor(maxBytes / PAGE_BYTES));
      return Buffer.concat([module.subarray(0, at), section, module.subarray(end)]);
    }
    at = end;
  }
  throw new TypeError('The WebAssembly module has no memory of its own.');
}

/** One memory, with the minimum that it had and our maximum. */
function memorySection(content: Uint8Array, maxPages: number): Uint8Array {
  const count = readUnsigned(content, 0);
  const flags = content[count.next];
  if (count.value !== 1 || (flags !== 0 && flags !== 1)) throw new TypeError('The WebAssembly module has an unexpected kind of memory.');
  const minimum = readUnsigned(content, count.next + 1);
  if (minimum.value > maxPages) throw new TypeError(`The WebAssembly module needs more than ${maxPages} pages to start.`);
  const limits = [1, 1, ...unsigned(minimum.value), ...unsigned(maxPages)];
  return Uint8Array.from([SECTION_MEMORY, ...unsigned(limits.length), ...limits]);
}

function readUnsigned(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = start, scale = 1; at < start + 5; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw new TypeError('The WebAssembly module has a number that is too long.');
}

function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 128))];
}
