import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../../../outbound/outbound.ts';
import { der, derOid, readDer, TAG } from '../der.ts';
import { openAuthority } from './authority.fixture.ts';
import { checkTimestampResponse } from './check-response.ts';
import { TimestampFault } from './timestamp-fault.ts';
import { createTimestampRequest } from './timestamp-request.ts';
import { createTimestamper, type TimestamperOptions } from './timestamper.ts';

const MESSAGE = Buffer.from('what is to be stamped');
const outbound = createOutbound();
let tsa: Awaited<ReturnType<typeof openAuthority>>;
let stranger: Awaited<ReturnType<typeof openAuthority>>;
let anchors: readonly X509Certificate[];

beforeAll(async () => {
  [tsa, stranger] = await Promise.all([openAuthority(), openAuthority()]);
  anchors = [new X509Certificate(tsa.issued.anchorPem)];
});
afterEach(() => tsa.behave());
afterAll(() => Promise.all([tsa.close(), stranger.close(), outbound.close()]));

function timestamper(more: Partial<TimestamperOptions> = {}) {
  return createTimestamper({ authorities: [{ url: tsa.url, timeoutMs: 5_000 }], anchors, outbound, ...more });
}

async function faultOf(more: Partial<TimestamperOptions> = {}) {
  const stamped = await timestamper(more).stamp(MESSAGE);
  return stamped.kind === 'missing' ? stamped.faults.map(({ fault }) => fault) : 'stamped';
}

describe('a time-stamp authority', () => {
  it('that answers well gives a token of now, and how large tokens are is known from then on', async () => {
    const stamps = timestamper();
    const before = stamps.tokenBytes();
    const stamped = await stamps.stamp(MESSAGE);
    if (stamped.kind !== 'stamped') throw new Error(JSON.stringify(stamped));
    expect(Math.abs(stamped.at.getTime() - Date.now())).toBeLessThan(5_000);
    expect(stamped.authority).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(readDer(stamped.token, TAG.sequence).raw).toEqual(stamped.token);
    expect(before).toBeGreaterThan(8_000);
    expect(stamps.tokenBytes() - stamped.token.length).toBe(24);
  });

  it('that is down is named unreachable, and the next one is asked', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const down = { url: `http://127.0.0.1:${port}/`, timeoutMs: 500 };
    expect(await faultOf({ authorities: [down] })).toEqual(['unreachable']);
    const heard: string[] = [];
    const stamped = await timestamper({
      authorities: [down, { url: tsa.url, timeoutMs: 5_000 }],
      onAnswer: (_, outcome) => heard.push(outcome),
    }).stamp(MESSAGE);
    expect(stamped.kind).toBe('stamped');
    expect(heard).toEqual(['unreachable', 'stamped']);
  });

  it('that is slow is given up at its time-out', async () => {
    tsa.behave(() => undefined);
    const start = performance.now();
    expect(await faultOf({ authorities: [{ url: tsa.url, timeoutMs: 150 }] })).toEqual(['timed-out']);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('that sends a web page, nothing, or an error is not believed', async () => {
    tsa.behave((_, response) => response.end('<html><body>Sign in</body></html>'));
    expect(await faultOf()).toEqual(['not-a-response']);
    tsa.behave((_, response) => response.end());
    expect(await faultOf()).toEqual(['not-a-response']);
    tsa.behave((_, response) => response.writeHead(500).end());
    expect(await faultOf()).toEqual(['http-status']);
    tsa.behave((_, response) => response.end(Buffer.alloc(20_000, 0x30)));
    expect(await faultOf()).toEqual(['not-a-response']);
  });

  it('that refuses is quoted with its status', async () => {
    const rejection = der(TAG.sequence, der(TAG.sequence, der(TAG.integer, Uint8Array.of(2))));
    tsa.behave((_, response) => response.end(rejection));
    const stamped = await timestamper().stamp(MESSAGE);
    expect(stamped).toMatchObject({ kind: 'missing', faults: [{ fault: 'refused', detail: 'refused: status 2' }] });
  });

  it('that answers an older query of ours is caught by the nonce', async () => {
    const older = await tsa.reply(Buffer.from(createTimestampRequest(MESSAGE).der));
    tsa.behave((_, response) => response.end(older));
    expect(await faultOf()).toEqual(['wrong-nonce']);
  });

  it('that stamps something else is caught by the imprint', async () => {
    tsa.behave(async (_, response, reply) => response.end(await reply(await tsa.otherQuery())));
    expect(await faultOf()).toEqual(['wrong-imprint']);
  });

  it('that is somebody else with sound papers is not trusted', async () => {
    tsa.behave(async (query, response) => response.end(await stranger.reply(query)));
    expect(await faultOf()).toEqual(['untrusted']);
  });

  it('whose clock is wrong is not believed', async () => {
    expect(await faultOf({ clock: () => new Date(Date.now() + 3_600_000) })).toEqual(['wrong-clock']);
    expect(await faultOf({ clock: () => new Date(Date.now() - 3_600_000) })).toEqual(['wrong-clock']);
  });

  it('that failed three times is left alone, and no space is kept for its tokens meanwhile', async () => {
    tsa.behave((_, response) => response.writeHead(503).end());
    const stamps = timestamper();
    for (let i = 0; i < 3; i++) await stamps.stamp(MESSAGE);
    const asked = tsa.asked();
    expect(stamps.tokenBytes()).toBe(0);
    expect(await stamps.stamp(MESSAGE)).toMatchObject({ faults: [{ fault: 'resting' }] });
    expect(tsa.asked()).toBe(asked);
  });
});

describe('an answer of an authority', () => {
  it('with any byte changed is refused, or says the very same', async () => {
    const request = createTimestampRequest(MESSAGE);
    const good = await tsa.reply(Buffer.from(request.der));
    const trust = { anchors, maxClockSkewMs: 60_000, now: new Date() };
    const { at } = checkTimestampResponse(good, request, trust);
    const accepted: number[] = [];
    for (let i = 0; i < good.length; i++) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(i) ^ 0x41, i);
      try {
        expect(checkTimestampResponse(bad, request, trust).at).toEqual(at);
        accepted.push(i);
      } catch (error) {
        expect(error).toBeInstanceOf(TimestampFault);
      }
    }
    // The copy of the anchor is not used at all; beside it few bytes are covered by no signature: version numbers, the list of digests.
    const spare = new X509Certificate(tsa.issued.anchorPem).raw;
    const start = good.indexOf(spare);
    expect(start).toBeGreaterThan(0);
    expect(accepted.filter((i) => i < start || i >= start + spare.length).length).toBeLessThan(24);
  });

  it('that is cut short anywhere is refused', async () => {
    const request = createTimestampRequest(MESSAGE);
    const good = await tsa.reply(Buffer.from(request.der));
    const trust = { anchors, maxClockSkewMs: 60_000, now: new Date() };
    for (let length = 0; length < good.length; length++) {
      expect(() => checkTimestampResponse(good.subarray(0, length), request, trust)).toThrow(TimestampFault);
    }
  });

  it('with a length that promises gigabytes costs nothing', () => {
    const bomb = Buffer.from('3083ffffff3083ffffff', 'hex');
    expect(() => checkTimestampResponse(bomb, createTimestampRequest(MESSAGE), { anchors, maxClockSkewMs: 1, now: new Date() })).toThrow(
      TimestampFault,
    );
    const many = der(TAG.sequence, ...Array.from({ length: 300 }, () => derOid('1.2')));
    expect(() => checkTimestampResponse(many, createTimestampRequest(MESSAGE), { anchors, maxClockSkewMs: 1, now: new Date() })).toThrow(
      TimestampFault,
    );
  });
});
