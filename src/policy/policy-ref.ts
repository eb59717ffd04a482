import { createHash } from 'node:crypto';
import type { PolicyRef } from '../contracts/decision.ts';
import { type CanonicalJson, canonicalJson } from '../ledger/canonical-json.ts';
import type { PolicyDocument } from './document.ts';

/** Hex digits of the digest in the short form; 48 bits tell any two versions of one policy apart. */
const SHORT_DIGITS = 12;

/**
 * The reference of a policy. The digest covers the canonical JSON (RFC 8785) of the parsed document with its defaults, so
 * comments, key order and spelling of YAML do not matter, and every word that can decide or be quoted does.
 */
export function policyRefOf(document: PolicyDocument): PolicyRef {
  const plain: CanonicalJson = document;
  const digest = createHash('sha256').update(canonicalJson(plain)).digest('hex');
  return { name: document.name, version: document.version, digest: `sha256:${digest}` };
}

/** For headers, rows and screens: `standard@1.0.0+sha256:0123456789ab`. */
export function formatPolicyRef({ name, version, digest }: PolicyRef): string {
  return `${name}@${version}+${digest.slice(0, 'sha256:'.length + SHORT_DIGITS)}`;
}

/** For the ledger: the same with the whole digest. */
export function formatFullPolicyRef({ name, version, digest }: PolicyRef): string {
  return `${name}@${version}+${digest}`;
}
