import type { ApprovedAction, ApprovedField, MaskKind } from '@gatebook/protocol';
import type { Request } from 'express';

/** What a request asks for, by the catalogue's names. */
export type Asked =
  /**
   * A page; with `record` and `title` where it shows one record: `INV-88`, "Customer Ada Example". `rows`: how many rows
   * of customers' data it shows; `'counted'`: its handler says so by `req.gatebook.rows` before it answers, and an answer
   * without is not sent; left out: as many as the catalogue says. `reveals`: one masked value that the page is to show this
   * time, as a form of the page itself asked for by POST; the page is opened with it or not at all.
   */
  | {
      readonly page: string;
      readonly record?: string;
      readonly title?: string;
      readonly workspace?: string;
      readonly rows?: number | 'counted';
      readonly reveals?: RevealedField;
    }
  /**
   * Something would change, or leave the product. `arguments`: exactly what it would be done with; it is let through only
   * where name, record and arguments equal what was approved.
   */
  | {
      readonly action: string;
      readonly record?: string;
      readonly workspace?: string;
      readonly arguments?: Readonly<Record<string, unknown>>;
    }
  /** A picture, a script's fetch: it belongs to the page that asked for it (`Referer`). */
  | 'part'
  /**
   * The same, where a click within the page asked for it: `click` is the page's name of the control or region, "Older
   * invoices", never what somebody typed or what a field holds. Written where the settings want every click.
   */
  | { readonly click: string }
  /** Holds nothing of any workspace: a stylesheet, the sign-in, the staff member's own account. Not asked about. */
  | 'public';

/** What a handler of the product finds in `req.gatebook` during a visit. */
export interface VisitOfRequest {
  readonly active: true;
  /** `ses_...` of the session. */
  readonly session: string;
  /** The product's own id of the workspace that is shown, whatever the product's own sign-in says. */
  readonly workspaceRef: string;
  readonly workspaceName: string;
  /** As the help desk writes it; `null`: for no case. */
  readonly caseRef: string | null;
  readonly staff: { readonly id: string; readonly name: string; readonly email: string };
  /** Names of the catalogue's fields that must be masked before the page leaves, and how. */
  readonly masks: Readonly<Record<string, MaskKind>>;
  /**
   * Of a page or a part of one: says that the answer shows so many rows of customers' data, before it is sent. The answer
   * waits until that is written down, and is not sent where it is more than the visit's budget; said again, it is so many
   * more. Resolves to whether they may be shown; never rejects but for what is no number of rows.
   */
  readonly rows?: (count: number) => Promise<boolean>;
  /**
   * Present where the request performs an approved action. What came of it is reported once the answer has left: done
   * below status 400, else failed. Say here what changed, before the answer is sent.
   */
  readonly action?: { readonly id: string; readonly changed: (...changes: readonly FieldChange[]) => void };
  /** The one action that this visit may perform, for showing its button; absent where it only looks. */
  readonly allows?: ApprovedAction;
  /** The one masked value that this visit may show, for showing its button; absent where it may show none. */
  readonly mayReveal?: ApprovedField;
  /**
   * Present where this answer may hold one value unmasked: of this field, and of this record alone. `masks` stays as it is,
   * since other records' values are masked all the same.
   */
  readonly revealed?: RevealedField;
  /** Where a masked value can be asked for; nothing where it can't be: it is never shown, or the product has no `ask`. */
  readonly askFor: (field: string, record?: string) => string | undefined;
}

/** A field by the catalogue's name, of the record with the product's id. */
export interface RevealedField {
  readonly field: string;
  readonly record?: string;
}

/** A field of the product that an action changed; the service keeps values only where the catalogue lets it. */
export interface FieldChange {
  readonly field: string;
  readonly old?: string | null;
  readonly new?: string | null;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express lets a request be added to
  namespace Express {
    interface Request {
      /** Present while a staff member's visit is shown (`@gatebook/host`). */
      gatebook?: VisitOfRequest;
    }
  }
}

export interface GatebookOptions {
  /** Origin of the Gatebook service. */
  readonly service: string | URL;
  readonly productId: string;
  /** The product's key at the service; keep it out of the code. */
  readonly productKey: string;
  /** What a request asks for. What it doesn't know (`undefined`) is asked about by its address, and so refused. */
  readonly pages: (req: Request) => Asked | undefined | Promise<Asked | undefined>;
  /**
   * The product's own sign-in for staff: where to send somebody who isn't signed in (`next` says where to come back to),
   * and the ID token of who is. Left out, the console's sign-in stands for it.
   */
  readonly staffSignIn?: { readonly url: string; readonly actorToken: (req: Request) => string | undefined };
  /** Whether the product has this workspace; a visit to another one is ended. */
  readonly hasWorkspace?: (workspaceRef: string) => boolean | Promise<boolean>;
  /** Where a visit starts: the workspace's own first page. `/` unless said. */
  readonly start?: string;
  /** Where the staff member's own account is. */
  readonly home: string;
  /** Address of the page where the staff member reads what was recorded of a visit, by its `ses_...`; left out: no link. */
  readonly record?: (session: string) => string;
  /** Address of the page where the staff member asks for what a refusal says can be asked for; left out: no link. */
  readonly ask?: (wish: AskedInstead) => string;
  /** Told why something was kept closed though nobody refused it: the service is down, say. */
  readonly onFault?: (sentence: string, error: unknown) => void;
}

/**
 * What was refused or masked, and what somebody could approve: an action, to open a page that holds sensitive data, or to
 * see one masked value.
 */
export type AskedInstead = AskedAction | AskedPage | AskedField;

interface AskedWhere {
  /** `ws_...` of the workspace. */
  readonly workspaceId: string;
  /** As the help desk writes it; `null`: for no case. */
  readonly caseRef: string | null;
}

export interface AskedAction extends AskedWhere {
  /** The catalogue's name of the action. */
  readonly action: string;
  /** The product's id of what it is about. */
  readonly target?: string;
  /** What it would have been done with: it is asked for, and approved, with exactly these. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

export interface AskedPage extends AskedWhere {
  /** The catalogue's name of the page. */
  readonly page: string;
}

export interface AskedField extends AskedWhere, RevealedField {}
