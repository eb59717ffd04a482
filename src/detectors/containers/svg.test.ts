import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { svg } from '../pictures.fixture.ts';
import { readContainer } from './read-container.ts';

const codesOf = (bytes: Uint8Array) => {
  const container = readContainer(bytes);
  return container.kind === 'sound' ? [] : container.problems.map(({ severity, code }) => `${severity}:${code}`);
};
const reportOf = (bytes: Uint8Array) => {
  const container = readContainer(bytes);
  return container.kind === 'sound' ? container.report : undefined;
};

describe('drawings (SVG)', () => {
  it.each([
    ['shapes', '<rect width="5" height="5" fill="#f00"/>'],
    ['gradients by reference', '<defs><linearGradient id="g"><stop/></linearGradient></defs><circle r="5" fill="url(#g)"/>'],
    ['reuse', '<path id="p" d="M0 0L5 5"/><use href="#p"/>'],
    ['styles', '<style>.a{fill:red;transform:rotate(4deg)}</style><rect class="a"/>'],
    ['an inline picture', '<image href="data:image/png;base64,iVBORw0KGgo="/>'],
    ['editor data', '<metadata><rdf:RDF xmlns:rdf="http://x/"/></metadata>'],
    ['a comment', '<!-- <script> -->'],
  ])('lets %s pass', (_, inner) => expect(codesOf(svg(inner))).toEqual([]));

  it.each([
    ['script', '<script>1</script>', 'svg_script'],
    ['script under another prefix', '<x:script xmlns:x="http://www.w3.org/2000/svg">1</x:script>', 'svg_script'],
    ['SCRIPT in capitals', '<SCRIPT>1</SCRIPT>', 'svg_script'],
    ['an event handler', '<rect onload="1"/>', 'svg_event_handler'],
    ['a link that runs script', '<a href="javascript:1"><rect/></a>', 'svg_script'],
    ['the same, spelled with references and tabs', '<a href="&#x6a;ava&#9;script:1"><rect/></a>', 'svg_script'],
    ['foreign content', '<foreignObject><p/></foreignObject>', 'svg_foreign_content'],
    ['a picture from elsewhere', '<image href="http://example.test/a.png"/>', 'svg_external_reference'],
    ['a picture from disk', '<image xlink:href="file:///etc/hostname"/>', 'svg_external_reference'],
    ['a protocol-relative picture', '<image href="//example.test/a.png"/>', 'svg_external_reference'],
    ['a font from elsewhere', '<style>@font-face{src:url(http://example.test/f)}</style>', 'svg_external_reference'],
    ['an import', '<style>@import "http://example.test/a.css";</style>', 'svg_external_reference'],
    ['an import in CDATA', '<style><![CDATA[@im/**/port "x"; @import "x";]]></style>', 'svg_external_reference'],
    ['an import cut in two by a comment', '<style>@im<!-- -->port "x";</style>', 'svg_external_reference'],
    ['an import cut in two by CDATA', '<style>@im<![CDATA[port "x";]]></style>', 'svg_external_reference'],
    ['elements inside a style', '<style>@im<g/>port "x";</style>', 'svg_foreign_content'],
    ['an escaped url()', '<rect style="fill:\\75rl(http://example.test)"/>', 'svg_external_reference'],
    ['url() in an attribute', '<rect filter="url( \'http://example.test/#f\' )"/>', 'svg_external_reference'],
    ['a nested SVG as data', '<image href="data:image/svg+xml;base64,PHN2Zz4="/>', 'svg_data_uri'],
  ])('refuses %s', (_, inner, code) => expect(codesOf(svg(inner))).toEqual([`hostile:${code}`]));

  it('refuses entity declarations and a plain doctype', () => {
    const body = '<svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>';
    expect(codesOf(Buffer.from(`<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>${body}`))).toEqual(['hostile:svg_entities']);
    expect(codesOf(Buffer.from(`<!DOCTYPE svg>${body}`))).toEqual(['malformed:svg_doctype']);
  });

  it('refuses style sheets from elsewhere, other encodings, deep nesting and cut-off text', () => {
    const body = svg('<rect/>').toString();
    expect(codesOf(Buffer.from(`<?xml-stylesheet href="http://example.test/a"?>${body}`))).toEqual(['hostile:svg_external_reference']);
    expect(codesOf(Buffer.from(`<?xml version="1.0" encoding="utf-7"?>${body}`))).toEqual(['hostile:svg_encoding']);
    expect(codesOf(svg(`${'<g>'.repeat(300)}${'</g>'.repeat(300)}`))).toEqual(['hostile:svg_too_complex']);
    expect(codesOf(Buffer.from(body.slice(0, -3)))).toEqual(['malformed:truncated']);
    expect(codesOf(svg('<animate attributeName="x"/>'))).toEqual(['malformed:svg_animation']);
  });

  it('reads size and words', () => {
    expect(reportOf(svg('<text>a teapot</text>'))).toMatchObject({ widthPx: 32, heightPx: 24, texts: ['a teapot'] });
    expect(reportOf(svg('', 'viewBox="0 0 64 48"'))).toMatchObject({ widthPx: 64, heightPx: 48 });
    expect(reportOf(svg('', 'width="100%"'))).toMatchObject({ widthPx: 300, heightPx: 150 });
    expect(codesOf(svg('', 'width="100000" height="100000"'))).toEqual(['hostile:decompression_bomb']);
  });

  it('reads UTF-16 with its mark', () => {
    const utf16 = Buffer.from(`\ufeff${svg('<script/>').toString()}`, 'utf16le');
    expect(codesOf(utf16)).toEqual(['hostile:svg_script']);
  });

  it('never throws and never hangs, whatever is between the tags', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      '<g',
      '</g>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&#x41;',
      'a',
      ' ',
      'url(',
      ')',
      '@',
      '\\',
      '<?',
      '?>',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        expect(['sound', 'refused']).toContain(readContainer(svg(parts.join(''))).kind);
      }),
    );
    const startedAt = Date.now();
    for (const unit of ['<a ', '<a b="', 'url(', '<![CDATA[', '<!--', '&', '/*', '<?'])
      readContainer(svg(`<style>${unit.repeat(300_000 / unit.length)}`));
    readContainer(svg(`<style>${'url(#a)'.repeat(40_000)}</style>`));
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
