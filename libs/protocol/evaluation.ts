import type { RuleCode } from './rules.ts';

/**
 * The evaluation door speaks the Authorization API 1.0 of OpenID AuthZEN: `POST /access/v1/evaluation`, HTTP 200 for
 * both decisions. The product's key stands in `Authorization: Bearer`, the visit's token in `Gatebook-Visit`.
 */
export const EVALUATION_PATH = '/access/v1/evaluation';
export const EVALUATIONS_PATH = '/access/v1/evaluations';
export const VISIT_HEADER = 'gatebook-visit';
/** How long a yes holds, from before the question was asked, and for the first byte only (design.md, promise 2). */
export const DECISION_VALID_MS = 1000;

export interface EvaluationRequest {
  /** The staff member: `{ type: 'staff', id: 'stf_...' }`. */
  readonly subject: { readonly type: 'staff'; readonly id: string };
  /** `view`: a page is opened. `perform`: something would change. `reveal`: a masked field would be shown. */
  readonly action: { readonly name: 'view' | 'perform' | 'reveal' };
  readonly resource: {
    readonly type: 'page' | 'operation' | 'field';
    /** The catalogue's name of the page, action or field. */
    readonly id: string;
    readonly properties: {
      /** `ws_...` of the workspace whose data would be shown. */
      readonly workspace: string;
      /** The product's id of the record shown, `INV-88`; the same page with another record is another view. */
      readonly record?: string;
      /** What the page is called for this record, where that names a person: "Customer Ada Example". */
      readonly title?: string;
      /** How many rows of customers' data the page would show; left out: as many as the catalogue says of it. */
      readonly rows?: number;
      /**
       * Of a part of a page: what of it was clicked, by the name that the page gives it ({@link CLICK_LABEL}), never what
       * somebody typed or what a field holds. Written where the settings want every click.
       */
      readonly click?: string;
      /** Of an operation: its arguments, exactly as it would be performed. */
      readonly arguments?: Readonly<Record<string, unknown>>;
    };
  };
  readonly context?: {
    /** `serve` records, then answers. `ask` records nothing and never allows a change ("may I show this button?"). */
    readonly purpose?: 'serve' | 'ask';
    /** Id of the view that this request belongs to (a script, an image, a fetch of the page). */
    readonly page?: string;
    /**
     * Of an operation or a reveal: a UUIDv7 that the product makes, so that the same question sent again has one effect
     * and one answer.
     */
    readonly requestId?: string;
    /** A person did this (a click, a key), as against a poll or a reload by script: it keeps the visit from going idle. */
    readonly input?: boolean;
  };
}

/** The one action that a visit may perform, once. */
export interface ApprovedAction {
  /** The catalogue's name of it. */
  readonly name: string;
  /** The product's id of what it is about. */
  readonly target: string | null;
  /** In words: "retry the failed invoice sync on INV-88". */
  readonly label: string;
  /** As a sentence, where it has arguments: "With exactly: value "20 %".". */
  readonly exactly?: string;
  readonly isDone: boolean;
  /** It moves data out; absent otherwise. */
  readonly isExport?: true;
}

/** The one masked field of one record that a visit may show, once (S1-44). */
export interface ApprovedField {
  /** The catalogue's name of it. */
  readonly name: string;
  /** The product's id of the record whose value it is. */
  readonly record: string | null;
  /** In words: "customer.email of cus_81". */
  readonly label: string;
  readonly isShown: boolean;
}

/** What the strip on every page says. Times are RFC 3339, UTC. */
export interface Banner {
  /** `write`: one named action may be done, once. */
  readonly mode: 'read' | 'write';
  /** Of a `write` visit: what may be done, and whether it was; absent otherwise. */
  readonly action?: ApprovedAction;
  /** Of a visit on a reveal: what may be shown, and whether it was; absent otherwise. */
  readonly field?: ApprovedField;
  /** What it is, in the words of the vendor's preset: "Looking at case CASE-123 with you" (S0-45). */
  readonly notice?: string;
  readonly staffName: string;
  /** What the member viewed as is called; absent: as support. */
  readonly viewedAs?: string;
  readonly customer: string;
  /** `null`: for no case. */
  readonly caseRef: string | null;
  readonly endsAt: string;
  /** When the visit ends for want of input, unless a person stays. */
  readonly idleEndsAt: string;
  /** One sentence: who let the staff member in; both where two approved. */
  readonly approval: string;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

export interface Permitted {
  readonly decision: true;
  readonly context: {
    /** Id of the view, for `context.page` of what belongs to it; absent for `ask`. */
    readonly view?: string;
    /** Of an operation: the id to report its outcome by (`POST /v1/outcomes`). */
    readonly action?: string;
    readonly validForMs: number;
    readonly position: string;
    /** Names of catalogue fields that must be masked before the page leaves the product, and how. */
    readonly masks: Readonly<Record<string, MaskKind>>;
    readonly banner: Banner;
    /** The settings want every click: the product reports it before it does anything. */
    readonly clicks?: true;
  };
}

/**
 * The name of a control or a region: one short line of letters, digits and common signs that begins with a letter or a
 * digit. Four digits in a row and `@` are in none, so that no number of a card, a phone or an account gets in.
 */
export const CLICK_LABEL = String.raw`^(?!.*\d{4})[\p{L}\p{N}][\p{L}\p{N} ,.:;!?’'“”()&/+%#–…-]{0,79}$`;

export interface Denied {
  readonly decision: false;
  readonly context: {
    readonly rule: RuleCode;
    /** The plain sentence, by language (AuthZEN's `reason_user`). */
    readonly reason_user: { readonly en: string };
    readonly position?: string;
    /** Present when the visit is over. */
    readonly ended?: { readonly cause: EndCause; readonly at: string };
    /** What could be done instead, as a sentence. */
    readonly instead?: string;
  };
}

export type EvaluationAnswer = Permitted | Denied;

export const MASK_KINDS = ['email', 'last2', 'last4', 'secret', 'personal-id', 'phone', 'hidden'] as const;
export type MaskKind = (typeof MASK_KINDS)[number];

/** Why a session ended. */
export const END_CAUSES = [
  'exited',
  'idle',
  'reached its cap',
  'window ended',
  'revoked',
  'ended by owner',
  'scope changed',
  'case closed',
  'case reassigned',
  'staff disabled',
  'workspace closed',
  'too fast',
] as const;
export type EndCause = (typeof END_CAUSES)[number];

export const EVALUATION_REQUEST_SCHEMA = {
  type: 'object',
  required: ['subject', 'action', 'resource'],
  additionalProperties: false,
  properties: {
    subject: {
      type: 'object',
      required: ['type', 'id'],
      additionalProperties: true,
      properties: { type: { const: 'staff' }, id: { type: 'string', maxLength: 64 } },
    },
    action: {
      type: 'object',
      required: ['name'],
      additionalProperties: true,
      properties: { name: { enum: ['view', 'perform', 'reveal'] } },
    },
    resource: {
      type: 'object',
      required: ['type', 'id', 'properties'],
      additionalProperties: false,
      properties: {
        type: { enum: ['page', 'operation', 'field'] },
        id: { type: 'string', minLength: 1, maxLength: 200 },
        properties: {
          type: 'object',
          required: ['workspace'],
          additionalProperties: true,
          properties: {
            workspace: { type: 'string', maxLength: 64 },
            record: { type: 'string', minLength: 1, maxLength: 200 },
            title: { type: 'string', minLength: 1, maxLength: 200 },
            rows: { type: 'integer', minimum: 0, maximum: 1_000_000 },
            click: { type: 'string', pattern: CLICK_LABEL },
            arguments: { type: 'object' },
          },
        },
      },
    },
    context: {
      type: 'object',
      additionalProperties: true,
      properties: {
        purpose: { enum: ['serve', 'ask'] },
        page: { type: 'string', maxLength: 64 },
        requestId: { type: 'string', maxLength: 36 },
        input: { type: 'boolean' },
      },
    },
  },
} as const;

/** What a person who goes on after the end is told. `revoked` is S3-21's own wording. */
export const END_SENTENCES: Readonly<Record<EndCause, string>> = {
  exited: 'This visit has ended: it was left.',
  idle: 'This visit has ended: nobody had used it for a while.',
  'reached its cap': 'This visit has ended: its time was up.',
  'window ended': 'Support access has ended: the owner’s window is over.',
  revoked: 'Support access has been revoked',
  'ended by owner': 'This visit has ended: the customer ended it.',
  'scope changed': 'This visit has ended: you began another one.',
  'case closed': 'This visit has ended: its case was closed.',
  'case reassigned': 'This visit has ended: its case belongs to somebody else now.',
  'staff disabled': 'This visit has ended: the staff member may no longer visit.',
  'workspace closed': 'This visit has ended: the workspace was closed.',
  'too fast': 'This visit has ended: more was opened than a visit’s budget allows.',
};
