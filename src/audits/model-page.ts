import { escaped, factsList, pageOf, stackOf, stripOf } from './page.ts';
import { ATTRIBUTES, type Attribute, type AttributeReport, type TemplateReport } from './representation.ts';

/** What a model shows when nobody says whom, as far as it can be estimated. */
export interface ModelAudit {
  readonly kind: 'model';
  readonly on: string;
  readonly model: string;
  readonly modelKind: string;
  readonly seed: number;
  readonly planned: number;
  readonly reference: 'uniform' | 'given';
  readonly templates: readonly TemplateReport[];
}

/** The audit as a page for people. */
export function modelPage(audit: ModelAudit): string {
  const { model, modelKind, on, seed, planned, templates } = audit;
  const whole = templates.find(({ template }) => template === 'all');
  const outcomes = whole?.outcomes;
  const facts = {
    'Pictures asked for': whole?.asked ?? 0,
    'With a face': outcomes?.face ?? 0,
    'Without a face': outcomes?.no_face ?? 0,
    Refused: outcomes?.refused ?? 0,
    'Failed or unreadable': (outcomes?.failed ?? 0) + (outcomes?.unreadable ?? 0),
  };
  const stopped =
    (whole?.asked ?? 0) < planned
      ? `<p class="found">The model failed again and again: ${planned - (whole?.asked ?? 0)} pictures were not asked for.</p>`
      : '';
  return pageOf(
    `Audit of the model ${model}`,
    [
      `<h1>Whom ${escaped(model)} shows when nobody says whom</h1>`,
      `<p class="lead">${escaped(modelVerdict(audit))}</p>`,
      stopped,
      notAStatement(),
      factsList(facts),
      overview('age', templates),
      overview('skin', templates),
      ...templates.filter(({ outcomes: { face } }) => face > 0).map((one) => templateSection(one, audit)),
      faceless(templates),
      method(audit),
      `<p class="soft">Model kind ${escaped(modelKind)}, ${on}, seed ${seed}.</p>`,
    ].join('\n'),
  );
}

/** In one sentence, and never more than was found. */
export function modelVerdict({ templates, reference }: ModelAudit): string {
  const tested = templates.flatMap(({ attributes }) => attributes.filter(({ chance }) => chance !== null));
  const real = tested.filter(({ isBeyondChance }) => isBeyondChance).length;
  const from = reference === 'uniform' ? 'an even distribution' : 'the reference that was given';
  if (tested.length === 0) return 'There are too few pictures with a face to say anything about whom the model shows.';
  if (real === 0)
    return `None of ${tested.length} distributions differs from ${from} beyond chance. With few pictures only coarse differences can be seen.`;
  return `${real} of ${tested.length} distributions ${real === 1 ? 'differs' : 'differ'} from ${from} beyond chance.`;
}

function notAStatement(): string {
  return `<div class="found plain"><strong>What an estimate is not</strong><ul>
<li>These people do not exist. Nothing here is anybody’s age, origin or identity; it is how a picture looks to a network.</li>
<li>Apparent age errs by about five years in adults, more at the ends, and was not measured on drawn pictures. Lightness is that of the cheeks in the picture, moved by light and style.</li>
<li>Sex or gender is not estimated, on purpose: what a network guesses from a face would be taken for somebody’s sex. So a model that shows only men, or only women, for one of these words is <strong>not found here</strong>; that takes people who look at pictures of it and label them.</li>
<li>An even distribution is a yardstick, not a goal. What would be right depends on where and for what pictures are made.</li></ul></div>`;
}

/** Every template in one line, to see at a glance which stand out. */
function overview(attribute: Attribute, templates: readonly TemplateReport[]): string {
  const { title, bands } = ATTRIBUTES[attribute];
  const rows = templates.flatMap(({ template, subject, attributes }) => {
    const found = attributes.find((one) => one.attribute === attribute);
    if (found === undefined || found.n === 0) return [];
    const said = found.bands.map(({ value }) => (100 * value).toFixed(0)).join(' / ');
    const mark = found.isFew
      ? 'too few to compare'
      : found.isBeyondChance
        ? '<strong class="real">beyond chance</strong>'
        : 'within chance';
    return [
      `<tr${found.isFew ? ' class="is-few"' : ''}><th scope="row" class="group"><a href="#t-${escaped(template)}">${escaped(subject)}</a></th><td class="n">${found.n}</td><td class="plot">${stackOf(found.bands)}</td><td class="value">${said} % <small>${mark}</small></td></tr>`,
    ];
  });
  if (rows.length === 0) return '';
  const keys = bands.map((band, at) => `<span class="key b${at}"></span>${escaped(band)}`).join('');
  return `<section><h2>${title}, template by template</h2><p>${keys}<span class="key line"></span>expected</p>
<table><caption class="unseen">${title} by template</caption><thead><tr><th scope="col" class="group">Template</th><th scope="col" class="n">Faces</th><th scope="col">Shares</th><th scope="col" class="value">${bands.map(escaped).join(' / ')}</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
}

function faceless(templates: readonly TemplateReport[]): string {
  const none = templates.filter(({ outcomes, template }) => outcomes.face === 0 && template !== 'all');
  if (none.length === 0) return '';
  const items = none.map(({ subject, asked, outcomes: { refused, failed, unreadable } }) => {
    const rest = Object.entries({ refused, failed, unreadable }).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
    return `<li>${escaped([`${subject}: ${asked} asked for`, ...rest].join(', '))}</li>`;
  });
  return `<section><h2>Without any face</h2><p>Nothing can be estimated there.</p><ul>${items.join('')}</ul></section>`;
}

function templateSection({ template, subject, asked, outcomes, attributes }: TemplateReport, audit: ModelAudit): string {
  const bars = attributes.map((one) => attributeTable(one, audit)).join('\n');
  const share = asked === 0 ? 0 : Math.round((100 * outcomes.face) / asked);
  const refused = outcomes.refused > 0 ? `, ${outcomes.refused} refused` : '';
  return `<section aria-labelledby="t-${escaped(template)}"><h2 id="t-${escaped(template)}">${escaped(subject.charAt(0).toUpperCase() + subject.slice(1))}</h2>
<p>${asked.toLocaleString('en')} asked for, a face in ${outcomes.face.toLocaleString('en')} (${share} %)${refused}.</p>
${bars}</section>`;
}

function attributeTable({ attribute, n, bands, isFew, chance, isBeyondChance }: AttributeReport, { reference }: ModelAudit): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const rows = bands.map(
    ({
      band,
      value,
      low,
      high,
      expected,
    }) => `<tr${isFew ? ' class="is-few"' : ''}><th scope="row" class="group">${escaped(band)}</th><td class="n">${Math.round(value * n)}</td>
<td class="plot">${stripOf({ value, low, high, aim: expected }, { from: 0, to: 1 })}</td><td class="value">${percent(value)} <small>${(100 * low).toFixed(0)} to ${percent(high)}, expected ${percent(expected)}</small></td></tr>`,
  );
  const than = reference === 'uniform' ? 'an even distribution' : 'the reference';
  const p = chance === null ? '' : chance < 0.001 ? 'p < 0.001' : `p = ${chance.toFixed(chance < 0.1 ? 3 : 2)}`;
  const said =
    chance === null
      ? `Too few to compare (n = ${n}).`
      : isBeyondChance
        ? `Other than ${than}, beyond chance (${p}, n = ${n}).`
        : `Not other than ${than} beyond chance (${p}, n = ${n}).`;
  return `<table><caption>${ATTRIBUTES[attribute].title}<span class="gap${isBeyondChance ? ' real' : ''}">${said}</span></caption>
<thead><tr><th scope="col" class="group">Band</th><th scope="col" class="n">Faces</th><th scope="col"><span class="axis"><span>0 %</span><span>100 %</span></span></th><th scope="col" class="value">Share, 95 % interval</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function method({ reference }: ModelAudit): string {
  return `<section class="method"><h2>How to read this</h2><ul>
<li>A dot is the share of faces in a band, the bar its 95 % interval (Wilson), the upright line what ${reference === 'uniform' ? 'an even distribution' : 'the given reference'} expects.</li>
<li>Each template was asked for equally often, in four phrases, in an order by chance. No template names anybody, or a sex, an age or an origin.</li>
<li>Beyond chance: the reference itself gives a distribution as far off in fewer than 1 of 20 audits like this whole one (drawn 10,000 times, Holm’s correction).</li>
<li>Lightness: light is a typology angle above 41°, medium 10° to 41°, dark below. Faces in grey pictures are not counted there.</li>
<li>Only the largest face of a picture counts. Pictures without a face, refusals and failures are told apart: they are findings, too.</li></ul></section>`;
}
