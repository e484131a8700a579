import { describe, expect, it } from '@jest/globals';
import { given } from '#domain/testing/given';
import { COMMANDS } from '#domain/testing/pairs';
import {
  accessOn,
  approved,
  catalogue,
  entered,
  requested,
  samsVisit,
  samsWish,
  startedOnGrant,
  workspaceOpen,
} from '#domain/testing/story';
import { leftBehind } from './left-behind.ts';

const pages = Object.values(catalogue.pages);

describe('More time for a visit that may open what is sensitive', () => {
  it('is asked for without the pages that the page names, and with all others (S4-21)', () => {
    const wanted = {
      ...samsWish,
      action: null,
      pages: ['dashboard', 'customer', 'team'],
      can: ['open Dashboard', 'open Customer', 'open Team'],
    };
    const past = [
      ...[...workspaceOpen, accessOn(), '10:00', requested({ kind: 'sensitive entry', wanted })],
      ...[approved({ granted: wanted }), startedOnGrant({ ...wanted, action: null }), entered()],
    ];
    const more = { ...COMMANDS.RequestAccess, kind: 'extension', caseId: null, caseRef: null, action: null } as const;
    const [fact] = given(past).when({ ...more, extends: samsVisit }, { at: '10:01' }).decision.facts;
    if (fact?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const without = leftBehind(wanted.can, pages).map((label) => `open ${label}`);
    expect(without).toEqual(['open Customer']);
    expect(fact.data.wanted.can).toEqual(wanted.can.filter((phrase) => !without.includes(phrase)));
  });

  it('leaves nothing behind where nothing sensitive is open', () => {
    expect(leftBehind(['open Dashboard', 'open Customers'], pages)).toEqual([]);
  });
});
