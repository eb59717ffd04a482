import type { Readership } from '../contracts/audience.ts';
import type { Obligations } from '../contracts/decision.ts';
import { isWithinRegion } from '../contracts/region.ts';
import type { ObligationsEntry } from './document.ts';

export interface Occasion {
  readonly surface: string;
  readonly readership?: Readership | undefined;
  /** A rule or threshold asks for a label. */
  readonly isLabelAsked?: boolean;
  /** The caller wants one; nothing stands against that. */
  readonly isLabelWanted?: boolean | undefined;
  /** Now; without it no exception holds. */
  readonly at?: Date | undefined;
}

const DAY_MS = 86_400_000;

/** What an allowed picture still needs. Whoever is not known to be elsewhere is here: a missing region or audience asks for the label. */
export function obligationsOf(entry: ObligationsEntry, occasion: Occasion): Obligations {
  const { credential, unsignedException, label, watermark } = entry;
  const { at, isLabelAsked = false, isLabelWanted = false } = occasion;
  const isExcepted =
    !credential && unsignedException !== undefined && at !== undefined && at.getTime() < Date.parse(unsignedException.until) + DAY_MS;
  const isDue = isLabelAsked || isLabelWanted || isLabelOwed(entry, occasion) || isDisclosureOwed(entry, occasion);
  const { position, size, language } = typeof label === 'boolean' ? {} : label;
  const style = {
    ...(position === undefined ? {} : { position }),
    ...(size === undefined ? {} : { size }),
    ...(language === undefined ? {} : { language }),
  };
  return { credential: !isExcepted, label: isDue, watermark, ...(isDue && Object.keys(style).length > 0 ? { labelStyle: style } : {}) };
}

function isLabelOwed({ label }: ObligationsEntry, { surface, readership = {} }: Occasion): boolean {
  if (typeof label === 'boolean') return label;
  const { surfaces, regions, audiences } = label;
  return (
    (surfaces?.includes(surface) ?? true) &&
    (regions === undefined || isSeenIn(regions, readership)) &&
    (audiences === undefined || readership.audience === undefined || audiences.includes(readership.audience))
  );
}

function isDisclosureOwed({ disclosures = {} }: ObligationsEntry, { readership = {} }: Occasion): boolean {
  return Object.entries(disclosures).some(([region, { visible }]) => visible === 'always' && isSeenIn([region], readership));
}

function isSeenIn(regions: readonly string[], { regions: known }: Readership): boolean {
  if (known === undefined) return true;
  return known.some((one) => regions.some((wanted) => isWithinRegion(one, wanted) || isWithinRegion(wanted, one)));
}
