import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me } from '../api/answers.ts';
import { answerOf, api } from '../api/client.ts';
import { freshSignInEnded } from '../api/connection.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/use-words.tsx';

/** Roles one can try at a gateway that is only reachable from its own machine. */
const TRIAL_ROLES = ['operator', 'reviewer', 'senior_reviewer', 'quality_lead', 'incident_commander', 'child_safety', 'legal', 'auditor'];

export function SignInPage() {
  const { t, named } = useWords();
  const refusal = new URLSearchParams(location.search).get('sign_in_error');
  const cache = useQueryClient();
  return (
    <main id="main" className="sign-in">
      <img src="/console/icon.svg" alt="" width="48" height="48" />
      <h1>Imprimatur</h1>
      <p className="soft">{t('signIn.intro')}</p>
      {refusal !== null && (
        <p role="alert" className="problem">
          {named('signInError', refusal)}
        </p>
      )}
      <SignInChoices onDone={() => cache.invalidateQueries()} />
    </main>
  );
}

/** The session ran out while a form was open: the form stays, and so does what is typed in it. */
export function SessionDialog({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const cache = useQueryClient();
  return (
    <Dialog title={t('signIn.ended')} onClose={() => {}} isDismissable={false}>
      <p>{t('signIn.endedText')}</p>
      <SignInChoices again={me} onDone={() => cache.invalidateQueries()} />
    </Dialog>
  );
}

/** An act is grave: whoever does it shows once more who they are, and it goes on by itself. */
export function FreshDialog({ me }: { readonly me: Me }) {
  const { t } = useWords();
  return (
    <Dialog title={t('signIn.fresh')} onClose={() => freshSignInEnded(false)}>
      <p>{t('signIn.freshText')}</p>
      <SignInChoices again={me} isFresh onDone={() => freshSignInEnded(true)} />
      <div className="actions">
        <Button onClick={() => freshSignInEnded(false)}>{t('state.cancel')}</Button>
      </div>
    </Dialog>
  );
}

interface SignInChoicesProps {
  readonly onDone: () => void;
  /** Who signs in once more, in a window of its own, so that the page stays as it is. */
  readonly again?: Me;
  readonly isFresh?: boolean;
}

function SignInChoices({ onDone, again, isFresh = false }: SignInChoicesProps) {
  const { t } = useWords();
  const options = useQuery(queries.signInOptions());
  const oidc = options.data?.oidc ?? true;
  const provider = options.data?.oidc_name ?? t('signIn.provider');
  const returnTo = again === undefined ? location.pathname + location.search : '/console/signed-in';
  const address = `/v1/sign-in?${new URLSearchParams({ return_to: returnTo, ...(isFresh ? { fresh: '1' } : {}) })}`;
  return (
    <div className="sign-in-choices">
      {oidc && (
        <a className="button primary" href={address} {...(again === undefined ? {} : { target: 'imprimatur-sign-in', rel: 'opener' })}>
          {t('signIn.with', { provider })}
        </a>
      )}
      {options.data?.development === true && <DevelopmentLogin onDone={onDone} again={again} />}
    </div>
  );
}

/** A key in the fragment of the address, as the gateway prints it: read once, and gone from the address. It never leaves the browser. */
function keyFromAddress(): string {
  const key = /^#key=([\w-]{8,256})$/.exec(location.hash)?.[1] ?? '';
  if (key !== '') history.replaceState(null, '', location.pathname + location.search);
  return key;
}

function DevelopmentLogin({ onDone, again }: { readonly onDone: () => void; readonly again: Me | undefined }) {
  const { t, named } = useWords();
  const [key, setKey] = useState(keyFromAddress);
  const [name, setName] = useState(again?.name ?? 'dev');
  const [role, setRole] = useState(again?.roles[0] ?? 'operator');
  const [problem, setProblem] = useState<unknown>(null);
  const signIn = async () => {
    try {
      await answerOf(api.POST('/v1/sign-in/development', { body: { key, name, roles: [role] } }));
      onDone();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <form
      className="development"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <h2>{t('signIn.development')}</h2>
      <p className="small soft">{t('signIn.developmentText')}</p>
      <Field label={t('signIn.key')}>
        <input
          className="input mono"
          type="password"
          value={key}
          onChange={(event) => setKey(event.target.value.trim())}
          autoComplete="off"
          required
        />
      </Field>
      <Field label={t('signIn.name')}>
        <input
          className="input"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          required
          maxLength={60}
        />
      </Field>
      <Field label={t('signIn.role')}>
        <select className="input" value={role} onChange={(event) => setRole(event.target.value)}>
          {TRIAL_ROLES.map((one) => (
            <option key={one} value={one}>
              {named('role', one)}
            </option>
          ))}
        </select>
      </Field>
      {problem !== null && <Problem error={problem} />}
      <Button type="submit">{t('signIn.enter')}</Button>
    </form>
  );
}
