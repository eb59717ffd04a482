/**
 * Writes rows into the data directory given as argument, one commit each, and prints each number once it is
 * acknowledged. With a second argument it stops after that many rows and says `done`.
 */
import { openDatabase } from '../open-database.ts';

const [, , dataDir = '', count = 'Infinity'] = process.argv;
const db = await openDatabase({ dataDir });
await db.query({ text: 'create table if not exists acknowledged (n int primary key)' });
const { rows } = await db.query({ text: 'select coalesce(max(n), 0) as last from acknowledged' });
const first = Number(rows[0]?.['last']) + 1;
console.log('ready');
try {
  for (let n = first; n < first + Number(count); n++) {
    await db.query({ name: 'insert', text: 'insert into acknowledged values ($1)', values: [n] });
    console.log(`${n}`);
  }
  console.log('done');
} catch (error) {
  console.log(`failed ${error instanceof Error && 'code' in error ? String(error.code) : 'without a code'}`);
}
console.log('closing');
await db.close();
process.exit(0);
