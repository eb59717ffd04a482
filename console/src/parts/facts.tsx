import { useWords } from '../words/use-words.tsx';
import { UserText } from './user-text.tsx';

/** Names and values of an object that the server describes; deeper parts as lines of their own. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  const { named, t } = useWords();
  const lines = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (lines.length === 0) return <p className="soft">{t('state.nothing')}</p>;
  return (
    <dl className="facts">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{named('fact', name)}</dt>
          <dd>
            <UserText text={plain(value, t('state.yes'), t('state.no'))} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function plain(value: unknown, yes: string, no: string): string {
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map((one) => plain(one, yes, no)).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${plain(inner, yes, no)}`)
      .join(', ');
  }
  return '';
}
