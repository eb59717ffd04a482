import type { ManifestCounts } from './record.ts';

const TYPES: Readonly<Record<string, string>> = {
  path: 'sc:Text',
  decision: 'sc:Text',
  reasons: 'sc:Text',
  licence: 'sc:Text',
  sha256: 'sc:Text',
  pdq: 'sc:Text',
  format: 'sc:Text',
  width: 'sc:Integer',
  height: 'sc:Integer',
  bytes: 'sc:Integer',
  not_looked: 'sc:Text',
};

/** What the manifest is, for machines: Croissant 1.0 (MLCommons, 2024), a profile of schema.org/Dataset. It describes the table, not the pictures. */
export function croissant(digests: { readonly csv: string; readonly jsonl: string }, { keep, drop, review, skip }: ManifestCounts) {
  const file = (id: string, encodingFormat: string, sha256: string) => ({
    '@type': 'cr:FileObject',
    '@id': id,
    name: id,
    contentUrl: id,
    encodingFormat,
    sha256,
  });
  return {
    '@context': {
      '@language': 'en',
      '@vocab': 'https://schema.org/',
      sc: 'https://schema.org/',
      cr: 'http://mlcommons.org/croissant/',
      dct: 'http://purl.org/dc/terms/',
      conformsTo: 'dct:conformsTo',
      dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
      recordSet: 'cr:recordSet',
      field: 'cr:field',
      source: 'cr:source',
      fileObject: 'cr:fileObject',
      extract: 'cr:extract',
      column: 'cr:column',
      key: 'cr:key',
    },
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'curation-manifest',
    description: `What stays of a training set and why: ${keep} files kept, ${drop} dropped, ${review} for a person to look at, ${skip} not looked at.`,
    distribution: [file('manifest.csv', 'text/csv', digests.csv), file('manifest.jsonl', 'application/jsonlines', digests.jsonl)],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'files',
        name: 'files',
        key: { '@id': 'files/path' },
        field: Object.entries(TYPES).map(([column, dataType]) => ({
          '@type': 'cr:Field',
          '@id': `files/${column}`,
          name: column,
          dataType,
          source: { fileObject: { '@id': 'manifest.csv' }, extract: { column } },
        })),
      },
    ],
  };
}
