import type { DetectorAudit } from './audit-detectors.ts';
import { type Comparison, type Figure, type Gap, LEAST_GROUP, type MeasureReport } from './audit-report.ts';
import { type Axis, axisFor, escaped, factsList, pageOf, stripOf } from './page.ts';

type Unit = MeasureReport['unit'];

/** The audit as a page for people. */
export function detectorPage(audit: DetectorAudit): string {
  const { on, pictures, people, skinMeasured, unreadable, lost, measures, checks, seed } = audit;
  const facts = {
    'Pictures looked at': pictures - unreadable - lost,
    People: people,
    'Skin tones measured': skinMeasured,
    'Could not be looked at': unreadable + lost,
    Comparisons: comparisonsOf(measures).length,
  };
  return pageOf(
    'Audit of the detectors',
    [
      '<h1>How often the detectors err, and for whom</h1>',
      `<p class="lead">${escaped(verdict(measures))}</p>`,
      foundList(measures),
      factsList(facts),
      overview(measures),
      ...measures.map(measureSection),
      method(audit),
      `<p class="soft">Checks: ${escaped(checks.map(({ id, version }) => `${id} ${version}`).join(', ') || 'none')}. ${on}, seed ${seed}.</p>`,
    ].join('\n'),
  );
}

/** Every error in one line, as the way into the page. */
function overview(measures: readonly MeasureReport[]): string {
  const rows = measures.map(
    ({ id, detector, what, unit, overall }) =>
      `<tr><th scope="row"><a href="#${escaped(id)}">${escaped(capital(detector))}</a>: ${escaped(what)}</th><td class="n">${overall.n.toLocaleString('en')}</td><td class="value">${shown(overall.value, unit)} <small>${between(overall, unit)}</small></td></tr>`,
  );
  return `<table class="overview"><caption>All errors</caption><thead><tr><th scope="col">Error</th><th scope="col" class="n">n</th><th scope="col" class="value">Measured, 95 % interval</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

const comparisonsOf = (measures: readonly MeasureReport[]) =>
  measures.flatMap((measure) => measure.comparisons.flatMap(({ gap, title }) => (gap === null ? [] : [{ measure, gap, title }])));

/** In one sentence, and never more than was found. */
export function verdict(measures: readonly MeasureReport[]): string {
  const compared = comparisonsOf(measures);
  const real = compared.filter(({ gap }) => gap.isBeyondChance).length;
  if (compared.length === 0) return `No two groups have ${LEAST_GROUP} pictures or more, so nothing can be said about differences.`;
  if (real === 0)
    return `None of ${compared.length} comparisons between groups shows a difference beyond chance. That is no proof that there is none: the intervals say how large one may still be.`;
  return `${real} of ${compared.length} comparisons between groups ${real === 1 ? 'shows a difference' : 'show differences'} beyond chance.`;
}

function foundList(measures: readonly MeasureReport[]): string {
  const real = comparisonsOf(measures).filter(({ gap }) => gap.isBeyondChance);
  if (real.length === 0) return '';
  const items = real.map(
    ({ measure, gap, title }) =>
      `<li>${escaped(`${capital(measure.what)} (${measure.detector}), by ${title.toLowerCase()}: ${gap.highest} against ${gap.lowest}, ${points(gap.size, measure.unit)} apart.`)}</li>`,
  );
  return `<div class="found"><strong>Beyond chance</strong><ul>${items.join('')}</ul></div>`;
}

function measureSection({ id, detector, what, unit, overall, comparisons }: MeasureReport): string {
  // What is known of a handful would squeeze all others: their bars may run off the end.
  const all = [overall, ...comparisons.flatMap(({ groups }) => groups.filter(({ isFew }) => !isFew))];
  const axis = axisFor(
    all.flatMap(({ low, high }) => [low, high]),
    unit === 'share' ? { most: 1 } : { isSigned: unit === 'signed_years' },
  );
  return `<section aria-labelledby="${escaped(id)}">
<h2 id="${escaped(id)}">${escaped(capital(detector))}: ${escaped(what)}</h2>
<p class="overall">${shown(overall.value, unit)} <small>${between(overall, unit)}, n = ${overall.n.toLocaleString('en')}</small></p>
${comparisons.map((one) => comparisonTable(one, unit, axis)).join('\n')}
</section>`;
}

function comparisonTable({ title, groups, gap }: Comparison, unit: Unit, axis: Axis): string {
  const rows = groups.map(
    ({
      group,
      isFew,
      ...figure
    }) => `<tr${isFew ? ' class="is-few"' : ''}><th scope="row" class="group">${escaped(group)}</th><td class="n">${figure.n.toLocaleString('en')}</td>
<td class="plot">${stripOf(figure, axis)}</td><td class="value">${shown(figure.value, unit)} <small>${isFew ? 'too few to compare' : between(figure, unit)}</small></td></tr>`,
  );
  const said = gapText(gap, unit);
  return `<table><caption>${escaped(title)}<span class="gap${gap?.isBeyondChance === true ? ' real' : ''}">${said}</span></caption>
<thead><tr><th scope="col" class="group">Group</th><th scope="col" class="n">n</th><th scope="col"><span class="axis"><span>${tick(axis.from, unit)}</span><span>${tick(axis.to, unit)}</span></span></th><th scope="col" class="value">Error, 95 % interval</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

const digits = (value: number) => (Math.abs(value) >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 1 ? 1 : 2));

function gapText(gap: Gap | null, unit: Unit): string {
  if (gap === null) return 'Fewer than two groups are large enough to compare.';
  if (gap.size === 0) return 'No gap between the groups that are large enough to compare.';
  return `Gap of ${points(gap.size, unit)}, ${gap.isBeyondChance ? 'beyond' : 'within'} chance (p ${chanceText(gap.chance)}).`;
}

/** For people: "2.2 %", "−1.5 years". */
export function shown(value: number, unit: Unit): string {
  const text = digits(unit === 'share' ? value * 100 : value).replace('-', '−');
  return unit === 'share' ? `${text} %` : `${text} years`;
}

function between({ low, high }: Figure, unit: Unit): string {
  const [from, to] = [low, high].map((value) => digits(unit === 'share' ? value * 100 : value).replace('-', '−'));
  return `${from} to ${to}`;
}

const tick = (value: number, unit: Unit) => shown(value, unit).replace(' years', ' y');
const points = (size: number, unit: Unit) => (unit === 'share' ? `${digits(size * 100)} points` : `${digits(size)} years`);
const chanceText = (chance: number) => (chance < 0.001 ? '< 0.001' : `= ${chance.toFixed(chance < 0.1 ? 3 : 2)}`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function method({ threshold }: DetectorAudit): string {
  return `<section class="method"><h2>How to read this</h2><ul>
<li>A dot is what was measured; the bar around it is the 95 % interval: Wilson’s for shares, bootstrapped over people for years. A wide bar means that little is known.</li>
<li>Groups of fewer than ${LEAST_GROUP} are shown hollow and not compared.</li>
<li>A gap is beyond chance when people who are dealt into groups at random show one as wide in fewer than 1 of 20 audits like this whole one (permutation, Holm’s correction over all comparisons).</li>
<li>An alarm is a score of ${threshold} or more. A policy may act earlier or later.</li>
<li>Measured skin tone is the lightness of the cheeks <em>in the picture</em> (individual typology angle, D65). Light, camera and make-up move it; grey pictures have none. It is no statement about anybody’s origin.</li>
<li>Sex and age are what the labels say. Where nobody labelled a thing, its misses are not measured, and silence about them means nothing.</li>
</ul></section>`;
}
