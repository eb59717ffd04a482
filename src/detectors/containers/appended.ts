import type { ByteView } from './byte-view.ts';
import { type ContainerReport, type FileProblem, hostile, malformed } from './container-report.ts';

/** Kinds of file that something other than a picture viewer would open, by signature. */
const ACTIVE_SIGNATURES = [
  'PK\x03\x04',
  'PK\x05\x06',
  '%PDF-',
  '<html',
  '<!doctype',
  '<script',
  '<?php',
  '\x7fELF',
  'Rar!\x1a',
  '7z\xbc\xaf\x27\x1c',
  'MZ',
];
/** Markup that some server or browser would run wherever in the file it stands. */
const ACTIVE_ANYWHERE = ['<?php', '<script'];
/** PDF readers accept the header anywhere in the first kilobyte. */
const PDF_WINDOW_BYTES = 1024 + 5;
/** A ZIP is found from its end: a 22-byte record with a comment of at most 65,535 bytes. */
const ZIP_END = 'PK\x05\x06';
const ZIP_END_BYTES = 22;
const ZIP_WINDOW_BYTES = ZIP_END_BYTES + 65_535;

/**
 * A second file inside a picture: behind its end, or woven into it so that a PDF reader, an unpacker or a script
 * engine takes it for its own. Unexplained data behind the end without a known signature is `malformed`: phones append
 * clips and vendor blocks to honest photos, but nobody could say that we looked at them.
 */
export function appendedProblems(view: ByteView, report: ContainerReport): FileProblem[] {
  if (report.format === 'svg') return [];
  if (view.bytes.subarray(0, PDF_WINDOW_BYTES).includes('%PDF-') || endsAsZip(view)) return [hostile('polyglot')];
  if (ACTIVE_ANYWHERE.some((mark) => view.bytes.includes(mark, 0, 'latin1'))) return [hostile('polyglot')];
  const tail = view.bytes.subarray(report.endOffset);
  if (isPadding(tail)) return [];
  const text = tail
    .subarray(0, 1024 * 1024)
    .toString('latin1')
    .toLowerCase();
  const active = ACTIVE_SIGNATURES.some((mark) => (mark === 'MZ' ? text.startsWith('mz') : text.includes(mark.toLowerCase())));
  return [active ? hostile('polyglot') : malformed('appended_data')];
}

/** What a file that is no picture is: executables are hostile, anything else is a mistake. */
export function foreignFileProblem(bytes: Uint8Array): FileProblem {
  const executable = ['\x7fELF', 'MZ', '#!', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe'];
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return executable.some((mark) => head.startsWith(mark))
    ? hostile('executable')
    : malformed(bytes.length === 0 ? 'empty' : 'unknown_format');
}

/** True when there is an end-of-central-directory record, where unpackers look for it, whose sizes fit into the file. */
function endsAsZip(view: ByteView): boolean {
  const from = Math.max(0, view.length - ZIP_WINDOW_BYTES);
  const window = view.bytes.subarray(from);
  for (
    let at = window.lastIndexOf(ZIP_END, undefined, 'latin1');
    at >= 0;
    at = at === 0 ? -1 : window.lastIndexOf(ZIP_END, at - 1, 'latin1')
  ) {
    const directory = from + at;
    if (directory + ZIP_END_BYTES > view.length) continue;
    const directoryBytes = view.u32le(directory + 12);
    const directoryOffset = view.u32le(directory + 16);
    if (directoryBytes <= directory && directoryOffset <= directory) return true;
  }
  return false;
}

function isPadding(tail: Buffer): boolean {
  return tail.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20);
}
