/** Member states are in the EU, and the parts of a country in the country. Codes are ISO 3166-1 or 3166-2, or EU. */
export function isWithinRegion(region: string, whole: string): boolean {
  const [country = region] = region.split('-');
  return region === whole || country === whole || (whole === 'EU' && MEMBER_STATES.has(country));
}

/** Of the European Union, 2026; ISO 3166-1. */
const MEMBER_STATES: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '),
);
