// Faults that a rule of the domain could have: each is one exact text of one source, and what stands there instead.
// `in` counts from libs/domain. The first three are the short form.
const requests = 'request/request.ts';
const decides = 'request/rules.ts';
const asks = 'request/request-access.ts';
const approves = 'request/approve-access.ts';
const settles = 'book/settle.ts';
const folds = 'book/book.ts';
const starts = 'session/start-session.ts';
const performs = 'session/perform-action.ts';
const told = 'workspace/told.ts';
const grants = 'grant/grant.ts';

export const FAULTS = [
  {
    name: 'approve after decline',
    in: requests,
    find: "return end(requests, fact.data.requestId, { phase: 'declined', at: time, by: fact.data.by });",
    put: 'return requests;',
  },
  { name: 'a grant used twice', in: performs, find: "grant?.phase === 'in use'", put: 'grant !== undefined' },
  {
    name: 'off that leaves a grant alive',
    in: folds,
    find: 'grants: endGrants(book.grants, lapse, off),',
    put: 'grants: book.grants,',
  },
  {
    name: 'off that leaves a request',
    in: folds,
    find: 'requests: lapseAll(book.requests, lapse, off),',
    put: 'requests: book.requests,',
  },
  {
    name: 'off that leaves a visit',
    in: folds,
    find: "sessions: endAll(book.sessions, END_CAUSE_OF[cause] ?? 'revoked', off),",
    put: 'sessions: book.sessions,',
  },
  {
    name: 'off that does nothing while a visit on a request runs',
    in: 'staff-access/disable-staff-access.ts',
    find: "staffAccess.phase === 'off' && !stands && ",
    put: "staffAccess.phase === 'off' && ",
  },
  {
    name: '<= for < at an end: one instant late',
    in: settles,
    find: 'if (next === null || next > now) return [];',
    put: 'if (next === null || next >= now) return [];',
  },
  {
    name: '<= for < where two clocks agree',
    in: settles,
    find: 'clock.at < earliest.at',
    put: 'clock.at <= earliest.at',
  },
  {
    name: 'the code good at its last instant',
    in: 'session/enter-session.ts',
    find: 'now < session.enterBy',
    put: 'now <= session.enterBy',
  },
  {
    name: 'start before the planned start',
    in: starts,
    find: 'grant.plannedStart !== null && now < grant.plannedStart',
    put: 'grant.plannedStart !== null && now < 0',
  },
  {
    name: '<= for < at the planned start',
    in: starts,
    find: 'now < grant.plannedStart',
    put: 'now <= grant.plannedStart',
  },
  { name: 'a grant begun twice', in: starts, find: "grant.phase !== 'ready'", put: "grant.phase === 'spent'" },
  {
    name: 'a grant that is not spent by its deed',
    in: grants,
    find: "{ ...grant, phase: 'spent' as const }",
    put: "{ ...grant, phase: 'in use' as const }",
  },
  {
    name: 'self-approval by a second role, same sign-in',
    in: decides,
    find: '(by.person.issuer === person.issuer && by.person.subject === person.subject) ||',
    put: '',
  },
  {
    name: 'self-approval by a second sign-in, same address',
    in: decides,
    find: 'sameAddress(member?.email ?? null, shown?.staffEmail ?? null);',
    put: 'false;',
  },
  {
    name: 'self-approval by a lead',
    in: decides,
    find: '? by.staffId === staffId || sameAddress(staff.shown?.email ?? null, shown?.staffEmail ?? null)',
    put: '? false',
  },
  {
    name: 'self-approval by a second account',
    in: decides,
    find: '|| sameAddress(staff.shown?.email ?? null, shown?.staffEmail ?? null)',
    put: '',
  },
  {
    name: 'second approval of something else',
    in: approves,
    find: "command.by.kind === 'staff' && isOpen(request) && request.firstApproval !== null;",
    put: "command.by.kind === 'staff' && isOpen(request) && request.firstApproval === request;",
  },
  {
    name: 'first approval by who has left',
    in: decides,
    find: "return firstApproval !== null && sideGiven(context, [firstApproval]) === 'customer';",
    put: 'return firstApproval !== null;',
  },
  {
    name: 'roles read when asked only',
    in: decides,
    find: '[...open.triggers, ...triggersNow(context, open, open.wanted)]',
    put: 'open.triggers',
  },
  {
    name: 'start on too little approval',
    in: starts,
    find: 'return bothOf(given, needed) === given',
    put: 'return bothOf(given, needed)',
  },
  {
    name: 'a start for another reason than was approved',
    in: starts,
    find: 'reading.reason === shown.reason',
    put: 'shown.reason !== reading.kind',
  },
  {
    name: 'an extension of all there is',
    in: asks,
    find: 'viewAs: viewedAsIn(book, visit), pages }',
    put: 'viewAs: viewedAsIn(book, visit) }',
  },
  {
    name: 'an extension of a visit that is over',
    in: asks,
    find: "extendedBy(command, book)?.phase === 'ended'",
    put: 'extendedBy(command, book) === null',
  },
  {
    name: 'second person’s leaving ignored',
    in: 'staff/remove-staff.ts',
    find: "...(approved === undefined ? [] : approvalsOf({ book, now }, { kind: 'staff', staffId })),",
    put: '',
  },
  {
    name: 'second approval by the same person',
    in: decides,
    find: "(first.kind === 'member' && by.kind === 'staff' && sameAddress(staff.shown?.email ?? null, request.firstEmail));",
    put: 'false;',
  },
  { name: 'approval from inside a visit', in: decides, find: 'return inside\n', put: 'return !inside && inside\n' },
  {
    name: 'stale digest accepted',
    in: decides,
    find: 'request.digest === command.shown',
    put: "command.shown !== ''",
  },
  {
    name: 'an answer that makes nothing stale',
    in: requests,
    find: "phase: 'waiting',\n        digest: fact.data.digest,",
    put: "phase: 'waiting',",
  },
  {
    name: 'one side asked where both are',
    in: 'policy/triggers.ts',
    find: "return b === 'nobody' || a === b ? a : 'both';",
    put: 'return a;',
  },
  {
    name: 'a decline that waits for its turn',
    in: decides,
    find: 'const may = member && (approval.customer.includes(member.role) || consent.maySwitch.includes(member.role));',
    put: 'const may = member && request.firstApproval === null && (approval.customer.includes(member.role) || consent.maySwitch.includes(member.role));',
  },
  {
    name: 'widened approval accepted',
    in: approves,
    find: 'more.length > 0 && !widen',
    put: 'more.length > 5 && !widen',
  },
  {
    name: 'approval of another action than asked where nobody may widen',
    in: approves,
    find: 'action !== undefined && !widen',
    put: 'action !== undefined && isSecond(context)',
  },
  {
    name: 'arguments that were taken away left out of the line',
    in: approves,
    find: 'return { ...action.arguments };',
    put: 'return Object.keys(action.arguments ?? {}).length > 0 ? { ...action.arguments } : undefined;',
  },
  {
    name: 'half of an action granted with what was asked for, and not with what stands',
    in: approves,
    find: 'arguments: given = shown?.arguments }',
    put: 'arguments: given = shown?.askedArguments ?? shown?.arguments }',
  },
  {
    name: 'approval for longer than asked',
    in: approves,
    find: 'widen ? longestFor(kind, policy) : Math.min(wanted.minutes, longestFor(kind, policy))',
    put: 'longestFor(kind, policy)',
  },
  {
    name: 'an action asked for without its argument',
    in: 'catalogue/catalogue.ts',
    find: '!Object.hasOwn(given, name) || given[name] == null',
    put: 'given[name] === null',
  },
  {
    name: 'a visit for no case where the workspace wants one by now',
    in: 'book/context.ts',
    find: 'effectivePolicy(installation.policy, book.tightening)',
    put: '{ ...effectivePolicy(installation.policy, book.tightening), caseAnchor: installation.policy.caseAnchor }',
  },
  {
    name: 'a lost role that leaves the visit which leaned on it',
    in: 'staff/remove-staff.ts',
    find: 'const visited = carriedUntil(staff, session.mayVisit);',
    put: "const visited = staff.phase === 'enabled' ? undefined : Infinity;",
  },
  {
    name: 'a role lost long ago that takes a visit along once the settings are tightened',
    in: 'staff/remove-staff.ts',
    find: 'const lost = lostRoles.filter(({ role }) => allowed.includes(role));',
    put: 'const lost = lostRoles;',
  },
  {
    name: 'a write approved where nothing is written any more',
    in: approves,
    find: '  writesAreAllowedStill,\n  approvalMayChange,',
    put: '  approvalMayChange,',
  },
  {
    name: 'wrong arguments accepted',
    in: performs,
    find: 'digestOf(command, digest) === grant?.granted.action?.digest',
    put: 'command.action === grant?.granted.action?.name',
  },
  {
    name: 'a value that is no choice asked for',
    in: asks,
    find: 'const unchosen = unchosenArgument(declared, action.target, action.arguments);',
    put: 'const unchosen = unchosenArgument({}, action.target, action.arguments);',
  },
  {
    name: 'a value that is no choice approved instead',
    in: approves,
    find: 'action && declared ? unchosenArgument(declared, action.target, action.arguments) : undefined',
    put: 'undefined',
  },
  {
    name: 'a value that is no choice by now approved',
    in: approves,
    find: 'action && declared && asShown !== undefined ? unchosenArgument(declared, action.target, asShown) : undefined;',
    put: 'undefined;',
  },
  {
    name: 'a value that is no choice by now performed',
    in: performs,
    find: 'const unchosen = declared && unchosenArgument(declared, command.record, command.arguments);',
    put: 'const unchosen = undefined as { argument: string; values: string[] } | undefined;',
  },
  {
    name: 'pages of an action forgotten',
    in: 'request/scope.ts',
    find: 'ofAction?.pages ??',
    put: '',
  },
  {
    name: 'arguments left out of the digest',
    in: 'request/request-access.ts',
    find: 'arguments: action.arguments ?? {} });',
    put: 'arguments: {} });',
  },
  {
    name: 'unconfirmed scope used',
    in: grants,
    find: "phase: approval.isChanged ? 'to confirm' : 'ready',",
    put: "phase: 'ready',",
  },
  {
    name: 'lapse not written',
    in: settles,
    find: '} else if (!request.recorded && request.lapse !== null) {',
    put: '} else if (request.recorded && request.lapse !== null) {',
  },
  {
    name: 'a lapse of its own behind the end of the window',
    in: settles,
    find: 'if (at >= windowEnds) continue;',
    put: '',
  },
  {
    name: 'approver’s leaving ignored',
    in: told,
    find: "facts: [changed, ...approvalsOf(context, { kind: 'member', memberId })]",
    put: 'facts: [changed]',
  },
  {
    name: 'reassigned case ignored by who starts',
    in: 'session/starting.ts',
    find: "assignee === 'nobody' || assignee === command.staffId",
    put: "assignee === 'nobody' || assignee.length > 0",
  },
  {
    name: 'reassigned case ignored by what waits',
    in: told,
    find: '(asked) => asked.caseId === caseId && asked.staffId !== assignee,',
    put: '() => false,',
  },
  {
    name: 'closed case ignored by what waits',
    in: folds,
    find: '(open) => open.caseId === caseId),',
    put: '() => false),',
  },
  {
    name: 'a disabled person’s grants kept',
    in: 'request/withdrawn.ts',
    find: 'book.grants.filter(isUnused).filter(which)',
    put: 'book.grants.filter(() => false).filter(isUnused)',
  },
  {
    name: 'restricting command refused: exit asks for an enabled person',
    in: 'session/end-session.ts',
    find: 'firstRefusal([visitIsKnown, visitIsTheirs], here)',
    put: "(context.staff.phase === 'enabled' ? firstRefusal([visitIsKnown, visitIsTheirs], here) : firstRefusal([visitIsTheirs], { ...here, session: undefined }))",
  },
  {
    name: 'a poll keeps a visit from going idle',
    in: 'session/live-session.ts',
    find: 'input ? packedNumber(view.at) : packed.slice(LAST_INPUT_AT, PACED_UNTIL),',
    put: 'packedNumber(view.at),',
  },
  {
    name: 'a visit planned beyond the window',
    in: starts,
    find: 'Math.min(now + minutes * 60_000, until ?? Infinity)',
    put: 'now + minutes * 60_000 + 0 * (until ?? 0)',
  },
  {
    name: 'one visit too many',
    in: starts,
    find: 'if (live < livePerWorkspace)',
    put: 'if (live <= livePerWorkspace)',
  },
  {
    name: 'an outcome told twice',
    in: grants,
    find: "if (outcome !== 'unknown') return actions.filter(({ id }) => id !== actionId);",
    put: "if (outcome !== 'unknown') return actions;",
  },
  {
    name: 'an area left out, and its action done all the same',
    in: performs,
    find: '  areaIsNotLeftOut,\n  actionIsApproved,',
    put: '  actionIsApproved,',
  },
];
