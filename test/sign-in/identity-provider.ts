import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  readonly issuer: string;
  /** What each person is a member of; change it and they are something else at the next sign-in. */
  readonly groups: Map<string, readonly string[]>;
  stop(): Promise<void>;
  /** The same address answers again. */
  startAgain(): Promise<void>;
}

export const CLIENT = { clientId: 'imprimatur', clientSecret: 'a-secret-of-the-test-client-0001' };

/** A real OpenID Connect provider on this machine, whose sign-in page takes any name and any password. */
export async function startIdentityProvider({
  redirectUri,
  inIdToken = false,
}: {
  redirectUri: string;
  inIdToken?: boolean;
}): Promise<TestProvider> {
  const groups = new Map<string, readonly string[]>();
  let handler: (request: never, response: never) => void = () => undefined;
  let server: Server = createServer((request, response) => handler(request as never, response as never));
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [redirectUri.replace('/v1/sign-in/callback', '/console')],
        backchannel_logout_uri: redirectUri.replace('callback', 'back-channel-logout'),
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'locale', 'groups'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
    conformIdTokenClaims: !inIdToken,
    pkce: { required: () => true },
    // Its own refuses this machine, where the gateway under test is.
    fetch: (url, { dispatcher: _its, ...init }: RequestInit = {}) => fetch(url, init),
    cookies: { keys: ['a key of the test provider'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `Name of ${id}`, locale: 'de-DE', groups: [...(groups.get(id) ?? [])] }),
    }),
  });
  provider.on('server_error', (_context, error) => console.error(error));
  handler = provider.callback() as never;
  return {
    issuer,
    groups,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
    async startAgain() {
      server = createServer((request, response) => handler(request as never, response as never));
      await listen(port);
    },
  };
}
