import { Link } from 'wouter';
import type { CaseLine } from '../api/answers.ts';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';
import { useNow } from './clock.ts';
import { Icon } from './icons.tsx';
import { shortId } from './short-id.ts';
import { Notice } from './states.tsx';
import { Table } from './table.tsx';
import { Ago } from './time.tsx';
import { UserText } from './user-text.tsx';

/** Cases, appeals or notices by deadline, each a way to its case. */
export function CaseTable({ label, lines, none }: { readonly label: string; readonly lines: readonly CaseLine[]; readonly none: string }) {
  const { t, named, number, tongue } = useWords();
  if (lines.length === 0) return <Notice icon="check" title={none} />;
  const due = (line: CaseLine) => line.due_at ?? line.first_due_at ?? null;
  const sorted = [...lines].sort((a, b) => (due(a) ?? '9').localeCompare(due(b) ?? '9'));
  return (
    <Table
      label={label}
      rows={sorted}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('column.case'),
          cell: (line) => (
            <Link href={to.case(line.case_id ?? line.id)} className="mono">
              {shortId(line.case_id ?? line.id)}
            </Link>
          ),
        },
        {
          title: t('column.what'),
          cell: (line) => (
            <>
              {line.lane === 'trusted' && <span className="chip accent">{t('notices.trusted')}</span>} <What line={line} />
              {line.duplicates !== undefined && line.duplicates > 0 && (
                <span className="small soft"> {t('column.more', { n: number(line.duplicates) })}</span>
              )}
            </>
          ),
        },
        { title: t('list.language'), cell: ({ language }) => (typeof language === 'string' ? tongue(language) : '–'), isExtra: true },
        { title: t('column.opened'), cell: (line) => <Ago at={line.opened_at} />, isExtra: true },
        { title: t('column.due'), cell: (line) => <Due at={due(line)} /> },
        { title: t('column.status'), cell: (line) => named('status', line.status), isExtra: true },
      ]}
    />
  );
}

/** Of an appeal the gateway tells which categories the decision named, of a notice what is reported. */
const APPEALED = /^appeal(?:: ([\w, ]+))?$/;
const QUEUES: Readonly<Record<string, string>> = {
  appeal: 'appeals',
  approval: 'approvals',
  campaign: 'campaigns',
  upload: 'uploads',
  notice: 'notices',
};

function What({ line: { kind, summary, categories = [] } }: { readonly line: CaseLine }) {
  const { named } = useWords();
  if (isKey(`noticeKind.${kind}`)) return named('noticeKind', kind);
  const appealed = APPEALED.exec(summary ?? '');
  if (appealed === null && typeof summary === 'string' && summary !== '') return <UserText text={summary} />;
  const found = [...categories, ...(appealed?.[1]?.split(', ') ?? [])];
  if (found.length > 0) return found.map((one) => named('category', one)).join(', ');
  return QUEUES[kind] === undefined ? named('caseKind', kind) : named('queue', QUEUES[kind]);
}

function Due({ at }: { readonly at: string | null }) {
  const isLate = useNow() > new Date(at ?? 8.64e15).getTime();
  if (at === null) return <>–</>;
  return (
    <span className={isLate ? 'overdue' : ''}>
      {isLate && <Icon name="warn" size={14} />} <Ago at={at} />
    </span>
  );
}
