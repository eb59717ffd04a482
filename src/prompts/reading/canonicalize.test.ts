import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from './canonicalize.ts';

const read = (text: string) => canonicalize(text).text;

describe('undoing tricks', () => {
  it.each([
    ['mixed scripts', 'рurрlе tеароt', 'purple teapot'],
    ['words wholly of look-alikes among Latin words', 'a ѕосk on a сар', 'a sock on a cap'],
    ['Cherokee and Greek capitals', 'ᏢURΡLE', 'purple'],
    ['full width', 'ｐｕｒｐｌｅ', 'purple'],
    ['mathematical letters and Fraktur', '𝓹𝓾𝓻𝓹𝓵𝓮 𝔭𝔲𝔯𝔭𝔩𝔢', 'purple purple'],
    ['circles, squares and flags', 'ⓟⓤⓡⓟⓛⓔ 🅿🆄🆁🅿🅻🅴 🇵🇺🇷🇵🇱🇪', 'purple purple purple'],
    ['stroke letters', 'ƥᵾɍꝑłɇ', 'purple'],
    ['invisible characters', 'p\u200bu\u{e0041}r\ufe0fp\u00adl\u2060e', 'purple'],
    ['stacked marks', 'p̴̧̛u̵̢r̷p̸l̶e̷', 'purple'],
    ['digits for letters', 'purp1e t3ap0t', 'purple teapot'],
    ['signs for letters', 'purple te@pot', 'purple teapot'],
    ['letters drawn with signs', '|_|mbrella /\\pple |-|ouse', 'umbrella apple house'],
    ['stretched letters', 'puuurple teapooot', 'purple teapot'],
    ['every letter doubled', 'ppuurrppllee', 'purple'],
    ['dots', 'p.u.r.p.l.e', 'purple'],
    ['emoji between letters', 'p🔥u🔥r🔥p🔥l🔥e', 'purple'],
    ['one sign in a word', 'pur-ple flow_er', 'purple flower'],
    ['letters with wider gaps between words', 'p u r p l e  t e a p o t', 'purple teapot'],
    ['letters with the same gaps everywhere', 'a p u r p l e t e a p o t', 'a purple teapot'],
    ['half of the words spaced', 'a p u r p l e teapot on a t a b l e', 'a purple teapot on a table'],
    ['spaced letters around an apostrophe', "t h e   m a n ' s   t e a p o t", 'the man s teapot'],
    ['spaced letters around a dash', 'a   w e l l - m a d e   t a b l e', 'a well made table'],
    ['signs for first and last letters', '+h€r€ !$ a p@!n+!ng of +r€€$', 'there is a painting of trees'],
    ['digits for short words', '7h15 15 4 50f4 47 7h3 74bl3', 'this is a sofa at the table'],
    ['spaced words of no language', 'b l o r f t   p u r p l e   w u b b l y   g r o n t   f l i m p', 'blorft purple wubbly gront flimp'],
    ['a number among spaced letters', '9  y e a r s  o l d', '9 years old'],
    ['words run together', 'apurpleteapotonawoodentable', 'a purple teapot on a wooden table'],
    ['words cut apart', 'a pur ple flo wer on a wo oden ta ble', 'a purple flower on a wooden table'],
    ['words backwards', 'a elprup topaet no a nedoow elbat', 'a purple teapot no a wooden table'],
    ['an override of direction', '\u202etopaet elprup\u202c on a table', 'purple teapot on a table'],
    ['dropped letters', 'a prple tepot on a wooden tble', 'a purple teapot on a wooden table'],
    ['swapped letters', 'a puprle tepaot on a woodne talbe', 'a purple teapot on a wooden table'],
    ['masked letters', 'a p*rple t**pot', 'a purple teapot'],
    ['HTML, URL and source escapes', '&#112;urple %74eapot \\u0074able &#x62;owl', 'purple teapot table bowl'],
    ['base64', Buffer.from('a purple teapot').toString('base64'), 'a purple teapot'],
    ['an encoding in an encoding', encodeURIComponent(Buffer.from('a %70urple teapot').toString('base64')), 'a purple teapot'],
    ['ROT13', 'n checyr grncbg ba n jbbqra gnoyr', 'a purple teapot on a wooden table'],
  ])('undoes %s', (_, text, plain) => expect(read(text)).toBe(plain));

  it('says which tricks it undid, and where', () => {
    const text = 'a t3apot, p.u.r.p.l.e';
    const { tricks, words } = canonicalize(text);
    expect(tricks.map(({ kind, span }) => [kind, text.slice(span.start, span.end)])).toEqual([
      ['leetspeak', 't3apot'],
      ['punctuation', 'p.u.r.p.l.e'],
    ]);
    expect(words.map(({ undone }) => undone)).toEqual([false, true, true]);
  });
});

describe('leaving honest text alone', () => {
  it.each([
    'рот сон кот',
    'красный чайник на столе',
    'κόκκινο τσαγιερό',
    'zażółć gęślą jaźń',
    'một ấm trà màu tím trên bàn gỗ',
    "assassin's creed, e-girl in a t-shirt, x-ray and/or w/o",
    '4k 8k 50mm f/1.8 1950s 12yo 2nd r2d2',
    'Henry VIII and King Charles III',
    'J. R. R. Tolkien in the U.S.',
    '紫色的茶壶、木桌上。',
    'กาน้ำชาสีม่วงบนโต๊ะไม้',
    'إبريق شاي أرجواني',
    'बैंगनी चायदानी',
  ])('undoes nothing in "%s"', (text) => expect(canonicalize(text).tricks).toEqual([]));
});

const TRICKY = fc.constantFrom(
  ...'a,n,u,d,e,.,-,_,*,@,$,!,|,3,0,1,6,з,а,п,ρ,И,і, ,  ,\n,\u200b,\u202e,\u202c,\u0336,%70,&#x6e;,\\u0064,dnemow,purple,elprup,pur,ple,grncbg,teapotonatable,wo,oden'.split(
    ',',
  ),
  ',',
  '🇵',
  'ｕ',
  '𝓷',
  '青',
  'กา',
  '\ud800',
  'ǆ',
  'ﷺ',
  '㏠',
  Buffer.from('a purple teapot').toString('base64'),
);

describe('the canonical view of any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.array(TRICKY, { maxLength: 40 }).map((parts) => parts.join('')),
  );

  it('stays the same when it is read again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = read(text);
        expect(read(once)).toBe(once);
      }),
      { numRuns: 4000 },
    );
  });

  it('places every word and trick inside the text of the user', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { words, tricks } = canonicalize(text);
        for (const { span } of [...words, ...tricks]) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile sizes', () => {
  const nested = () => {
    let text = 'a purple teapot';
    for (let layer = 0; layer < 12; layer++) text = Buffer.from(text).toString('base64');
    return text;
  };

  it.each([
    ['1 MB of prose', 'a purple teapot on a table. '.repeat(37_500)],
    ['1 MB of one letter', 'x'.repeat(1_000_000)],
    ['1 MB of spaced letters', 'p '.repeat(500_000)],
    ['1 MB of dotted letters', 'p.u.r.'.repeat(166_000)],
    ['1 MB of letter signs', '5e!$'.repeat(250_000)],
    ['1 MB of escapes', '%25'.repeat(333_000)],
    ['1 MB of base64', `${Buffer.from('purple teapot').toString('base64')} `.repeat(50_000)],
    ['10,000 combining marks', `te${'\u0301'.repeat(10_000)}apot`],
    ['lone surrogates', '\ud800\udfff\ud800'.repeat(50_000)],
    ['twelve layers of base64', nested()],
  ])('reads %s in bounded time', { timeout: 30_000 }, (_, text) => {
    const startedAt = performance.now();
    canonicalize(text);
    // Quadratic work would take hours.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});
