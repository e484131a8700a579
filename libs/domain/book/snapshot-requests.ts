import * as v from 'valibot';
import { idWith } from '../fact.ts';
import { GRANT_END_CAUSES, type Grants, type PendingActions } from '../grant/grant.ts';
import { SIDES, TRIGGERS } from '../policy/triggers.ts';
import { decider, LAPSE_CAUSES, REQUEST_ENDS, REQUEST_KINDS, wanted, type Requests } from '../request/request.ts';

const finite = v.pipe(v.number(), v.finite());
const text = v.string();
const textOrNull = v.nullable(text);

const shown = v.nullable(
  v.strictObject({
    subject: idWith('stf'),
    staffName: text,
    staffEmail: text,
    reason: text,
    arguments: v.nullable(v.record(text, v.unknown())),
    askedArguments: v.optional(v.record(text, v.unknown())),
  }),
);

/** Requests in a snapshot: the state itself, checked. */
export const packedRequests: v.GenericSchema<Requests> = v.array(
  v.union([
    v.strictObject({
      phase: v.picklist(['waiting', 'information asked']),
      id: idWith('req'),
      staffId: idWith('stf'),
      person: v.strictObject({ issuer: text, subject: text }),
      kind: v.picklist(REQUEST_KINDS),
      caseId: v.nullable(idWith('case')),
      caseRef: textOrNull,
      job: textOrNull,
      viewAs: v.nullable(idWith('mem')),
      asked: wanted,
      wanted,
      extends: v.nullable(idWith('ses')),
      plannedStart: v.nullable(finite),
      triggers: v.array(v.picklist(TRIGGERS)),
      asks: v.picklist(['nobody', ...SIDES]),
      firstApproval: v.nullable(decider),
      firstEmail: textOrNull,
      lapsesAt: finite,
      digest: text,
      shown,
      askedAt: finite,
    }),
    v.strictObject({
      phase: v.picklist(REQUEST_ENDS),
      id: idWith('req'),
      staffId: idWith('stf'),
      at: finite,
      by: v.nullable(decider),
      recorded: v.boolean(),
      lapse: v.nullable(v.picklist(LAPSE_CAUSES)),
    }),
  ]),
);

export const packedGrants: v.GenericSchema<Grants> = v.array(
  v.union([
    v.strictObject({
      phase: v.picklist(['to confirm', 'ready', 'in use', 'spent']),
      id: idWith('gr'),
      requestId: idWith('req'),
      staffId: idWith('stf'),
      kind: v.picklist(REQUEST_KINDS),
      caseId: v.nullable(idWith('case')),
      caseRef: textOrNull,
      job: textOrNull,
      viewAs: v.nullable(idWith('mem')),
      granted: wanted,
      extends: v.nullable(idWith('ses')),
      by: v.array(decider),
      approverName: textOrNull,
      startBy: finite,
      plannedStart: v.nullable(finite),
      sessionId: v.nullable(idWith('ses')),
      shown,
    }),
    v.strictObject({
      phase: v.literal('ended'),
      id: idWith('gr'),
      requestId: idWith('req'),
      staffId: idWith('stf'),
      cause: v.picklist(GRANT_END_CAUSES),
      at: finite,
    }),
  ]),
);

export const packedActions: v.GenericSchema<PendingActions> = v.array(
  v.strictObject({
    id: idWith('act'),
    sessionId: idWith('ses'),
    label: text,
    caseRef: textOrNull,
    reportBy: finite,
    isOverdue: v.boolean(),
  }),
);
