/** A browser as far as sign-in needs one: cookies by host, redirects one by one, and the headers that a browser sends. */
export class Browser {
  readonly cookies = new Map<string, Map<string, string>>();

  /** One request, no redirect followed. */
  async ask(
    address: string,
    { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ) {
    const { host } = new URL(address);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, {
      method,
      redirect: 'manual',
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    this.cookies.set(host, jar);
    return answer;
  }

  /** Follows redirects and fills in the provider's pages until it comes to an address that begins with `until`; that one is not asked. */
  async walk(from: string, until: string, login: string): Promise<string> {
    let address = from;
    for (let step = 0; step < 20; step++) {
      if (address.startsWith(until)) return address;
      const answer = await this.ask(address);
      const location = answer.headers.get('location');
      if (location !== null) {
        address = new URL(location, address).href;
        continue;
      }
      const page = await answer.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (action === undefined || prompt === undefined) throw new Error(`${answer.status} at ${address}: ${page.slice(0, 300)}`);
      const sent = await this.ask(new URL(action, address).href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ prompt, login, password: 'any' }).toString(),
      });
      address = new URL(sent.headers.get('location') ?? '', address).href;
    }
    throw new Error(`lost at ${address}`);
  }
}

/** What answers hold, as far as tests look. */
export interface Answered {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly csrf_token: string;
  readonly preferences: unknown;
  readonly redirect: string;
  readonly error: { readonly code: string; readonly message: string };
}

export async function read(answer: Response): Promise<Answered> {
  return JSON.parse(await answer.text());
}
