import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { cosignatureSeconds, cosignatureVerifier, cosigner } from './cosignature.ts';
import { isSignedBy, noteSigner, noteVerifier, openNote, signatureLine, signNote } from './note.ts';
import { generateNoteKey, parseSignerKey, SIGNATURE_TYPES, verifierKeyOf } from './note-key.ts';

// The key pair and the signature of golang.org/x/mod/sumdb/note's own example.
const GO_SIGNER = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

// The example of C2SP signed-note; its key is not published, so it must stay closed.
const UNKNOWN_NOTE =
  'Ognuno sta solo\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';

const log = generateNoteKey('ledger.example/log');
const other = generateNoteKey('ledger.example/log');
const witness = generateNoteKey('witness.example/w1', SIGNATURE_TYPES.cosignature);

describe('a signed note', () => {
  it('opens and signs exactly as Go’s reference does', () => {
    expect(openNote(GO_NOTE, [noteVerifier(GO_VERIFIER)])).toMatchObject({ kind: 'opened', text: GO_TEXT });
    expect(signNote(GO_TEXT, [noteSigner(GO_SIGNER)])).toBe(GO_NOTE);
    expect(verifierKeyOf(parseSignerKey(GO_SIGNER))).toBe(GO_VERIFIER);
  });

  it('opens for each of several signers and sets the unknown ones aside', () => {
    const note = signNote('text\n\nmore\n', [noteSigner(log.signerKey), noteSigner(other.signerKey)]);
    const opened = openNote(Buffer.from(note), [noteVerifier(other.verifierKey)]);
    expect(opened).toMatchObject({ kind: 'opened', text: 'text\n\nmore\n', verified: [{ name: 'ledger.example/log' }] });
    if (opened.kind === 'opened') {
      expect(opened.unknown).toHaveLength(1);
      expect(isSignedBy(opened.verified, noteVerifier(other.verifierKey))).toBe(true);
      expect(isSignedBy(opened.verified, noteVerifier(log.verifierKey))).toBe(false);
    }
  });

  it('stays closed without a known signature', () => {
    expect(openNote(UNKNOWN_NOTE, [noteVerifier(log.verifierKey)])).toEqual({ kind: 'rejected', reason: 'no_known_signature' });
    expect(openNote(GO_NOTE, [])).toEqual({ kind: 'rejected', reason: 'no_known_signature' });
  });

  it('is rejected whole when one known signature of two is false', () => {
    const forged = signatureLine('another text\n', noteSigner(other.signerKey));
    const note = signNote('text\n', [noteSigner(log.signerKey)]) + forged;
    expect(
      openNote(
        note,
        [log, other].map(({ verifierKey }) => noteVerifier(verifierKey)),
      ),
    ).toEqual({ kind: 'rejected', reason: 'bad_signature' });
  });

  it('does not open after any single byte of it was changed', () => {
    const note = Buffer.from(signNote('origin\n7\nroot\n', [noteSigner(log.signerKey)]));
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(note);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(openNote(changed, [noteVerifier(log.verifierKey)]).kind).toBe('rejected');
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on bytes from a stranger', () => {
    const lines = fc.array(fc.constantFrom('— a b\n', '\n', '— \n', 'text\n', '— ledger.example/log AAAAAAA=\n', '\u0000', '—'), {
      maxLength: 8,
    });
    const notes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      lines.map((some) => some.join('')),
    );
    fc.assert(
      fc.property(notes, (note) => {
        expect(openNote(note, [noteVerifier(log.verifierKey)]).kind).toBe('rejected');
      }),
    );
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb'])('cannot be signed under the key name %j', (name) => {
    expect(() => generateNoteKey(name)).toThrow(/malformed/);
  });

  it.each([
    ['a hash that is not the key’s', GO_VERIFIER.replace('c74f20a3', 'c74f20a4')],
    ['a name that was exchanged', GO_VERIFIER.replace('Peter', 'Paul')],
    ['an unknown type', GO_VERIFIER.replace('+ARpc', '+BRpc')],
    ['no key', 'name+c74f20a3+'],
  ])('is not verified with a key that has %s', (_, key) => {
    expect(() => noteVerifier(key)).toThrow(/malformed/);
  });

  it('never repeats a private key in an error', () => {
    const secret = GO_SIGNER.slice(-20);
    expect(() => noteSigner(GO_SIGNER.replace('c74f20a3', '00000000'))).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) }),
    );
  });
});

describe('a checkpoint', () => {
  const root = Buffer.alloc(32, 7);

  it('reads back what it wrote, extension lines too', () => {
    const checkpoint = { origin: 'ledger.example/log', size: 20_852_163, root, extensions: ['ext one'] };
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  it.each([
    ['a size with a leading zero', 'o\n07\nROOT\n'],
    ['a negative size', 'o\n-7\nROOT\n'],
    ['a size beyond 2^53', 'o\n9007199254740993\nROOT\n'],
    ['a short root', 'o\n7\nAAAA\n'],
    ['no origin', '\n7\nROOT\n'],
    ['an empty extension line', 'o\n7\nROOT\n\n'],
    ['no last newline', 'o\n7\nROOT'],
  ])('is not read with %s', (_, text) => {
    expect(parseCheckpoint(text.replace('ROOT', root.toString('base64')))).toBeNull();
  });

  it('is opened only by those who signed it, and a signed text of another form is malformed', () => {
    const text = formatCheckpoint({ origin: 'o', size: 7, root });
    expect(openCheckpoint(signNote(text, [noteSigner(log.signerKey)]), [noteVerifier(log.verifierKey)])).toMatchObject({
      kind: 'opened',
      checkpoint: { size: 7 },
    });
    expect(openCheckpoint(signNote('hello\n', [noteSigner(log.signerKey)]), [noteVerifier(log.verifierKey)])).toMatchObject({
      reason: 'malformed',
    });
  });

  it('carries the time at which a witness cosigned it, and nobody can change that time', () => {
    const text = formatCheckpoint({ origin: 'o', size: 7, root });
    const note =
      signNote(text, [noteSigner(log.signerKey)]) +
      signatureLine(
        text,
        cosigner(witness.signerKey, () => 1_679_315_147),
      );
    const verifiers = [noteVerifier(log.verifierKey), cosignatureVerifier(witness.verifierKey)];
    const opened = openCheckpoint(note, verifiers);
    expect(opened.kind === 'opened' && opened.verified.map(({ signature }) => cosignatureSeconds(signature))[1]).toBe(1_679_315_147n);
    const line = note.split('\n').at(-2)!;
    const [, , base64 = ''] = line.split(' ');
    const later = Buffer.from(base64, 'base64');
    later.writeBigUInt64BE(1_679_315_148n, 4);
    expect(openCheckpoint(note.replace(base64, later.toString('base64')), verifiers)).toMatchObject({ reason: 'bad_signature' });
  });

  it('does not accept a log’s key as a witness or a witness’s key as a log', () => {
    expect(() => cosigner(log.signerKey)).toThrow(/not a witness/);
    expect(() => cosignatureVerifier(log.verifierKey)).toThrow(/not a witness/);
    expect(() => noteSigner(witness.signerKey)).toThrow(/not a log/);
    expect(() => noteVerifier(witness.verifierKey)).toThrow(/not a log/);
  });
});
