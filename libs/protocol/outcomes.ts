/**
 * What came of an authorised action: `POST /v1/outcomes` with the product's key. Sent again, it is written once. Without
 * it the outcome counts as unknown once the time is over that the authorisation named; a late one is still written.
 */
export const OUTCOMES_PATH = '/v1/outcomes';

export interface OutcomeReport {
  /** A UUIDv7 that the product makes: sent again, the report has one effect. */
  readonly id: string;
  /** `ws_...` of the visit's workspace. */
  readonly workspace: string;
  /** `ses_...` of the visit. */
  readonly session: string;
  /** `act_...` as the answer to `perform` named it. */
  readonly action: string;
  readonly outcome: 'done' | 'failed';
  /** The fields that changed. Values are kept only of fields that the catalogue declares and doesn't mask. */
  readonly changes?: readonly {
    readonly field: string;
    readonly old?: string | null;
    readonly new?: string | null;
  }[];
}

export type OutcomeAnswer =
  | { readonly outcome: 'accepted' | 'repeated'; readonly position: string }
  | { readonly outcome: 'refused'; readonly because: string; readonly position: string };
