import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import { migrate } from '../../storage/migrate.ts';
import { claimRules, insertClaimKey, putApplication, revokeClaimKey } from './application-store.ts';
import type { ClaimAlgorithm } from './claim.ts';
import { createClaimReader } from './claim-reader.ts';
import { prepareClaimKey } from './new-claim-key.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const AT = NOW / 1000;
const SECRET = Buffer.alloc(32, 'a secret of the shop');
const WHERE = { application: 'shop', surface: 'chat' };
const SAID = {
  iss: 'shop',
  aud: 'imprimatur',
  sub: 'pseudonym-1',
  jti: 'claim-0001',
  iat: AT,
  exp: AT + 300,
  tier: 'verified',
  verified: true,
  age: { over: 18, method: 'verified', on: '2026-01-31' },
  region: 'DE',
  locale: 'de',
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
const pairs = new Map<ClaimAlgorithm, Pair>();
beforeAll(async () => {
  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const)
    pairs.set(algorithm, await generateKeyPair(algorithm, { extractable: true }));
});

const plain = (said: object, secret: Uint8Array = SECRET, kid = 'plain') => {
  const head = `v1.${kid}.${Buffer.from(JSON.stringify(said)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
};
const signed = (
  said: object,
  algorithm: ClaimAlgorithm = 'HS256',
  { kid = algorithm, key }: { kid?: string; key?: Pair['privateKey'] | Uint8Array } = {},
) => new SignJWT({ ...said }).setProtectedHeader({ alg: algorithm, kid }).sign(key ?? pairs.get(algorithm)?.privateKey ?? SECRET);
const raw = (header: object, said: object, signature = '') =>
  `${[header, said].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${signature}`;

describeEachDatabase('what a platform says of its users', (open, kind) => {
  async function shop(rules: object = {}) {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    const clock = { now: NOW };
    await putApplication(db, { id: 'shop', name: 'Shop', surfaces: null, claims: claimRules.parse(rules), stopped: false, by: 'local' });
    const common = { application: 'shop', expiresAt: null, by: 'local' };
    const add = async (kid: string, algorithm: ClaimAlgorithm, secret?: Buffer) => {
      const pair = pairs.get(algorithm);
      const material =
        pair === undefined ? { secret: (secret ?? SECRET).toString('base64url') } : { publicJwk: { ...(await exportJWK(pair.publicKey)) } };
      const { row } = await prepareClaimKey({ ...common, kid, algorithm, ...material }, evidence);
      expect(await insertClaimKey(db, row)).toBe(true);
    };
    await add('plain', 'HMAC');
    for (const algorithm of ['HS256', 'RS256', 'ES256', 'EdDSA'] as const) await add(algorithm, algorithm);
    const reader = createClaimReader({ db, evidence, cacheMs: 1000, now: () => clock.now });
    const refused = async (header: string | Promise<string>) => {
      try {
        await reader.read(WHERE, await header);
        return 'believed';
      } catch (error) {
        expect(error).toMatchObject({ code: 'USER_CLAIM_INVALID' });
        return error instanceof Error ? error.message : '';
      }
    };
    return { db, evidence, clock, reader, refused };
  }

  it('is believed when a key of the application signed it, in each form', async () => {
    const { reader } = await shop();
    const user = {
      id: 'pseudonym-1',
      tier: 'verified',
      verified: true,
      age: { over: 18, method: 'verified', on: new Date('2026-01-31') },
      region: 'DE',
      locale: 'de',
    };
    for (const algorithm of ['HS256', 'RS256', 'ES256', 'EdDSA'] as const) {
      expect((await reader.read(WHERE, await signed(SAID, algorithm))).user, algorithm).toEqual(user);
    }
    expect((await reader.read(WHERE, plain(SAID))).user).toEqual(user);
  });

  it('may be nothing: then nobody is known, and where something must be said, that is known', async () => {
    expect(await (await shop()).reader.read(WHERE, undefined)).toEqual({});
    expect(await (await shop({ required: true })).reader.read(WHERE, undefined)).toEqual({ isMissing: true });
  });

  it('is for one request, which may be tried again; for another it is refused', async () => {
    const { reader } = await shop();
    const { toUse } = await reader.read(WHERE, await signed(SAID));
    if (toUse === undefined) throw new Error('nothing to use up');
    await reader.use(toUse, 'digest of the body');
    await reader.use(toUse, 'digest of the body');
    await expect(reader.use(toUse, 'digest of another')).rejects.toMatchObject({ code: 'USER_CLAIM_INVALID' });
    const other = await reader.read(WHERE, await signed({ ...SAID, jti: 'claim-0002' }));
    if (other.toUse !== undefined) await reader.use(other.toUse, 'digest of another');
  });

  it('for one request is believed no longer than its answer is given again, whatever the application wishes', async () => {
    const old = plain({ ...SAID, iat: AT - 841, exp: AT + 3_600 });
    const { refused } = await shop({ maxAgeSeconds: 86_400 });
    expect(await refused(old)).toContain('older than 780');
    const many = await shop({ maxAgeSeconds: 86_400, use: 'until-expiry' });
    expect(await many.refused(old)).toBe('believed');
  });

  it('is for many requests where the application says so', async () => {
    const { reader } = await shop({ use: 'until-expiry' });
    const { jti: _jti, ...without } = SAID;
    expect((await reader.read(WHERE, await signed(without))).toUse).toBeUndefined();
  });

  it('is remembered as long as anybody would believe it, and no longer', async () => {
    const { db, reader } = await shop();
    const { toUse } = await reader.read(WHERE, await signed(SAID));
    expect(toUse?.until.getTime()).toBe(NOW + 420_000);
    await db.query({ text: `insert into used_claims values ('shop', '\\x00', 'x', clock_timestamp() - interval '1 second')` });
    await reader.tidy();
    expect((await db.query({ text: 'select * from used_claims' })).rows).toEqual([]);
  });

  it('stops being believed within a second of the revocation of its key', async () => {
    const { db, clock, refused } = await shop();
    expect(await refused(signed(SAID))).toBe('believed');
    expect(await revokeClaimKey(db, { application: 'shop', kid: 'HS256' })).toBe(true);
    clock.now += 1000;
    expect(await refused(signed(SAID))).toContain('unknown, expired or revoked');
  });

  it('opens nothing for an application that is stopped, or on a surface that it has not', async () => {
    const { db, reader, clock } = await shop();
    const wish = { id: 'shop', name: 'Shop', claims: claimRules.parse({}), by: 'local' };
    await putApplication(db, { ...wish, surfaces: ['app'], stopped: false });
    await expect(reader.read(WHERE, undefined)).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
    await putApplication(db, { ...wish, surfaces: null, stopped: true });
    clock.now += 1000;
    await expect(reader.read(WHERE, undefined)).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
  });

  describe.skipIf(kind === 'postgres')('is refused, and says why, when', () => {
    it('it is forged, altered, or signed by another', async () => {
      const { refused } = await shop();
      const good = await signed(SAID);
      const [head = '', body = '', signature = ''] = good.split('.');
      const paid = Buffer.from(JSON.stringify({ ...SAID, tier: 'paid' })).toString('base64url');
      const stranger = await generateKeyPair('RS256');
      for (const forged of [
        `${head}.${paid}.${signature}`,
        `${head}.${body}.`,
        `${head}.${body}.${signature.slice(0, -2)}AA`,
        await signed(SAID, 'RS256', { key: stranger.privateKey }),
        await signed(SAID, 'HS256', { key: Buffer.alloc(32, 'x') }),
        plain(SAID, Buffer.alloc(32, 'x')),
        plain(SAID).replace(/\.[\w-]{43}$/, `.${'A'.repeat(43)}`),
      ]) {
        expect(await refused(forged)).toContain('signature');
      }
    });

    it('it confuses algorithms: none, a public key as a secret, a key of another kind', async () => {
      const { refused } = await shop();
      const pem = Buffer.from(JSON.stringify(await exportJWK(pairs.get('RS256')?.publicKey ?? Buffer.alloc(0))));
      for (const confused of [
        raw({ alg: 'none', kid: 'HS256' }, SAID),
        raw({ alg: 'NONE', kid: 'RS256' }, SAID, 'x'),
        await signed(SAID, 'HS256', { kid: 'RS256', key: pem }),
        await signed(SAID, 'HS256', { kid: 'plain' }),
        plain(SAID, SECRET, 'HS256'),
        raw({ alg: 'HS384', kid: 'HS256' }, SAID, 'AAAA'),
      ]) {
        expect(await refused(confused)).toContain('signs with');
      }
      expect(await refused(raw({ alg: 'HS256', kid: 'HS256', crit: ['b64'], b64: false }, SAID, 'AAAA'))).toContain('signature');
      expect(await refused(raw({ alg: 'HS256', kid: '../HS256' }, SAID, 'AAAA'))).toContain('"kid"');
      expect(await refused(raw({ alg: 'HS256' }, SAID, 'AAAA'))).toContain('"kid"');
    });

    it('what it says does not hold here and now', async () => {
      const { refused } = await shop();
      const wrong: [string, object, string][] = [
        ['it expired', { exp: AT - 61 }, 'expired'],
        ['it is from the future', { iat: AT + 61 }, 'clocks'],
        ['it is not yet valid', { nbf: AT + 61 }, 'clocks'],
        ['it is old, though it says that it lives for years', { iat: AT - 661, exp: AT + 1e9 }, 'older than 600'],
        ['it is for somebody else', { aud: 'another-gateway' }, '"aud"'],
        ['another application issued it', { iss: 'bank' }, '"iss"'],
        ['it could be used again and again', { jti: undefined }, '"jti"'],
        ['it names nobody', { sub: '' }, 'sub'],
        ['it names somebody endlessly', { sub: 'x'.repeat(257) }, 'sub'],
        ['its tier is none of ours', { tier: 'emperor' }, 'tier'],
        ['its age is no number', { age: { over: '18', method: 'verified', on: '2026-01-01' } }, 'age'],
        ['its age was assured on a day that no month has', { age: { over: 18, method: 'verified', on: '2026-02-31' } }, 'age'],
        ['its age was assured in years to come', { age: { over: 18, method: 'verified', on: '2099-01-01' } }, 'age'],
        ['its age was assured on no day', { age: { over: 18, method: 'verified', on: '2026-02-31T' } }, 'age'],
        ['its times are no numbers', { exp: 'never' }, 'exp'],
        ['its region is a sentence', { region: 'somewhere nice' }, 'region'],
      ];
      for (const [title, change, why] of wrong) expect(await refused(plain({ ...SAID, ...change })), title).toContain(why);
      for (const change of [{ exp: AT - 59 }, { iat: AT + 59 }, { nbf: AT + 59 }, {}]) {
        expect(await refused(plain({ ...SAID, ...change })), 'clocks differ by a minute').toBe('believed');
      }
    });

    it('it is too long, or no claim at all', async () => {
      const { refused } = await shop();
      expect(await refused('x'.repeat(4097))).toContain('4096');
      expect(await refused(plain({ ...SAID, more: 'x'.repeat(4000) }))).toContain('4096');
      for (const junk of ['', '.', '..', 'v1.', 'v1.plain', 'Bearer x', 'null', `${plain(SAID)}, ${plain(SAID)}`])
        expect(await refused(junk)).not.toBe('believed');
    });

    it('the application has no keys, or there is no such application', async () => {
      const { reader } = await shop();
      await expect(reader.read({ ...WHERE, application: 'nobody' }, plain(SAID))).rejects.toMatchObject({ code: 'USER_CLAIM_INVALID' });
    });
  });

  it.skipIf(kind === 'postgres')('takes no key that is weak, private, or of another kind than it says', async () => {
    const evidence = memoryEvidence();
    const common = { application: 'shop', kid: 'k', expiresAt: null, by: 'local' };
    const secretKey = { ...(await exportJWK(pairs.get('ES256')?.privateKey ?? SECRET)) };
    const publicKey = { ...(await exportJWK(pairs.get('ES256')?.publicKey ?? SECRET)) };
    const short = { kty: 'RSA', n: Buffer.alloc(128, 0xc1).toString('base64url'), e: 'AQAB' };
    for (const wish of [
      { algorithm: 'HS256' as const, secret: Buffer.alloc(31).toString('base64url') },
      { algorithm: 'HMAC' as const, publicJwk: publicKey },
      { algorithm: 'ES256' as const, publicJwk: secretKey },
      { algorithm: 'ES256' as const, secret: SECRET.toString('base64url') },
      { algorithm: 'EdDSA' as const, publicJwk: publicKey },
      { algorithm: 'RS256' as const, publicJwk: short },
      { algorithm: 'RS256' as const },
    ]) {
      await expect(prepareClaimKey({ ...common, ...wish }, evidence), JSON.stringify(wish)).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    }
    const { row, secret } = await prepareClaimKey({ ...common, algorithm: 'HS256' }, evidence);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(row.sealedSecret ?? []).includes(Buffer.from(secret ?? '', 'base64url'))).toBe(false);
  });
});
