/** A line of a workspace's book, in order. */
export interface Line {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A grant that many tried to spend at once, and the action ids of those who were told yes. */
export interface Spending {
  readonly grantId: string;
  readonly yes: readonly (string | undefined)[];
}

/** What is wrong with the spending of grants; nothing where each was spent once, by who was told so. */
export function judgeSpending(spendings: readonly Spending[], stream: readonly Line[]): string[] {
  const lines = new Map<unknown, unknown[]>();
  for (const { type, data } of stream)
    if (type === 'ActionAuthorised')
      lines.set(data['grantId'], [...(lines.get(data['grantId']) ?? []), data['actionId']]);
  return spendings.flatMap(({ grantId, yes }) => {
    const written = lines.get(grantId) ?? [];
    const wrong: string[] = [];
    if (yes.length !== 1) wrong.push(`${yes.length} were told yes`);
    if (written.length !== 1) wrong.push(`the log holds ${written.length} actions`);
    if (yes.some((action) => !written.includes(action))) wrong.push('a yes is not in the log');
    return wrong;
  });
}

export const ENDS = ['approve', 'narrow', 'decline', 'withdraw', 'lapse'] as const;
export type End = (typeof ENDS)[number];

/** A request that many ended at once, and who of them was told that it was they. */
export interface Ending {
  readonly requestId: string;
  readonly told: readonly End[];
}

/** The end that a line is, for the request that it names. */
export function endIn({ type, data }: Line): End | undefined {
  switch (type) {
    case 'AccessApproved':
      return data['change'] === null ? 'approve' : 'narrow';
    case 'AccessDeclined':
      return 'decline';
    case 'AccessWithdrawn':
      return 'withdraw';
    case 'AccessLapsed':
      return 'lapse';
    default:
      return undefined;
  }
}

/** What is wrong with the ends of requests; nothing where each has one, and who was told so ended it. */
export function judgeEndings(endings: readonly Ending[], stream: readonly Line[]): string[] {
  const ends = new Map<unknown, End[]>();
  const takenBack = new Set<unknown>();
  for (const line of stream) {
    const end = endIn(line);
    const id = line.data['requestId'];
    if (end) ends.set(id, [...(ends.get(id) ?? []), end]);
    if (line.type === 'GrantLapsed' && line.data['cause'] === 'withdrawn') takenBack.add(id);
  }
  return endings.flatMap(({ requestId, told }) => {
    const [end, ...more] = ends.get(requestId) ?? [];
    if (end === undefined) return ['a request has no end in the log'];
    const wrong: string[] = [];
    if (more.length > 0) wrong.push(`a request has ${more.length + 1} ends in the log`);
    // Taking back what was just approved ends the unused grant, and not the request.
    const ended = told.filter((one) => !(one === 'withdraw' && end !== 'withdraw' && takenBack.has(requestId)));
    if (end === 'lapse' ? ended.length > 0 : ended.length !== 1 || ended[0] !== end)
      wrong.push(`told ${ended.join(', ') || 'nobody'}, and the log says ${end}`);
    if (takenBack.has(requestId) && (!told.includes('withdraw') || !['approve', 'narrow'].includes(end)))
      wrong.push('a grant was taken back by nobody');
    return wrong;
  });
}

/** What was going on when staff access was turned off, and whether it was told yes. */
export interface Crossing {
  /** The kind of line that a yes leaves, the field that names it, and what it names. */
  readonly type: string;
  readonly field: string;
  readonly id: unknown;
  readonly yes: boolean;
}

const ONLY_WHILE_ON = ['AccessRequested', 'AccessApproved', 'SessionStarted', 'ActionAuthorised', 'PageViewed'];

/** What is wrong with an off among approvals, starts and actions; nothing where the log’s order forbids what it must. */
export function judgeOff(crossings: readonly Crossing[], stream: readonly Line[]): string[] {
  const wrong: string[] = [];
  let on = false;
  for (const { type } of stream) {
    if (type === 'StaffAccessEnabled') on = true;
    else if (type === 'StaffAccessDisabled') on = false;
    else if (!on && ONLY_WHILE_ON.includes(type)) wrong.push(`${type} stands behind an off`);
  }
  const written = new Set(stream.flatMap(({ type, data }) => Object.entries(data).map(([k, v]) => key(type, k, v))));
  for (const { type, field, id, yes } of crossings)
    if (yes !== written.has(key(type, field, id)))
      wrong.push(`${type}: told ${yes ? 'yes' : 'no'}, and the log differs`);
  return wrong;
}

function key(type: string, field: string, value: unknown): string {
  return `${type} ${field} ${String(value)}`;
}
