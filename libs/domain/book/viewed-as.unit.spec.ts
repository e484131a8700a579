import { describe, expect, it } from '@jest/globals';
import { bookOf } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  approved,
  ended,
  entered,
  maria,
  priya,
  requested,
  startedOnGrant,
  workspaceOpen,
} from '../testing/story.ts';
import { viewedAsBy } from './viewed-as.ts';

describe('As whom somebody looks who is refused something', () => {
  const as = { viewAs: maria.memberId };
  const inside = [
    ...workspaceOpen,
    accessOn(),
    requested(as),
    approved(),
    startedOnGrant({ viewedAs: as.viewAs }),
    entered(),
  ];

  it('is told of whoever is in the visit, and of nobody else (S1-4)', () => {
    const book = bookOf(inside);
    expect(viewedAsBy(book, COMMANDS.ViewPage)).toBe(maria.memberId);
    expect(viewedAsBy(book, COMMANDS.PerformAction)).toBe(maria.memberId);
    expect(viewedAsBy(book, { ...COMMANDS.ViewPage, staffId: priya })).toBeNull();
    expect(viewedAsBy(book, { ...COMMANDS.ViewPage, sessionId: 'ses_second' })).toBeNull();
    // The owner ends it, and looks as nobody.
    expect(viewedAsBy(book, COMMANDS.EndSession)).toBeNull();
  });

  it('is nobody where the visit is as support, or over', () => {
    expect(
      viewedAsBy(bookOf([...workspaceOpen, accessOn(), requested(), approved(), startedOnGrant()]), COMMANDS.ViewPage),
    ).toBeNull();
    expect(viewedAsBy(bookOf([...inside, ended('exited', '10:00:20')]), COMMANDS.ViewPage)).toBeNull();
  });
});
