/**
 * The place that somebody means by a region, null where there is none of that name: of a user of whom only such a name is known nothing is known. `UK` and
 * `EL` are reserved, and widely written, for what ISO 3166 calls `GB` and `GR`. Of the part of a country only the country is checked.
 */
export function placeNamed(region: string): string | null {
  const [written = '', part] = region.split('-');
  const country = RESERVED.get(written) ?? written;
  if (country === 'EU') return part === undefined ? 'EU' : null;
  if (!COUNTRIES.has(country)) return null;
  return part === undefined ? country : `${country}-${part}`;
}

/** Member states are in the EU, and the parts of a country in the country. Codes are ISO 3166-1 or 3166-2, or EU. */
export function isWithinRegion(region: string, whole: string): boolean {
  const [here, there] = [placeNamed(region) ?? region, placeNamed(whole) ?? whole];
  const [country = here] = here.split('-');
  return here === there || country === there || (there === 'EU' && MEMBER_STATES.has(country));
}

/** Whether somebody of whom `region` is all that is known may be within `scope`. Closed in doubt: of null nothing is known. */
export function mayBeIn(region: string | null, scope: string): boolean {
  return region === null || isWithinRegion(region, scope) || isWithinRegion(scope, region);
}

/**
 * Every region that somebody of this one is in, or for the EU may be in; parts of countries but the named one left out. With the reserved names: a switch
 * from before they were refused may have one.
 */
export function placesOf(region: string): readonly string[] {
  if (region === 'EU') return ['EU', ...MEMBER_STATES];
  const [country = region] = region.split('-');
  const reserved = [...RESERVED].flatMap(([name, meant]) => (meant === country ? [name] : []));
  return [...new Set([region, country, ...(MEMBER_STATES.has(country) ? ['EU'] : []), ...reserved])];
}

/** Of the European Union, 2026; ISO 3166-1. */
const MEMBER_STATES: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '),
);

const RESERVED: ReadonlyMap<string, string> = new Map([
  ['UK', 'GB'],
  ['EL', 'GR'],
]);

/** ISO 3166-1, 2026, and `XK`, which it leaves to its users and all of them use for Kosovo. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM ' +
    'CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY ' +
    'HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF ' +
    'MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE ' +
    'RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ ' +
    'VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK'
  ).split(' '),
);
