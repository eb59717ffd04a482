import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { SearchResults } from '../api/answers.ts';
import { queries } from '../api/queries.ts';
import { searchByPicture } from '../api/search-by-picture.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Page } from '../parts/page.tsx';
import { shortId } from '../parts/short-id.ts';
import { Failure, Loaded, Notice } from '../parts/states.tsx';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';

/** Finds a generation, an artifact, a user or a case by id, or by a picture. */
export function SearchPage() {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('q') ?? '';
  const [wish, setWish] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  const byText = useQuery({ ...queries.search(asked), enabled: asked !== '' });
  const byPicture = useMutation({ mutationFn: searchByPicture });
  useEffect(() => {
    setWish(asked);
    field.current?.focus();
  }, [asked]);
  return (
    <Page title={t('nav.search')} intro={t('search.intro')}>
      <form
        className="filter search-form"
        onSubmit={(event) => {
          event.preventDefault();
          byPicture.reset();
          navigate(to.search(wish.trim()));
        }}
      >
        <Field label={t('search.field')}>
          <input
            ref={field}
            className="input mono"
            type="search"
            value={wish}
            onChange={(event) => setWish(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Button type="submit" tone="primary" icon="search">
          {t('nav.search')}
        </Button>
      </form>
      <div className="filter search-picture">
        <Field label={t('search.picture')}>
          <input
            className="input"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/avif"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file !== undefined) byPicture.mutate(file);
            }}
          />
        </Field>
        <p className="small soft">{t('search.pictureHint')}</p>
      </div>
      <div className="results" aria-live="polite">
        {byPicture.isPending && <p className="loading">{t('state.loading')}</p>}
        {byPicture.isError && <Failure error={byPicture.error} />}
        {byPicture.data !== undefined && <Results results={byPicture.data} />}
        {byPicture.isIdle && asked !== '' && <Loaded query={byText}>{(results) => <Results results={results} />}</Loaded>}
      </div>
    </Page>
  );
}

function Results({ results }: { readonly results: SearchResults }) {
  const { t, named } = useWords();
  const { generations, artifacts, users, cases, matches = [] } = results;
  if (generations.length + artifacts.length + users.length + cases.length + matches.length === 0) {
    return <Notice icon="search" title={t('search.nothing')} />;
  }
  return (
    <>
      <Group title={t('search.matches')} lines={matches} id={(one) => `${one.by}${one.artifact_id}`}>
        {(one) => (
          <>
            <Link href={to.search(one.artifact_id)} className="mono">
              {one.artifact_id}
            </Link>
            <span className="small soft">
              {named('search.by', one.by)}
              {one.distance !== null && ` · ${t('case.bits', { n: one.distance })}`}
            </span>
          </>
        )}
      </Group>
      <Group title={t('search.cases')} lines={cases} id={(one) => one.id}>
        {(one) => (
          <>
            <Link href={to.case(one.id)} className="mono">
              {shortId(one.id)}
            </Link>
            <span className="small soft">
              {named('queue', one.queue ?? one.kind)} · {named('status', one.status)}
            </span>
          </>
        )}
      </Group>
      <Group title={t('search.generations')} lines={generations} id={(one) => one.id}>
        {(one) => (
          <>
            <span className="mono">{one.id}</span>
            <span className="small soft">{[one.surface, one.model, named('status', one.status ?? '')].filter(Boolean).join(' · ')}</span>
          </>
        )}
      </Group>
      <Group title={t('search.artifacts')} lines={artifacts} id={(one) => one.id}>
        {(one) => (
          <>
            <span className="mono">{one.id}</span>
            {one.taken_down === true && <span className="chip bad">{t('search.takenDown')}</span>}
          </>
        )}
      </Group>
      <Group title={t('search.users')} lines={users} id={(one) => one.pseudonym}>
        {(one) => (
          <>
            <Link href={to.search(one.pseudonym)} className="mono">
              {one.pseudonym}
            </Link>
            <span className="small soft">{t('user.gist', { refused: one.refused ?? 0, strikes: one.strikes ?? 0 })}</span>
          </>
        )}
      </Group>
    </>
  );
}

interface GroupProps<Line> {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly id: (line: Line) => string;
  readonly children: (line: Line) => ReactNode;
}

function Group<Line>({ title, lines, id, children }: GroupProps<Line>) {
  if (lines.length === 0) return null;
  return (
    <section className="card">
      <h2>{title}</h2>
      <ul className="rows lined">
        {lines.map((line) => (
          <li key={id(line)}>{children(line)}</li>
        ))}
      </ul>
    </section>
  );
}
