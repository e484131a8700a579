import { MEMBER_ROLES, STAFF_ROLES } from '@gatebook/protocol';
import * as v from 'valibot';

const count = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

export const policySchema = v.strictObject({
  /** The preset that the values began from (policy.md). */
  preset: v.picklist(['default']),
  consent: v.pipe(
    v.strictObject({
      windowMinutes: count(1, 10_080),
      longestWindowMinutes: count(1, 10_080),
      /** Members' roles that may turn staff access on and off, and end a visit. */
      maySwitch: v.pipe(v.array(v.picklist(MEMBER_ROLES)), v.minLength(1, 'must name a role')),
    }),
    v.forward(
      v.check(
        // The window that is taken when none is asked for is allowed, too.
        ({ windowMinutes, longestWindowMinutes }) => windowMinutes <= longestWindowMinutes,
        'must be at most longestWindowMinutes',
      ),
      ['windowMinutes'],
    ),
  ),
  session: v.strictObject({
    capMinutes: count(1, 1_440),
    idleMinutes: count(1, 60),
    /** How long the one-time code of a started session is good for. */
    entrySeconds: count(5, 300),
    /** How long ago a staff member may have confirmed who they are, to start a session (RFC 9470). */
    identityMaxAgeSeconds: count(30, 3_600),
    /** How long a visit goes on after its case was closed. */
    caseGraceMinutes: count(0, 60),
    livePerWorkspace: count(1, 20),
    pagesPerMinute: count(1, 100_000),
    /** Staff roles that may open visits (S1-25). */
    mayVisit: v.pipe(v.array(v.picklist(STAFF_ROLES)), v.minLength(1, 'must name a role')),
  }),
});

/** The installation's settings, from a preset. Every value is copied into the facts it gave rise to. */
export type Policy = v.InferOutput<typeof policySchema>;

/** The preset `default` (policy.md), as far as it is in force. */
export const defaultPolicy: Policy = {
  preset: 'default',
  consent: { windowMinutes: 1_440, longestWindowMinutes: 10_080, maySwitch: ['owner', 'admin'] },
  session: {
    capMinutes: 60,
    idleMinutes: 15,
    entrySeconds: 60,
    identityMaxAgeSeconds: 300,
    caseGraceMinutes: 5,
    livePerWorkspace: 2,
    pagesPerMinute: 120,
    mayVisit: ['agent', 'lead', 'engineer', 'responder'],
  },
};
