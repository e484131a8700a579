import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LiveSession } from '../session/live-session.ts';
import { bookOf } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  ended,
  entered,
  maria,
  sam,
  samsVisit,
  started,
  workspaceOpen,
} from '../testing/story.ts';
import { emptyBook } from './book.ts';
import { glanceAtBooks } from './glance.ts';

const inside = bookOf([...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered()]);
const over = bookOf([
  ...[...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered()],
  ...['10:05', accessOffBy(maria, '10:05'), ended('revoked', '10:05')],
]);
const goOn = { type: 'ContinueVisit', sessionId: samsVisit, staffId: sam } as const;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('A glance at books', () => {
  it('gets along with every book and every command', () => {
    const commands = [undefined, goOn, { ...goOn, sessionId: 'ses_none' as const }, { type: 'SettleBook' as const }];
    for (const book of [emptyBook, bookOf(workspaceOpen), inside, over])
      for (const command of commands) expect(glanceAtBooks([book], [command])).not.toBeNaN();
    expect(glanceAtBooks([], [])).toBe(0);
  });

  it('reads the visit that a command is about, and no visit where it is about none', () => {
    const glance = jest.spyOn(LiveSession.prototype, 'glance');
    glanceAtBooks([inside, emptyBook], [undefined, goOn]);
    expect(glance).not.toHaveBeenCalled();
    glanceAtBooks([emptyBook, inside], [undefined, goOn]);
    expect(glance.mock.contexts).toStrictEqual([inside.sessions.get(samsVisit)]);
  });
});
