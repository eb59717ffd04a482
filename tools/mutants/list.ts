import { DECISION_MUTANTS } from './decisions.ts';
import { LEDGER_MUTANTS } from './ledger.ts';
import type { Mutant } from './mutant.ts';
import { STAGE_MUTANTS } from './stages.ts';

export const MUTANTS: readonly Mutant[] = [...DECISION_MUTANTS, ...STAGE_MUTANTS, ...LEDGER_MUTANTS];
