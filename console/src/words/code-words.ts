import { ENGLISH, isKey, type Key } from './words.ts';

type Say = (key: Key, values?: Readonly<Record<string, string>>) => string;

/**
 * What a check found, by its code: `face:young`, `lexicon:` and a rule, `metadata:` and another code. The longest beginning with words says it; what
 * follows stands within them. Null where there are no words, such as for a plugin's own code.
 */
export function codeWords(code: string, t: Say): string | null {
  const parts = code.split(':');
  for (let known = parts.length; known > 0; known--) {
    const key = `why.${parts.slice(0, known).join(':')}`;
    if (isKey(key)) return t(key, { what: whatWords(parts.slice(known).join(':'), t) });
  }
  return null;
}

function whatWords(rest: string, t: Say): string {
  const key = [`category.${rest}`, `head.${rest}`].find(isKey);
  return key === undefined ? (codeWords(rest, t) ?? rest) : t(key);
}

/** Rules that a policy makes of its numbers: `threshold:sexual:hold`, `floor:known_bad`, `unlisted:hate:block`. Null for any other. */
export function categoryOfRule(rule: string): string | null {
  const category = /^(?:threshold|floor|unlisted):([\w-]+)/.exec(rule)?.[1] ?? '';
  return isKey(`category.${category}`) ? category : null;
}

/**
 * A rule without a description that the gateway makes itself: a floor of two things, or of a check that could not tell (`failed:nudity`,
 * `failed:coverage:hate`) or did not judge. Null for any other rule.
 */
export function ruleWords(rule: string, t: Say): string | null {
  const own = `rule.${rule}`;
  if (isKey(own)) return t(own);
  const [, how = '', lapsed, check = ''] = /^(failed|abstained):(coverage:)?([\w-]+)$/.exec(rule) ?? [];
  const [key, name] = lapsed === undefined ? [`ruleOf.${how}`, `check.${check}`] : ['ruleOf.lapsed', `category.${check}`];
  return isKey(key) ? t(key, { check: isKey(name) ? t(name) : check }) : null;
}

/** An act of a case's history: `looked:picture`, `decided:block`. Null where there are no words. */
export function actWords(act: string, t: Say): string | null {
  const [, decision] = /^decided:(\w+)$/.exec(act) ?? [];
  const [key, name] = [`act.${act}`, `decision.${decision}`];
  if (isKey(name)) return t('case.decided', { decision: t(name) });
  return isKey(key) ? t(key) : null;
}

/** Why a picture was taken down: a code of the gateway, also `notice-` and what was reported. An operator's own code stays as it is. */
export function takedownWords(reason: string, t: Say): string {
  const key = `takedownReason.${reason}`;
  if (isKey(key)) return t(key);
  const kind = /^notice-([\w-]+)$/.exec(reason)?.[1]?.replaceAll('-', '_');
  const reported = kind === undefined ? undefined : NOTICE_KINDS.find((one) => one.startsWith(`noticeKind.${kind}`));
  return reported === undefined ? reason : t(reported);
}

const NOTICE_KINDS = Object.keys(ENGLISH).filter(isKey);
