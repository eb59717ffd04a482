import { describe, expect, it } from 'vitest';
import { hasRoleClaim, type RoleMapping, rolesFromClaims } from './role-mapping.ts';

const mapping = (claim: string): RoleMapping => ({
  claim,
  map: { reviewers: ['reviewer'], leads: ['senior_reviewer', 'reviewer'], 'a.b': ['auditor'] },
});

describe('the roles of somebody who signs in', () => {
  it.each([
    ['a list', 'groups', { groups: ['leads', 'gardeners'] }, ['reviewer', 'senior_reviewer']],
    ['one word', 'groups', { groups: 'reviewers' }, ['reviewer']],
    ['a path', 'realm_access.roles', { realm_access: { roles: ['a.b'] } }, ['auditor']],
    ['a name with dots', 'https://example.com/roles', { 'https://example.com/roles': ['reviewers'] }, ['reviewer']],
  ])('come from %s', (_title, claim, claims, roles) => {
    expect(rolesFromClaims(claims, mapping(claim))).toEqual(roles);
    expect(hasRoleClaim(claims, mapping(claim))).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a number', { groups: 7 }],
    ['an object', { groups: { reviewers: true } }],
    ['a list of lists', { groups: [['reviewers']] }],
    ['one word with a list inside', { groups: 'reviewers,leads' }],
    ['names of JavaScript', { groups: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] }],
    ['another case', { groups: ['Reviewers', ' reviewers'] }],
  ])('are none where the claim is %s', (_title, claims) => {
    expect(rolesFromClaims(claims, mapping('groups'))).toEqual([]);
    expect(rolesFromClaims(claims, mapping('__proto__.groups'))).toEqual([]);
    expect(rolesFromClaims(claims, mapping('constructor'))).toEqual([]);
  });
});
