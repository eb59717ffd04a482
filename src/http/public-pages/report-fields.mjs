// What each step of a report needs before the next one.

const isUrl = (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text);

/** The first problem of a step, as a field and a sentence, or null. */
export function problemIn(step, { values, words, kinds }) {
  return STEPS[step]({ values, words, kind: kinds[values.kind] });
}

const STEPS = [
  ({ values, words }) => {
    if (values.kind === '') return { field: 'kind', sentence: words.needed };
    if (values.urls.some((url) => !isUrl(url))) return { field: 'urls', sentence: words.badUrl };
    if (values.urls.length === 0 && values.hash === null && values.file === null) return { field: 'urls', sentence: words.needsWhere };
    return values.description === '' ? { field: 'description', sentence: words.needed } : null;
  },
  ({ values, words, kind }) => {
    if (kind.needsRelation && values.relation === '') return { field: 'relation', sentence: words.needed };
    if (!kind.mayBeAnonymous && values.name === '') return { field: 'name', sentence: words.needed };
    if (!kind.mayBeAnonymous && values.email === '') return { field: 'email', sentence: words.needed };
    return values.email !== '' && !isEmail(values.email) ? { field: 'email', sentence: words.badEmail } : null;
  },
  ({ values, words, kind }) => {
    if (!values.good_faith) return { field: 'good_faith', sentence: words.needed };
    return !kind.mayBeAnonymous && values.signature === '' ? { field: 'signature', sentence: words.needed } : null;
  },
];
