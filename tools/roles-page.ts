import { PERMISSION_WORDS } from '../src/access/permission-words.ts';
import { PERMISSIONS, rolesAllow } from '../src/access/permissions.ts';
import { STAFF_ROLES } from '../src/contracts/staff-role.ts';

/** `docs/roles.md`, whole. */
export function rolesPage(): string {
  const head = ['permission', ...STAFF_ROLES.map((role) => role.replace('_', ' ')), 'lets somebody'];
  const rows = PERMISSIONS.map((permission) => [
    `\`${permission}\``,
    ...STAFF_ROLES.map((role) => (rolesAllow([role], permission) ? '●' : '')),
    PERMISSION_WORDS[permission],
  ]);
  return `${[
    '# Roles',
    '',
    'Generated from `src/access/permissions.ts` by `npm run docs`: the same table guards the API and says to the console what to show. Each route for staff',
    'asks for one permission, before it looks at what was sent; a test asks every route with every role. Who gets which role is told in',
    '[access.md](access.md). Roles add up.',
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map((_, index) => (index === 0 || index === head.length - 1 ? '---' : ':-:')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    'Nobody has `cases.restricted` or an approval of the board by running the machine. Over the API nobody can give a role that may do what they may not; the',
    "machine's owner can, in the configuration or by `npx imprimatur keys create --roles …` on the machine, and it stands in the ledger.",
  ].join('\n')}\n`;
}
