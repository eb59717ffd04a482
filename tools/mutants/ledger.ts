import type { Mutant } from './mutant.ts';

const proof = { file: 'src/ledger/verify-proof.ts', tests: ['src/ledger/proof.test.ts'] };

/** Faults in the log and in those who check it. */
export const LEDGER_MUTANTS: readonly Mutant[] = [
  {
    id: 'told-before-durable',
    file: 'src/ledger/journal.ts',
    find: '      await submit(toAct(rows, entries));\n',
    replace: '      void submit(toAct(rows, entries)).catch(() => undefined);\n',
    matters: 'An act counts that a crash can still undo.',
    tests: ['src/ledger/journal.test.ts'],
  },
  {
    id: 'leaf-looks-like-a-node',
    file: 'src/ledger/merkle.ts',
    find: '  input[0] = 0;\n',
    replace: '  input[0] = 1;\n',
    matters: 'An entry can pass for a whole subtree (second preimage).',
    tests: ['src/ledger/merkle.test.ts'],
  },
  {
    id: 'left-is-right',
    file: 'src/ledger/merkle.ts',
    find: 'top = nodeHash(subtrees.pop() ?? top, top);',
    replace: 'top = nodeHash(top, subtrees.pop() ?? top);',
    matters: 'No other verifier finds our roots right.',
    tests: ['src/ledger/merkle.test.ts'],
  },
  {
    ...proof,
    id: 'proof-of-any-old-tree',
    find: 'sameHash(oldHash, oldRoot) && ',
    replace: '',
    matters: 'A forked log passes for the continuation of the old one.',
  },
  {
    ...proof,
    id: 'leaf-beyond-the-tree',
    find: 'index >= size) return false;',
    replace: 'index > size) return false;',
    matters: 'A proof holds for an entry that the tree does not have.',
  },
  {
    id: 'rollback-is-fine',
    file: 'src/ledger/verify-log.ts',
    find: 'if (earlier.size > current.size) {',
    replace: 'if (earlier.size === current.size + 1) {',
    matters: 'A log that was set back looks whole.',
    tests: ['src/ledger/verify-log.test.ts'],
  },
  {
    id: 'short-salts',
    file: 'src/ledger/entry.ts',
    find: 'salt.length < MIN_SALT_BYTES',
    replace: 'salt.length < 1',
    matters: 'Prompts can be guessed from their commitments.',
    tests: ['src/ledger/entry.test.ts'],
  },
];
