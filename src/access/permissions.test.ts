import { describe, expect, it } from 'vitest';
import { STAFF_ROLES } from '../contracts/staff-role.ts';
import { mayGive, PERMISSIONS, ROLES, rolesAllow } from './permissions.ts';

describe('the table of roles', () => {
  it('gives each permission to some role, and no role one that does not exist', () => {
    const given = new Set(STAFF_ROLES.flatMap((role) => ROLES[role]));
    expect([...given].sort()).toEqual([...PERMISSIONS].sort());
  });

  it('shows suspected child abuse material to those cleared for it and to nobody else, not even who runs the machine', () => {
    expect(STAFF_ROLES.filter((role) => rolesAllow([role], 'cases.restricted'))).toEqual(['child_safety']);
  });

  it('shows whoever only decides no scores but on the case, on record: they would lead them, and tell a gold case', () => {
    const deciders = STAFF_ROLES.filter((role) => rolesAllow([role], 'cases.decide') && !rolesAllow([role], 'quality.read'));
    expect(deciders.length).toBeGreaterThan(0);
    expect(deciders.filter((role) => rolesAllow([role], 'explanations.read'))).toEqual([]);
  });

  it('has each approval of the board with one role', () => {
    for (const role of ['legal', 'privacy', 'product'] as const) {
      expect(STAFF_ROLES.filter((one) => rolesAllow([one], `approvals.${role}`))).toEqual([role]);
    }
  });

  it('lets nobody give a role that may do what they may not', () => {
    expect(mayGive(['operator'], 'reviewer')).toBe(true);
    expect(mayGive(['operator'], 'child_safety')).toBe(false);
    expect(mayGive(['operator', 'legal'], 'legal')).toBe(true);
    expect(mayGive(['reviewer'], 'senior_reviewer')).toBe(false);
  });

  it('adds up what several roles may, and gives nothing to nobody', () => {
    expect(rolesAllow(['reviewer', 'auditor'], 'audit.read')).toBe(true);
    expect(PERMISSIONS.filter((permission) => rolesAllow([], permission))).toEqual([]);
  });
});
