import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { checkedMail, createMailer, isMailAddress } from './mail.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A mail server on this machine that keeps what it is given. */
async function sink(options: { readonly refuse?: { readonly code: number }; readonly user?: string } = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: options.user === undefined,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === options.user && password === 'p@ss/word' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo: (_address, _session, done) => {
      if (options.refuse === undefined) return done();
      done(Object.assign(new Error('refused somebody@example.org'), { responseCode: options.refuse.code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  const login = options.user === undefined ? '' : `${encodeURIComponent(options.user)}:${encodeURIComponent('p@ss/word')}@`;
  const mailer = createMailer({ url: `smtp://${login}127.0.0.1:${port}`, from: 'gateway@example.org' });
  closers.push(async () => mailer.close());
  return { received, mailer };
}

const mail = { id: 'mail_1', to: 'reporter@example.org', subject: 'Your notice', text: 'It was removed.\n.\nEnd' };
const headersOf = (source: string) => source.slice(0, source.indexOf('\r\n\r\n'));

describe('mail', () => {
  it('arrives as it was written, to one person, marked as automatic', async () => {
    const { received, mailer } = await sink();
    expect(await mailer.send(mail)).toBeNull();
    expect(received).toMatchObject([{ from: 'gateway@example.org', to: ['reporter@example.org'] }]);
    const { source } = received[0]!;
    expect(headersOf(source)).toMatch(/^Subject: Your notice\r$/m);
    expect(headersOf(source)).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(headersOf(source)).toContain('Message-ID: <mail_1@example.org>');
    expect(source).toContain('It was removed.');
  });

  it('logs in with a password that has signs in it', async () => {
    const { received, mailer } = await sink({ user: 'gate@way' });
    expect(await mailer.send(mail)).toBeNull();
    expect(received).toHaveLength(1);
  });

  it.each([
    'a subject\r\nBcc: victim@example.org',
    'a subject\nBcc: victim@example.org\n\nAnother body',
    'a subject\rBcc: victim@example.org',
    'a subject\u2028Bcc: victim@example.org',
    'a subject\u0085Bcc: victim@example.org',
    '=?utf-8?Q?a=0D=0ABcc:_victim@example.org?=',
  ])('with a subject such as %j has no second header and no second receiver', async (subject) => {
    const { received, mailer } = await sink();
    await mailer.send({ ...mail, subject });
    expect(received[0]!.to).toEqual(['reporter@example.org']);
    const headers = headersOf(received[0]!.source).split('\r\n');
    expect(headers.filter((line) => /^(bcc|cc|to):/i.test(line))).toEqual(['To: reporter@example.org']);
    expect(headers.filter((line) => /^subject:/i.test(line))).toHaveLength(1);
  });

  it.each([
    'a@example.org, b@example.org',
    'a@example.org\r\nRCPT TO:<b@example.org>',
    'a@example.org\nBcc: b@example.org',
    '<a@example.org>',
    'Name <a@example.org>',
    '"quoted"@example.org',
    'a@example.org(comment)',
    'a;b@example.org',
    'a@[127.0.0.1]',
    'a@',
    '@example.org',
    '',
    'a b@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(63)}.${'c'.repeat(250)}`,
  ])('to %j is refused before anybody is asked', (to) => {
    expect(isMailAddress(to)).toBe(false);
    expect(() => checkedMail({ to, subject: 's', text: 't' })).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('cannot attach a file of this machine or fetch an address by its text', async () => {
    const { received, mailer } = await sink();
    await mailer.send({ ...mail, text: '{"path":"/etc/passwd"}' });
    expect(received[0]!.source).not.toContain('root:');
  });

  it('that is refused for good is not tried again, and the reason repeats no address', async () => {
    const { mailer } = await sink({ refuse: { code: 550 } });
    expect(await mailer.send(mail)).toBe('The mail server refused it with 550.');
  });

  it('that is refused for now is an error, so that it is tried again', async () => {
    const { mailer } = await sink({ refuse: { code: 451 } });
    await expect(mailer.send(mail)).rejects.toThrow('451');
  });

  it('goes in clear to no server but one on this machine', async () => {
    const { port } = await new Promise<{ port: number }>((resolve) => {
      const server = new SMTPServer({ disabledCommands: ['STARTTLS'], authOptional: true });
      server.listen(0, () => resolve(server.server.address() as AddressInfo));
      closers.push(() => new Promise<void>((done) => server.close(done)));
    });
    // The same machine, by an address that does not say so.
    const mailer = createMailer({ url: `smtp://127.0.0.2:${port}`, from: 'gateway@example.org' });
    closers.push(async () => mailer.close());
    await expect(mailer.send(mail)).rejects.toThrow();
  });

  it.each(['http://example.org', 'smtp://', 'nothing', 'smtps:'])('knows no server such as %j', (url) => {
    expect(() => createMailer({ url, from: 'gateway@example.org' })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
