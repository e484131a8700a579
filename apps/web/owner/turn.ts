import type { Request } from '../requests/operations.ts';
import type { Settings } from './deciding.ts';

type Side = Settings['side'];
const SIDES = { customer: 'CUSTOMER', vendor: 'VENDOR' } as const;

/** Whether this side may approve it now: of two the customer first. While nobody knows, whoever is asked at all. */
export function isTurnOf(side: Side, { asks, waitsFor }: Pick<Request, 'asks' | 'waitsFor'>): boolean {
  return waitsFor === null ? side === 'vendor' || asks !== 'VENDOR' : waitsFor === SIDES[side];
}

/** Whether what became another since it was read is the reader's own act, by their id in the log. */
export function isOwnAct(
  myId: string | undefined,
  before: Pick<Request, 'firstApproval'>,
  after: Pick<Request, 'firstApproval'>,
): boolean {
  return myId !== undefined && after.firstApproval?.id === myId && before.firstApproval?.id !== myId;
}

/** Those that ended last: several, where one thing ended them together. */
export function lastEnded<Of extends Pick<Request, 'endedAt'>>(ended: readonly Of[]): readonly Of[] {
  const last = Math.max(...ended.map(({ endedAt }) => Date.parse(endedAt ?? '')));
  return ended.filter(({ endedAt }) => Date.parse(endedAt ?? '') === last);
}
