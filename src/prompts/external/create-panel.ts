import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import type { PromptContext } from '../rules/facts.ts';
import { cascadeSchema } from './cascade.ts';
import { classifierSchema, createDialect, NEEDS_KEY } from './classifier-kinds.ts';
import { createExternalPanel, type ExternalPanel, type Unjudged } from './external-panel.ts';
import { compileFailureModes, type FailureModes, failureModesSchema } from './failure-modes.ts';
import { type ExternalClassifier, guardClassifier } from './guarded-classifier.ts';

/** One entry of `classifiers` in the configuration file: name and key apart, the rest as it stands there. */
export interface ConfiguredClassifier {
  readonly name: string;
  readonly apiKey?: (() => string) | undefined;
  readonly settings: unknown;
}

interface PanelParts {
  readonly classifiers: readonly ConfiguredClassifier[];
  /** `classifierRules` of the configuration file: cascade and failure modes. */
  readonly rules: unknown;
  readonly outbound: Outbound;
  /** The local checks, whose scores say which prompts are uncertain. */
  readonly judge: (text: string, context?: PromptContext) => readonly Signal[];
  readonly onOpen: (unjudged: Unjudged) => void;
  readonly now?: Date;
}

const rulesSchema = z.strictObject({ cascade: cascadeSchema.prefault({}), whenFailed: failureModesSchema.prefault({}) });

/**
 * Configuration → panel. Reports every problem at once.
 * @throws ImprimaturError CONFIG_INVALID
 */
export function createPanel(parts: PanelParts): { readonly panel: ExternalPanel; readonly opens: FailureModes['opens'] } {
  const problems: string[] = [];
  const classifiers = parts.classifiers.flatMap((entry) => build(entry, parts.outbound, problems) ?? []);
  const names = classifiers.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    problems.push(`classifiers: two have the name ${name}`);
  const rules = rulesSchema.safeParse(parts.rules ?? {});
  if (!rules.success) problems.push(`classifierRules: ${z.prettifyError(rules.error)}`);
  const compiled = rules.success ? compileFailureModes(rules.data.whenFailed, parts.now ?? new Date()) : undefined;
  problems.push(...(compiled?.problems ?? []));
  if (compiled === undefined || !rules.success || problems.length > 0)
    throw new ImprimaturError('CONFIG_INVALID', { detail: problems.join('\n') });
  const { modeOf, opens } = compiled.modes;
  const { judge, onOpen } = parts;
  return { panel: createExternalPanel({ classifiers, cascade: rules.data.cascade, modeOf, judge, onOpen }), opens };
}

function build({ name, apiKey, settings }: ConfiguredClassifier, outbound: Outbound, problems: string[]): ExternalClassifier | undefined {
  const parsed = classifierSchema.safeParse(settings);
  // The name becomes part of a signal's reason, which is narrow.
  if (!/^[a-z0-9][a-z0-9._-]{0,40}$/.test(name)) problems.push('classifiers: a name has up to 41 of a–z, 0–9, ".", "_" and "-"');
  if (!parsed.success) {
    problems.push(`classifiers.${name}: ${z.prettifyError(parsed.error)}`);
    return undefined;
  }
  if (apiKey === undefined && NEEDS_KEY.has(parsed.data.kind)) problems.push(`classifiers.${name}.apiKey: ${parsed.data.kind} needs one`);
  return guardClassifier({ name, dialect: createDialect(parsed.data, apiKey), outbound, limits: parsed.data });
}
