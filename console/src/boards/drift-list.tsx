import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Operations } from '../api/board-answers.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { shortId } from '../parts/short-id.ts';
import { Loaded } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { to } from '../routes.ts';
import { useWords, type Words } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';

const FIFTH = 0.2;
const TONES = { calm: 'good', watch: 'warn', alarm: 'bad' } as const;

/** What has drifted, with the value that grew most and examples of it to look at. */
export function DriftList({ drift }: { readonly drift: Operations['drift'] }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2>{t('operations.drift')}</h2>
      {drift.length === 0 && <p className="soft">{t('operations.driftNone')}</p>}
      <ul className="rows lined">
        {drift.map((one) => (
          <DriftLine key={one.metric} line={one} />
        ))}
      </ul>
    </section>
  );
}

function DriftLine({ line }: { readonly line: Operations['drift'][number] }) {
  const words = useWords();
  const { t, named, number } = words;
  const [isOpen, setOpen] = useState(false);
  const moved = line.moved ?? null;
  return (
    <li>
      <div>
        <span className={`chip ${TONES[line.level]}`}>
          <Icon name={line.level === 'calm' ? 'check' : 'warn'} size={12} /> {t(`drift.${line.level}`)}
        </span>{' '}
        <strong>{named('driftMeasure', line.metric)}</strong>
        <p className="small soft numbers">
          {line.psi !== null && t('operations.psi', { n: number(line.psi, { maximumFractionDigits: 2 }) })}
          {line.since !== null && (
            <>
              {' · '}
              <Ago at={line.since} />
            </>
          )}
          {moved !== null && ` · ${t('operations.moved', { value: movedIn(words, moved) })}`}
        </p>
        {isOpen && moved !== null && <Examples measure={line.metric} value={moved} />}
      </div>
      {moved === null ? (
        <ExampleLinks ids={line.examples} />
      ) : (
        <Button tone="quiet" isPressed={isOpen} onClick={() => setOpen(!isOpen)} title={`${t('operations.examples')} ${line.metric}`}>
          {t('operations.examples')}
        </Button>
      )}
    </li>
  );
}

/** A verdict, a category, or a category with its fifth of the scale: `hate:0.6`. */
function movedIn({ t, named, number }: Words, moved: string): string {
  const [name = '', from] = moved.split(':');
  if (name === 'none') return t('state.nothing');
  if (isKey(`verdict.${name}`)) return named('verdict', name);
  const low = Number(from);
  return from === undefined ? named('category', name) : `${named('category', name)} ${number(low)}–${number(low + FIFTH)}`;
}

function ExampleLinks({ ids }: { readonly ids: readonly string[] }) {
  return (
    <span className="links small">
      {ids.map((id) => (
        <Link key={id} href={to.search(id)} className="mono" title={id}>
          {shortId(id)}
        </Link>
      ))}
    </span>
  );
}

/** Generations behind the number, newest first; what they are is for whoever may search. */
function Examples({ measure, value }: { readonly measure: string; readonly value: string }) {
  const { t } = useWords();
  const examples = useQuery(queries.examples(measure, value));
  return (
    <Loaded query={examples}>
      {(lines) => {
        const ids = [...new Set(lines.flatMap(({ generation_id }) => (generation_id === null ? [] : [generation_id])))];
        return ids.length === 0 ? <p className="small soft">{t('state.nothing')}</p> : <ExampleLinks ids={ids} />;
      }}
    </Loaded>
  );
}
