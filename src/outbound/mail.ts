import { createTransport } from 'nodemailer';
import { ImprimaturError } from '../contracts/errors.ts';

/** Plain text, to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /**
   * Null when the server took it, or why it never will (a 5xx). `id` makes the message's own id, so that a repetition can be recognized.
   * @throws Error for what may go well later
   */
  send(mail: Mail & { readonly id: string }): Promise<string | null>;
  close(): void;
}

export interface MailerOptions {
  /** `smtps://user:password@host:465`, or `smtp://…:587`, which must offer STARTTLS unless the host is this machine. */
  readonly url: string;
  /** The sender's bare address. */
  readonly from: string;
}

const MAX_SUBJECT = 200;
const MAX_TEXT = 50_000;
/** RFC 5321 dot-string without quotes: nothing that ends a header, opens a comment or adds a second address. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

export function isMailAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text);
}

/**
 * The same mail with nothing in its headers that could begin another one: control characters of a subject become spaces.
 * @throws ImprimaturError REQUEST_INVALID for an address that is none, or is more than one
 */
export function checkedMail({ to, subject, text }: Mail): Mail {
  if (!isMailAddress(to)) throw new ImprimaturError('REQUEST_INVALID', { hint: 'This is no e-mail address.' });
  return { to, subject: subject.replace(CONTROLS, ' ').trim().slice(0, MAX_SUBJECT), text: text.slice(0, MAX_TEXT) };
}

/** Sends by the one server that the operator named. @throws ImprimaturError CONFIG_INVALID for a URL or a sender that is none */
export function createMailer({ url, from }: MailerOptions): Mailer {
  const server = parseServer(url);
  if (!isMailAddress(from)) throw new ImprimaturError('CONFIG_INVALID', { detail: 'smtp.from is no e-mail address.' });
  const transport = createTransport({
    ...server,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ id, ...mail }) {
      const { to, subject, text } = checkedMail(mail);
      try {
        await transport.sendMail({
          from: { name: 'Imprimatur', address: from },
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return null;
      } catch (error) {
        const { refused, status } = readFailure(error);
        // A server's words may repeat the address, so only its number is kept.
        if (refused) return `The mail server refused it with ${status}.`;
        throw new Error(`The mail server did not take it (${status === 0 ? 'no answer' : status}).`, { cause: error });
      }
    },
    close: () => transport.close(),
  };
}

/** Refused for good is a 5xx about this mail; one about logging in or encryption is a fault of the set-up, which somebody will mend. */
function readFailure(error: unknown): { readonly refused: boolean; readonly status: number } {
  if (!(error instanceof Error)) return { refused: false, status: 0 };
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0;
  const isAboutMail = 'code' in error && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE');
  return { refused: isAboutMail && status >= 500 && status < 600, status };
}

function parseServer(text: string) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new ImprimaturError('CONFIG_INVALID', { detail: 'smtp.url must look like smtps://user:password@host:465.' });
  }
  const secure = url.protocol === 'smtps:';
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const auth = url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } };
  return {
    host: url.hostname.replace(/[[\]]/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !isHere,
    ...auth,
  };
}
