/*
 * What the GraphQL door takes and answers, type by type; an answer has of them what was asked for. Written by
 * scripts/schema-types.mjs from schema.graphql, and held to it by a spec.
 */
/** What a subscription to the end of a visit tells. */
export type AccessEvent = AccessRevoked | SubscriptionEnded;
/** A staff member’s request for access, with what came of it. */
export interface AccessRequest {
  readonly __typename?: 'AccessRequest';
  /** Which values the arguments of its action may have, by the catalogue in force; empty: any text. */
  readonly actionChoices: readonly ArgumentChoices[];
  /** What was answered. */
  readonly answer: string | null;
  /** The action’s arguments as they were asked for: canonical JSON (RFC 8785) with all that can’t be seen escaped. */
  readonly argumentsJson: string | null;
  /** What was asked for. */
  readonly asked: AccessScope;
  /** Whose approval it needs: while it waits, by the settings in force. */
  readonly asks: DecidingSide;
  /** The support case, as the help desk writes it; null: none. */
  readonly caseRef: string | null;
  /** How the two differ; null where they don’t. */
  readonly change: ScopeChange | null;
  /** The decision that ended it. */
  readonly decision: RequestDecision | null;
  /** Digest of what it says now: a decision names it, and is about this and no other. */
  readonly digest: string;
  /** Why it was taken back or lapsed. */
  readonly endCause: string | null;
  /** When it ended; null while it waits. */
  readonly endedAt: string | null;
  /** The first of two approvals. */
  readonly firstApproval: RequestDecision | null;
  /** What came of an approval. */
  readonly grant: Grant | null;
  /** Its head before who decides, in the words of the preset: "Write request from Sam Lee to ...". */
  readonly heading: string;
  /** The request. */
  readonly id: string;
  /** The catalogue’s job. */
  readonly job: string | null;
  /** What is asked for. */
  readonly kind: RequestKind;
  /** When it lapses if nobody decides. */
  readonly lapsesAt: string;
  /** What was said with the decision. */
  readonly message: string | null;
  /** How far it has come. */
  readonly phase: RequestPhase;
  /** When the visit is planned to begin; null: soon. */
  readonly plannedStart: string | null;
  /** What was asked back. */
  readonly question: string | null;
  /** The reason, word for word; null once erased. */
  readonly reason: string | null;
  /** When it was asked. */
  readonly requestedAt: string;
  /** What it stands at, or what was granted. */
  readonly scope: AccessScope;
  /** The same as they stand, or as they were granted: an approval can name others. */
  readonly scopeArgumentsJson: string | null;
  /** Their e-mail address; null once erased. */
  readonly staffEmail: string | null;
  /** The staff member who asks. */
  readonly staffId: string;
  /** Their name; null once erased. */
  readonly staffName: string | null;
  /** What is asked for, as one sentence. */
  readonly summary: string;
  /** What of it calls for an approval, in the policy’s words. */
  readonly triggers: readonly string[];
  /** The member viewed as; null: as support. */
  readonly viewAs: string | null;
  /** What the member viewed as is called; null: as support, or erased. */
  readonly viewAsName: string | null;
  /** Why it waits for the customer again, as a sentence: the first approval counts no more. Else null. */
  readonly waitsAgain: string | null;
  /** Who decides now, of two the customer first. Null once it has ended, and while the log is away. */
  readonly waitsFor: DecidingSide | null;
  /** The workspace. */
  readonly workspaceId: string;
  /** What the customer calls the workspace. */
  readonly workspaceName: string;
}
/** A page of requests for access, the newest first. */
export interface AccessRequestConnection {
  readonly __typename?: 'AccessRequestConnection';
  /** The items with their cursors. */
  readonly edges: readonly AccessRequestEdge[];
  /** The items without cursors. */
  readonly nodes: readonly AccessRequest[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the requests for access, and its cursor. */
export interface AccessRequestEdge {
  readonly __typename?: 'AccessRequestEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: AccessRequest;
}
/** A visit has ended: whoever shows something of it stops now. */
export interface AccessRevoked {
  readonly __typename?: 'AccessRevoked';
  /** Why it ended. */
  readonly endCause: SessionEndCause | null;
  /** When it ended. */
  readonly endedAt: string;
  /** Position in the log that the event stands on. */
  readonly position: string;
  /** Why, as a sentence for the person inside. */
  readonly sentence: string;
  /** The visit. */
  readonly sessionId: string;
}
/** Exactly what is asked for, or granted. */
export interface AccessScope {
  readonly __typename?: 'AccessScope';
  /** The one action; null where nothing is changed. */
  readonly action: WantedAction | null;
  /** What it lets staff do, in words. */
  readonly can: readonly string[];
  /** What it doesn’t, in words. */
  readonly cannot: readonly string[];
  /** The one field to show; null where none is. */
  readonly field: WantedField | null;
  /** How long a visit lasts at most. */
  readonly minutes: number;
  /** The pages, by the catalogue’s names. */
  readonly pages: readonly string[];
}
/** What the product told of an action. */
export type ActionOutcome = 'DONE' | 'FAILED' | 'UNKNOWN';
/** Who did it. */
export type Actor = ApiClient | StaffMember | SystemActor | WorkspaceMember;
/** The request has its end already. */
export interface AlreadyDecided {
  readonly __typename?: 'AlreadyDecided';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** A product, by its key. */
export interface ApiClient {
  readonly __typename?: 'ApiClient';
  /** The product’s id. */
  readonly id: string;
}
/** Approves a request, as asked or changed. */
export interface ApproveAccessInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** The digest of the request as you were shown it. */
  readonly digest: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** What is granted otherwise; left out: as asked. */
  readonly granted?: GrantedOtherwiseInput | null;
  /** A word to the staff member. */
  readonly message?: string | null;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of approving a request. */
export interface ApproveAccessPayload {
  readonly __typename?: 'ApproveAccessPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** An area of the product. */
export interface Area {
  readonly __typename?: 'Area';
  /** Its name in the catalogue. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
}
/** The values that one argument of an action may have. */
export interface ArgumentChoices {
  readonly __typename?: 'ArgumentChoices';
  /** The argument’s name. */
  readonly argument: string;
  /** On what the action is done for these values to count, by the product’s id; null: on whatever it is. */
  readonly target: string | null;
  /** The values, in the catalogue’s order; another is refused. */
  readonly values: readonly string[];
}
/** Asks the staff member something about their request. */
export interface AskForInformationInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The question. */
  readonly question: string;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of asking about a request. */
export interface AskForInformationPayload {
  readonly __typename?: 'AskForInformationPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** What the vendor declared of its product, and the policy of visits. */
export interface Catalogue {
  readonly __typename?: 'Catalogue';
  /** Its actions. */
  readonly actions: readonly CatalogueAction[];
  /** The product’s areas. */
  readonly areas: readonly Area[];
  /** The fields that it knows; what isn’t among them is hidden. */
  readonly fields: readonly CatalogueField[];
  /** The jobs that a visit can be started for. */
  readonly jobs: readonly CatalogueJob[];
  /** Its pages. */
  readonly pages: readonly CataloguePage[];
  /** How long visits last. */
  readonly visits: VisitPolicy;
}
/** Something that changes the customer’s data. */
export interface CatalogueAction {
  readonly __typename?: 'CatalogueAction';
  /** The area that it is in. */
  readonly area: string | null;
  /** Which values its arguments may have; an argument that isn’t there, on that target, may be any text. */
  readonly choices: readonly ArgumentChoices[];
  /** Its risk: change, restricted, never. */
  readonly class: string;
  /** Its name in the catalogue. */
  readonly id: string;
  /** Whether it moves data out: it is asked for as an export then. */
  readonly isExport: boolean;
  /** What people call it. */
  readonly label: string;
  /** The pages that performing it needs, which a request for it opens without a job; null: not said. */
  readonly pages: readonly string[] | null;
  /** The same with {target} where what it is about is named. */
  readonly phrase: string;
  /** Names of its arguments, all text: it is asked for with a value for each. */
  readonly takes: readonly string[];
  /** What kind of thing it is about: invoice; null: nothing. */
  readonly target: string | null;
}
/** A field of the product’s records, and how visits see it. */
export interface CatalogueField {
  readonly __typename?: 'CatalogueField';
  /** Its name in the catalogue. */
  readonly id: string;
  /** What people call it: "the e-mail address of {record}", {record} being the product’s id; null where the catalogue has none. */
  readonly label: string | null;
  /** What is left of its value in a visit: email, phone, last4, …; none: all of it. A secret is never shown, any other mask may be lifted for one record, once. */
  readonly mask: string;
  /** The pages that show it, which a reveal of it opens; null where the catalogue tells none. */
  readonly pages: readonly string[] | null;
}
/** A kind of support task: the smallest scope that it needs. */
export interface CatalogueJob {
  readonly __typename?: 'CatalogueJob';
  /** The actions that it needs. */
  readonly actions: readonly string[];
  /** Its name in the catalogue, for startSession. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** The pages that it opens. */
  readonly pages: readonly string[];
  /** Whether it only reads, as every visit does. */
  readonly readOnly: boolean;
}
/** A page of the product that the vendor declared; what isn’t declared is closed. */
export interface CataloguePage {
  readonly __typename?: 'CataloguePage';
  /** The area that it is in. */
  readonly area: string | null;
  /** Its risk: view (a read visit may open it), sensitive, never. */
  readonly class: string;
  /** Its name in the catalogue. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
}
/** Closes pages, actions or fields of the catalogue. */
export interface ChangeCatalogueInput {
  /** The whole catalogue as its file has it, YAML or JSON. */
  readonly catalogue: string;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the installation’s book is still at this revision; left out: wherever it is. */
  readonly expectedRevision?: number | null;
}
/** What came of changing the catalogue. */
export interface ChangeCataloguePayload {
  readonly __typename?: 'ChangeCataloguePayload';
  /** The catalogue; null where the command had no effect. */
  readonly catalogue: Catalogue | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Makes settings of the installation stricter. */
export interface ChangePolicyInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the installation’s book is still at this revision; left out: wherever it is. */
  readonly expectedRevision?: number | null;
  /** The whole policy as its file has it, YAML or JSON. */
  readonly policy: string;
}
/** What came of changing the policy. */
export interface ChangePolicyPayload {
  readonly __typename?: 'ChangePolicyPayload';
  /** The installation’s settings; null where the command had no effect. */
  readonly policy: Policy | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** The command id stood for another command already. */
export interface CommandReused {
  readonly __typename?: 'CommandReused';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** The command id is too old, or its time is not now. */
export interface CommandStale {
  readonly __typename?: 'CommandStale';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** Says that you are still there. */
export interface ConfirmPresenceInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The visit. */
  readonly sessionId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of staying in a visit. */
export interface ConfirmPresencePayload {
  readonly __typename?: 'ConfirmPresencePayload';
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The visit as it stands now; null where nothing was done. */
  readonly session: Session | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Confirms the scope as it was granted. */
export interface ConfirmScopeInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of confirming a scope. */
export interface ConfirmScopePayload {
  readonly __typename?: 'ConfirmScopePayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** A span of time. */
export interface DateComparator {
  /** At or after. */
  readonly gte?: string | null;
  /** Before. */
  readonly lt?: string | null;
}
/** Whose approval something needs. */
export type DecidingSide = 'BOTH' | 'CUSTOMER' | 'NOBODY' | 'VENDOR';
/** Declines a request. */
export interface DeclineAccessInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** A word to the staff member. */
  readonly message?: string | null;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of declining a request. */
export interface DeclineAccessPayload {
  readonly __typename?: 'DeclineAccessPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** An attempt that was refused. */
export interface Denial {
  readonly __typename?: 'Denial';
  /** The action that was tried; null where it was none. */
  readonly action: TriedAction | null;
  /** Who tried. */
  readonly actor: Actor;
  /** Why, as the asker was told. */
  readonly because: string;
  /** The case that was named. */
  readonly caseRef: string | null;
  /** Why, and what could be done instead, in whole sentences. */
  readonly detail: string | null;
  /** The masked field that was to be shown, and of which record; null where it was none. */
  readonly field: WantedField | null;
  /** The fact’s id. */
  readonly id: string;
  /** What could be done instead. */
  readonly instead: string | null;
  /** When it was refused. */
  readonly occurredAt: string;
  /** The page that it was about, by the catalogue’s id of it; null where it was about none. */
  readonly page: string | null;
  /** Its place in the log. */
  readonly position: string;
  /** The reason that was given, word for word. */
  readonly reason: string | null;
  /** When the log recorded it. */
  readonly recordedAt: string;
  /** The published code of the rule that refused. */
  readonly rule: string;
  /** The visit that it was tried in. */
  readonly sessionId: string | null;
  /** When the first of them was made. */
  readonly since: string;
  /** The refusal as a plain sentence. */
  readonly summary: string;
  /** How many attempts of the kind the line stands for. */
  readonly times: number;
  /** The workspace in whose book it stands; null where it stands in the asker’s own. */
  readonly workspaceId: string | null;
}
/** A page of refused attempts, the newest first. */
export interface DenialConnection {
  readonly __typename?: 'DenialConnection';
  /** The items with their cursors. */
  readonly edges: readonly DenialEdge[];
  /** The items without cursors. */
  readonly nodes: readonly Denial[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the refused attempts, and its cursor. */
export interface DenialEdge {
  readonly __typename?: 'DenialEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: Denial;
}
/** What one person was refused by one rule. */
export interface DenialGroup {
  readonly __typename?: 'DenialGroup';
  /** The newest of them as a plain sentence. */
  readonly example: string;
  /** When the first of them was made. */
  readonly firstAt: string;
  /** When the newest of them was refused. */
  readonly lastAt: string;
  /** Who tried. */
  readonly person: Actor;
  /** Position of the newest of them: a review goes up to it. */
  readonly position: string;
  /** The newest review, also where more came after it. */
  readonly review: DenialReview | null;
  /** Whether a reviewer has looked at all of them. */
  readonly reviewed: boolean;
  /** Revision of the person’s reviews, for expectedRevision: each moves it on; -1 before the first. */
  readonly reviewsRevision: number;
  /** The published code of the rule. */
  readonly rule: string;
  /** What the rule demands, as a sentence. */
  readonly ruleSays: string;
  /** How many attempts, also those that were only counted. */
  readonly times: number;
  /** How many of them no reviewer has looked at. */
  readonly unreviewedTimes: number;
  /** In how many workspaces; what was foreign to the asker counts in none. */
  readonly workspaces: number;
}
/** A page of refusals by person and rule, the newest first. */
export interface DenialGroupConnection {
  readonly __typename?: 'DenialGroupConnection';
  /** The items with their cursors. */
  readonly edges: readonly DenialGroupEdge[];
  /** The items without cursors. */
  readonly nodes: readonly DenialGroup[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the refusals by person and rule, and its cursor. */
export interface DenialGroupEdge {
  readonly __typename?: 'DenialGroupEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: DenialGroup;
}
/** Which refusals; all conditions hold together. */
export interface DenialGroupFilterInput {
  /** Refused in this time: a week, for example. */
  readonly occurredAt?: DateComparator | null;
  /** Refused to this person: the id of who tried. */
  readonly person?: string | null;
  /** Only those of which all was looked at, or only those of which not. */
  readonly reviewed?: boolean | null;
  /** Refused by this rule. */
  readonly rule?: string | null;
}
/** That somebody looked at what a person was refused by a rule. */
export interface DenialReview {
  readonly __typename?: 'DenialReview';
  /** The reviewer. */
  readonly by: StaffMember;
  /** The fact’s id. */
  readonly id: string;
  /** What they noted. */
  readonly note: string | null;
  /** When. */
  readonly reviewedAt: string;
  /** Up to this position of the log, inclusive, they had looked. */
  readonly upTo: string;
  /** What they made of it. */
  readonly verdict: DenialVerdict;
}
/** What a reviewer makes of refusals that repeat. */
export type DenialVerdict = 'NO_CONCERN' | 'PERMISSIONS_TO_MEND' | 'PROBING' | 'SOMEBODY_TO_HELP';
/** Turns staff access off; every visit ends at once. */
export interface DisableStaffAccessInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of turning staff access off. */
export interface DisableStaffAccessPayload {
  readonly __typename?: 'DisableStaffAccessPayload';
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The switch as it stands now; null where the command had no effect. */
  readonly staffAccess: StaffAccess | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Turns staff access on, or sets its window anew. */
export interface EnableStaffAccessInput {
  /** Each visit is asked for all the same, and waits for an approval; left out: no. */
  readonly askEach?: boolean | null;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** How long, in minutes; left out: as policy says. */
  readonly minutes?: number | null;
  /** Only visits for this case, as the help desk writes it: CASE-123. */
  readonly onlyCase?: string | null;
  /** Areas of the product that stay closed. */
  readonly withoutAreas?: readonly string[] | null;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of turning staff access on. */
export interface EnableStaffAccessPayload {
  readonly __typename?: 'EnableStaffAccessPayload';
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The switch as it stands now; null where the command had no effect. */
  readonly staffAccess: StaffAccess | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Ends a visit now; staff access stays as it is. */
export interface EndSessionInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The visit. */
  readonly sessionId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of ending a visit. */
export interface EndSessionPayload {
  readonly __typename?: 'EndSessionPayload';
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The visit as it stands now; null where nothing was done. */
  readonly session: Session | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Leaves your own visit. */
export interface ExitSessionInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The visit. */
  readonly sessionId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of leaving a visit. */
export interface ExitSessionPayload {
  readonly __typename?: 'ExitSessionPayload';
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The visit as it stands now; null where nothing was done. */
  readonly session: Session | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Says that lines of the book are taken along as a file, before they are read for it. */
export interface ExportLogInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** Which lines, as visitLog takes it; left out: all. */
  readonly filter?: LogFilterInput | null;
  /** What kind of file. */
  readonly format: LogExportFormat;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of taking lines along. */
export interface ExportLogPayload {
  readonly __typename?: 'ExportLogPayload';
  /** The file; null where the command had no effect. */
  readonly export: LogExport | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Answers a question about your request. */
export interface GiveInformationInput {
  /** The answer. */
  readonly answer: string;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of answering about a request. */
export interface GiveInformationPayload {
  readonly __typename?: 'GiveInformationPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** What an approval allows: one visit, and in it one action or one field, once. */
export interface Grant {
  readonly __typename?: 'Grant';
  /** What came of its action; null before it is known. */
  readonly actionOutcome: ActionOutcome | null;
  /** Why it lapsed. */
  readonly cause: string | null;
  /** The grant. */
  readonly id: string;
  /** What became of it. */
  readonly phase: GrantPhase;
  /** The visit that it was used for. */
  readonly sessionId: string | null;
  /** The visit begins before this, or never. */
  readonly startBy: string;
}
/** A grant that stood, unused or in use. */
export interface GrantAt {
  readonly __typename?: 'GrantAt';
  /** What it allowed, in words. */
  readonly can: readonly string[];
  /** The support case, as the help desk writes it; null: none. */
  readonly caseRef: string | null;
  /** The grant. */
  readonly id: string;
  /** What was granted. */
  readonly kind: RequestKind;
  /** For how many minutes. */
  readonly minutes: number;
  /** What had become of it. */
  readonly phase: GrantPhase;
  /** The request that it came of. */
  readonly requestId: string;
  /** To whom. */
  readonly staff: StaffMember;
  /** It had to be begun before this. */
  readonly startBy: string;
}
/** What became of a grant. */
export type GrantPhase = 'IN_USE' | 'LAPSED' | 'READY' | 'SPENT' | 'TO_CONFIRM';
/** What is granted otherwise than it was asked for; what is left out stays as it stands. */
export interface GrantedOtherwiseInput {
  /** Other arguments of the same action, as a JSON object: {} for none. Where the policy lets an approval widen. */
  readonly argumentsJson?: string | null;
  /** How long a visit lasts at most. */
  readonly minutes?: number | null;
  /** Exactly these pages. */
  readonly pages?: readonly string[] | null;
  /** Another target of the same action, where the policy lets an approval widen. */
  readonly target?: string | null;
}
/** One of some ids. */
export interface IdComparator {
  /** Any of these. */
  readonly in: readonly string[];
}
/** Who or what is meant, by its id. */
export interface IdFilter {
  /** Its id. */
  readonly id: IdComparator;
}
/** The input can’t be used. */
export interface InvalidInput {
  readonly __typename?: 'InvalidInput';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** One line of a workspace’s book. */
export interface LogEntry {
  readonly __typename?: 'LogEntry';
  /** Who did it. */
  readonly actor: Actor;
  /** A second, smaller line. */
  readonly detail: string | null;
  /** The fact’s id. */
  readonly id: string;
  /** Type of the fact. */
  readonly kind: string;
  /** Which mark stands at the line: viewed, refused, in, out, dot, … */
  readonly mark: string;
  /** Its number in the book: facts and refusals counted in the log’s order. */
  readonly number: number;
  /** When it was decided. */
  readonly occurredAt: string;
  /** In whose name. */
  readonly onBehalfOf: Actor | null;
  /** What became of it. */
  readonly outcome: Outcome;
  /** The same sentence in pieces. */
  readonly parts: readonly SentencePart[];
  /** Its place in the log. */
  readonly position: string;
  /** When the log recorded it. */
  readonly recordedAt: string;
  /** The visit that it belongs to. */
  readonly sessionId: string | null;
  /** The line as a plain sentence. */
  readonly summary: string;
  /** The fact as it stands in the log. */
  readonly technicalDetail: Readonly<Record<string, unknown>>;
  /** The workspace whose book it is. */
  readonly workspaceId: string;
}
/** A line that was added to a workspace’s book. */
export interface LogEntryAppended {
  readonly __typename?: 'LogEntryAppended';
  /** The line. */
  readonly entry: LogEntry;
  /** The line’s position: resume behind it. */
  readonly position: string;
}
/** A page of lines of a book, the newest first. */
export interface LogEntryConnection {
  readonly __typename?: 'LogEntryConnection';
  /** The items with their cursors. */
  readonly edges: readonly LogEntryEdge[];
  /** The items without cursors. */
  readonly nodes: readonly LogEntry[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the lines of a book, and its cursor. */
export interface LogEntryEdge {
  readonly __typename?: 'LogEntryEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: LogEntry;
}
/** What a subscription to a book tells. */
export type LogEvent = LogEntryAppended | SubscriptionEnded;
/** What stands in the book of a file that was taken along. */
export interface LogExport {
  readonly __typename?: 'LogExport';
  /** What kind of file. */
  readonly format: LogExportFormat;
  /** How many lines; null where there were too many to count. */
  readonly lines: number | null;
  /** Position of the newest line that belongs into the file; null: the book had none. */
  readonly upTo: string | null;
}
/** What kind of file the lines are put into. */
export type LogExportFormat = 'CSV' | 'NDJSON';
/** What the lines of a book can be filtered by, as far as its newest lines have it. */
export interface LogFacets {
  readonly __typename?: 'LogFacets';
  /** Cases that visits were for, as the help desk writes them, at most 100; the newest first. */
  readonly cases: readonly string[];
  /** Members and staff who did something, at most 100; who did so last comes first. */
  readonly people: readonly Actor[];
}
/** Which lines; all conditions hold together. */
export interface LogFilterInput {
  /** Lines of these actors. */
  readonly actor?: IdFilter | null;
  /** Lines of these types of facts. */
  readonly kind?: WordComparator | null;
  /** Lines with these marks: viewed, changed, refused, … */
  readonly mark?: WordComparator | null;
  /** Lines of this time. */
  readonly occurredAt?: DateComparator | null;
  /** Lines with these outcomes. */
  readonly outcome?: OutcomeComparator | null;
  /** Words of two letters or more, all of which the line holds: in its text, its visit’s case, reason and staff member, or its actor’s name. */
  readonly search?: string | null;
  /** Lines of this visit. */
  readonly sessionId?: string | null;
}
/** A member of the workspace, as they were. */
export interface MemberAt {
  readonly __typename?: 'MemberAt';
  /** Whether they were the contact for bills. */
  readonly billingContact: boolean;
  /** Pseudonymous id. */
  readonly id: string;
  /** Name; null once erased. */
  readonly name: string | null;
  /** Their role. */
  readonly role: MemberRole;
}
/** A member’s role in a workspace, as the product told it. */
export type MemberRole = 'ADMIN' | 'AGENT' | 'MANAGER' | 'OWNER' | 'VIEWER';
/** You, as a member of a workspace. */
export interface Membership {
  readonly __typename?: 'Membership';
  /** Your pseudonymous id there, as the book has it. */
  readonly memberId: string;
  /** Your role in it. */
  readonly role: MemberRole;
  /** The workspace. */
  readonly workspaceId: string;
  /** What the customer calls it. */
  readonly workspaceName: string;
}
/** Whatever can be looked up by its id. */
export type Node = AccessRequest | LogEntry | Session | Workspace;
/** There is no such thing, or it is not yours. */
export interface NotFound {
  readonly __typename?: 'NotFound';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** What became of what a line speaks of. */
export type Outcome = 'DONE' | 'REFUSED' | 'UNREADABLE';
/** One of some outcomes. */
export interface OutcomeComparator {
  /** Any of these. */
  readonly in: readonly Outcome[];
}
/** Where a page of a list begins and ends. */
export interface PageInfo {
  readonly __typename?: 'PageInfo';
  /** Cursor of the page’s last item. */
  readonly endCursor: string | null;
  /** Whether more stands behind the page. */
  readonly hasNextPage: boolean;
  /** Whether more stands before the page. */
  readonly hasPreviousPage: boolean;
  /** Cursor of the page’s first item. */
  readonly startCursor: string | null;
}
/** The settings that are in force. */
export interface Policy {
  readonly __typename?: 'Policy';
  /** The preset that they began from. */
  readonly preset: string;
  /** Every setting, in the order of the policy. */
  readonly settings: readonly PolicySetting[];
  /** The words that people read. */
  readonly words: PolicyWords;
}
/** One setting of the policy. */
export interface PolicySetting {
  readonly __typename?: 'PolicySetting';
  /** Its name in the policy: session.capMinutes. */
  readonly name: string;
  /** What it says, as a sentence. */
  readonly sentence: string;
  /** Where the value comes from. */
  readonly source: SettingSource;
  /** Its value, as JSON: 60, null, ["owner"]. */
  readonly value: string;
}
/** Words that the preset brings with it; {name}, {action} and {case} are yours to fill in. */
export interface PolicyWords {
  readonly __typename?: 'PolicyWords';
  /** Shown to the customer’s people while somebody of support is inside for a case. */
  readonly banner: string;
  /** The same where there is no case. */
  readonly bannerWithoutCase: string;
  /** Where the owner finds the switch, in the product’s settings. */
  readonly panel: string;
  /** How any other request begins. */
  readonly request: string;
  /** To a staff member who goes on after an off. */
  readonly revoked: string;
  /** Beside the switch. */
  readonly switchLabel: string;
  /** How a request to change something begins. */
  readonly writeRequest: string;
}
/** A staff member for whom a visit would have begun. */
export interface PossibleEntry {
  readonly __typename?: 'PossibleEntry';
  /** For which open case, as the help desk writes it; null: for none. */
  readonly caseRef: string | null;
  /** The approval that it would have begun on; null: it needed none. */
  readonly grantId: string | null;
  /** Who; the name is for reviewers only. */
  readonly staff: StaffMember;
}
/** Which issuer signed you in. */
export type Realm = 'MEMBERS' | 'STAFF';
/** The reason could be about anything. */
export interface ReasonTooVague {
  readonly __typename?: 'ReasonTooVague';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** What would make it a reason. */
  readonly hints: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** A rule refused the command; the refusal is written down. */
export interface Refused {
  readonly __typename?: 'Refused';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** What could be done instead. */
  readonly instead: string | null;
  /** A sentence for the person who asked. */
  readonly message: string;
  /** The published code of the rule. */
  readonly rule: string;
}
/** Asks for access to a workspace. */
export interface RequestAccessInput {
  /** The one action, of a change or an export. */
  readonly action?: WantedActionInput | null;
  /** The support case, as the help desk writes it: CASE-123; left out: none, where the settings ask for none. */
  readonly caseRef?: string | null;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The visit to go on from, of an extension: its case, job, pages and view are asked for. */
  readonly extends?: string | null;
  /** The one field, of a reveal. */
  readonly field?: WantedFieldInput | null;
  /** A job of the catalogue, for the smallest scope. */
  readonly job?: string | null;
  /** What is asked for. */
  readonly kind: RequestKind;
  /** How long, in minutes; left out: as long as policy allows. */
  readonly minutes?: number | null;
  /** Exactly these pages; left out: the smallest scope that serves. */
  readonly pages?: readonly string[] | null;
  /** When the visit is planned to begin; left out: soon. */
  readonly plannedStart?: string | null;
  /** Why. Who decides reads it word for word. */
  readonly reason: string;
  /** The member to view as; left out: as support. */
  readonly viewAs?: string | null;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of asking for access. */
export interface RequestAccessPayload {
  readonly __typename?: 'RequestAccessPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** A request that waited. */
export interface RequestAt {
  readonly __typename?: 'RequestAt';
  /** When it was asked. */
  readonly askedAt: string;
  /** What it asked for, in words. */
  readonly can: readonly string[];
  /** The support case, as the help desk writes it; null: none. */
  readonly caseRef: string | null;
  /** The request. */
  readonly id: string;
  /** What was asked for. */
  readonly kind: RequestKind;
  /** Until when it waited. */
  readonly lapsesAt: string;
  /** For how many minutes. */
  readonly minutes: number;
  /** How far it had come. */
  readonly phase: RequestPhase;
  /** Who asked. */
  readonly staff: StaffMember;
}
/** A request for access as it stands after something happened to it. */
export interface RequestChanged {
  readonly __typename?: 'RequestChanged';
  /** Every request that waits: what isn’t among them has ended. */
  readonly openRequestIds: readonly string[];
  /** Position in the log that the event stands on. */
  readonly position: string;
  /** The request; null in the first event where none waits. */
  readonly request: AccessRequest | null;
}
/** Who decided, and when. */
export interface RequestDecision {
  readonly __typename?: 'RequestDecision';
  /** When. */
  readonly at: string;
  /** Pseudonymous id; "policy" where the settings ask nobody. */
  readonly id: string;
  /** Name; null once erased. */
  readonly name: string | null;
}
/** What a subscription to requests for access tells. */
export type RequestEvent = RequestChanged | SubscriptionEnded;
/** The request is no longer what you were shown. */
export interface RequestHasChanged {
  readonly __typename?: 'RequestHasChanged';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** What a staff member asks for. */
export type RequestKind = 'EXPORT' | 'EXTENSION' | 'READ' | 'REVEAL' | 'SENSITIVE_ENTRY' | 'WRITE';
/** How far a request has come; the last four are its one end. */
export type RequestPhase = 'APPROVED' | 'DECLINED' | 'INFORMATION_ASKED' | 'LAPSED' | 'WAITING' | 'WITHDRAWN';
/** Of whom, which rule, up to where, and what you make of it. */
export interface ReviewDenialsInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the person’s reviews are still at this revision; left out: wherever they are. */
  readonly expectedRevision?: number | null;
  /** What other reviewers should know. */
  readonly note?: string | null;
  /** Who was refused: the id of the group’s person. */
  readonly person: string;
  /** By which rule. */
  readonly rule: string;
  /** Position of the newest refusal that you looked at, as the group gave it. */
  readonly upTo: string;
  /** What you make of it. */
  readonly verdict: DenialVerdict;
}
/** What came of it. */
export interface ReviewDenialsPayload {
  readonly __typename?: 'ReviewDenialsPayload';
  /** The group as it stands with the review. */
  readonly group: DenialGroup | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** What an approval changed of what was asked for. */
export interface ScopeChange {
  readonly __typename?: 'ScopeChange';
  /** What was granted and not asked for. */
  readonly added: readonly string[];
  /** How many minutes were asked for, where others were granted. */
  readonly minutesAsked: number | null;
  /** What was asked for and not granted. */
  readonly removed: readonly string[];
}
/** Nobody approves their own request, in whatever role. */
export interface SelfApproval {
  readonly __typename?: 'SelfApproval';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** A piece of a sentence. */
export interface SentencePart {
  readonly __typename?: 'SentencePart';
  /** Set in bold: the verb. */
  readonly strong: boolean;
  /** The words. */
  readonly text: string;
}
/** One visit of a staff member to a workspace. */
export interface Session {
  readonly __typename?: 'Session';
  /** The one action that may be done; null where nothing may be changed, and once it has ended. */
  readonly action: VisitAction | null;
  /** Who let the staff member in; null once erased. */
  readonly approverName: string | null;
  /** What it allows; null once it has ended. */
  readonly can: readonly string[] | null;
  /** What it doesn’t allow; null once it has ended. */
  readonly cannot: readonly string[] | null;
  /** The support case, as the help desk writes it; empty where the visit is for none. */
  readonly caseRef: string;
  /** How many changes were made; one whose outcome is unknown counts. */
  readonly changedCount: number;
  /** How many clicks within pages were written, where the settings want them. */
  readonly clickedCount: number;
  /** The page looked at; null before the first and after the end. */
  readonly currentPage: string | null;
  /** Why it ended; null while it goes on. */
  readonly endCause: SessionEndCause | null;
  /** When it ended; null while it goes on. */
  readonly endedAt: string | null;
  /** The visit. */
  readonly id: string;
  /** When it ends for want of input, unless a person stays; null once it has ended. */
  readonly idleEndsAt: string | null;
  /** The job that gave the scope; null for all that a visit may see. */
  readonly job: string | null;
  /** Who let the staff member in, as a sentence. Null until the tables know of the visit. */
  readonly letIn: string | null;
  /** The short note of the visit to the customer: who, for what, how long, what came of it. Null until its end is written. */
  readonly note: string | null;
  /** When it ends, or would have ended, at the latest. */
  readonly plannedEnd: string;
  /** The reason, word for word; null once erased. */
  readonly reason: string | null;
  /** How many lines tell of something that was refused. */
  readonly refusedCount: number;
  /** The one masked value that may be shown; null where all stay masked, and once it has ended. */
  readonly reveal: VisitReveal | null;
  /** How many masked values were shown, as it was approved. */
  readonly revealedCount: number;
  /** The staff member’s e-mail address; null once erased. */
  readonly staffEmail: string | null;
  /** The staff member. */
  readonly staffId: string;
  /** The staff member’s name; null once erased. */
  readonly staffName: string | null;
  /** When it began. */
  readonly startedAt: string;
  /** The member viewed as; null: as support. */
  readonly viewedAs: string | null;
  /** What that member is called; null: as support, or erased. */
  readonly viewedAsName: string | null;
  /** How many pages were viewed; a page viewed twice counts twice. */
  readonly viewedCount: number;
  /** The workspace that it is in. */
  readonly workspaceId: string;
  /** What the customer calls the workspace. */
  readonly workspaceName: string;
}
/** A visit that was going on. */
export interface SessionAt {
  readonly __typename?: 'SessionAt';
  /** What it let them do, in words. */
  readonly can: readonly string[];
  /** What it didn’t, in words. */
  readonly cannot: readonly string[];
  /** The support case, as the help desk writes it; null: none. */
  readonly caseRef: string | null;
  /** Whether the staff member had arrived in the product. */
  readonly entered: boolean;
  /** The visit. */
  readonly id: string;
  /** When it would have ended at the latest. */
  readonly plannedEnd: string;
  /** Who was inside. */
  readonly staff: StaffMember;
  /** When it began. */
  readonly startedAt: string;
}
/** A visit as it stands after something happened in it. */
export interface SessionChanged {
  readonly __typename?: 'SessionChanged';
  /** Every visit that goes on: what isn’t among them has ended. */
  readonly activeSessionIds: readonly string[];
  /** Position in the log that the event stands on. */
  readonly position: string;
  /** The visit; null in the first event where nobody is inside. */
  readonly session: Session | null;
}
/** A page of visits, the newest first. */
export interface SessionConnection {
  readonly __typename?: 'SessionConnection';
  /** The items with their cursors. */
  readonly edges: readonly SessionEdge[];
  /** The items without cursors. */
  readonly nodes: readonly Session[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the visits, and its cursor. */
export interface SessionEdge {
  readonly __typename?: 'SessionEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: Session;
}
/** Why a visit ended. */
export type SessionEndCause =
  | 'CASE_CLOSED'
  | 'CASE_REASSIGNED'
  | 'ENDED_BY_OWNER'
  | 'EXITED'
  | 'IDLE'
  | 'REACHED_ITS_CAP'
  | 'REVOKED'
  | 'SCOPE_CHANGED'
  | 'STAFF_DISABLED'
  | 'TOO_FAST'
  | 'WINDOW_ENDED'
  | 'WORKSPACE_CLOSED';
/** What a subscription to visits tells. */
export type SessionEvent = SessionChanged | SubscriptionEnded;
/** A setting and its value. */
export interface SettingInput {
  /** Its name in the policy: session.capMinutes. */
  readonly name: string;
  /** Its value, as JSON: 30, ["owner"]. */
  readonly value: string;
}
/** Where a setting’s value comes from. */
export type SettingSource = 'INSTALLATION' | 'PRESET' | 'WORKSPACE';
/** The owner’s switch: whether staff of the vendor may open the workspace. */
export interface StaffAccess {
  readonly __typename?: 'StaffAccess';
  /** Every area of the product: each can be left out when access is turned on. */
  readonly areas: readonly Area[];
  /** Whether each visit is asked for all the same, and waits for an approval. */
  readonly askEach: boolean;
  /** Who turned it on; null while off. */
  readonly by: WorkspaceMember | null;
  /** Most minutes that can be chosen; null where none can: it stays on until it is turned off. */
  readonly longestWindowMinutes: number | null;
  /** Roles that decide about requests for the customer. */
  readonly mayDecide: readonly MemberRole[];
  /** Roles that may turn it on and off, and end a visit. */
  readonly maySwitch: readonly MemberRole[];
  /** Whether an approval may give more pages and minutes than were asked for, another target and other arguments. */
  readonly mayWiden: boolean;
  /** Whether a visit could start now. */
  readonly on: boolean;
  /** The only case that visits may be for; null for any open case. */
  readonly onlyCase: string | null;
  /** What the place is called where it stands, in the words of the preset. */
  readonly panel: string;
  /** From when on it counts as left on; null while off, and where the settings remind of nothing. */
  readonly remindAt: string | null;
  /** That it was left on, with its age in whole hours, as a sentence; null before remindAt. */
  readonly reminder: string | null;
  /** Revision of the workspace’s book that this is of, for expectedRevision: every line moves it on. */
  readonly revision: number;
  /** What it means under the settings in force, in sentences. */
  readonly rules: StaffAccessRules;
  /** When it was turned on, or last set anew; null while off. */
  readonly since: string | null;
  /** How many minutes after its approval a visit may begin. */
  readonly startByMinutes: number;
  /** What stands beside the switch, in the words of the preset. */
  readonly switchLabel: string;
  /** When the window ends by itself; null while off, and where it stays on until it is turned off. */
  readonly until: string | null;
  /** How many minutes it is on where none are chosen; null: until it is turned off. */
  readonly windowMinutes: number | null;
  /** Areas of the product that stay closed. */
  readonly withoutAreas: readonly string[];
  /** The workspace. */
  readonly workspaceId: string;
}
/** The owner’s switch as it stands after it was changed. */
export interface StaffAccessChanged {
  readonly __typename?: 'StaffAccessChanged';
  /** Position in the log that the event stands on. */
  readonly position: string;
  /** The switch. */
  readonly staffAccess: StaffAccess;
}
/** What a subscription to the switch tells. */
export type StaffAccessEvent = StaffAccessChanged | SubscriptionEnded;
/** The owner has staff access turned off. */
export interface StaffAccessOff {
  readonly __typename?: 'StaffAccessOff';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
  /** Whether you may ask the owner to turn it on. */
  readonly ownerContactAllowed: boolean;
}
/** What staff access means, in sentences made from the settings in force. */
export interface StaffAccessRules {
  readonly __typename?: 'StaffAccessRules';
  /** What staff can do, each to follow "Staff can". */
  readonly can: readonly string[];
  /** What they can’t. */
  readonly cannot: readonly string[];
  /** What staff may do while it is on. */
  readonly whileOn: string;
  /** Who decides about what is asked for. */
  readonly whoDecides: string;
  /** Who turns it on and off. */
  readonly whoSwitches: string;
}
/** A named person of the vendor. */
export interface StaffMember {
  readonly __typename?: 'StaffMember';
  /** Pseudonymous id. */
  readonly id: string;
  /** Name; null once erased. */
  readonly name: string | null;
}
/** A staff member’s role, as the vendor’s directory told it. */
export type StaffRole = 'AGENT' | 'ENGINEER' | 'LEAD' | 'RESPONDER' | 'REVIEWER';
/** The book is no longer at the revision that you expected. */
export interface StaleRevision {
  readonly __typename?: 'StaleRevision';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Where it is now: look at what has changed, then send it again. */
  readonly currentRevision: number;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** Starts a visit, on the owner’s switch or on a grant. */
export interface StartSessionInput {
  /** The support case, as the help desk writes it: CASE-123; left out: as it was approved or, without a grant, none, where the settings ask for none. */
  readonly caseRef?: string | null;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The grant that the visit begins on, for what was approved: what is said of case, job and reason must be that. Left out: the owner’s switch. */
  readonly grantId?: string | null;
  /** A job of the catalogue, for the smallest scope; on a grant, left out: as it was approved. */
  readonly job?: string | null;
  /** How long, in minutes; left out: as long as policy allows. */
  readonly minutes?: number | null;
  /** What you are going in to find out. The owner reads it word for word. Left out on a grant only: as it was approved. */
  readonly reason?: string | null;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of starting a visit. */
export interface StartSessionPayload {
  readonly __typename?: 'StartSessionPayload';
  /** Until when the code is good. */
  readonly enterBy: string | null;
  /** Where the product takes the code. */
  readonly enterUrl: string | null;
  /** The one-time code to enter the product with. Post it, never put it into an address. */
  readonly entryCode: string | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** The visit; null where it did not start. */
  readonly session: Session | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** Identity was proven too long ago (RFC 9470). */
export interface StepUpRequired {
  readonly __typename?: 'StepUpRequired';
  /** Ways of proving identity that are accepted; empty: any. */
  readonly acrValues: readonly string[];
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** How many seconds ago identity may have been proven at most. */
  readonly maxAge: number;
  /** A sentence for the person who asked. */
  readonly message: string;
}
/** Why a subscription ended. */
export type SubscriptionEndCause = 'ACCESS_ENDED' | 'LOG_REPLACED' | 'RIGHT_ENDED' | 'TOKEN_ENDED' | 'TOO_SLOW';
/** The last event of a subscription that did not end by itself. */
export interface SubscriptionEnded {
  readonly __typename?: 'SubscriptionEnded';
  /** Why. */
  readonly cause: SubscriptionEndCause;
  /** Why, as a sentence for people. */
  readonly message: string;
}
/** Gatebook itself, or its operator. */
export interface SystemActor {
  readonly __typename?: 'SystemActor';
  /** Which part acted: the clock, the desk, the configuration. */
  readonly id: string;
}
/** Makes settings stricter for one workspace, or takes back what it had set. */
export interface TightenPolicyInput {
  /** Settings that are to be the vendor’s again. */
  readonly clear?: readonly string[] | null;
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** Settings to make stricter. */
  readonly set?: readonly SettingInput[] | null;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of making a workspace’s settings stricter. */
export interface TightenPolicyPayload {
  readonly __typename?: 'TightenPolicyPayload';
  /** The workspace’s settings; null where the command had no effect. */
  readonly policy: Policy | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** The one action that an attempt was about. */
export interface TriedAction {
  readonly __typename?: 'TriedAction';
  /** What it was tried with, as JSON; null where it was with nothing, or where it was erased. */
  readonly argumentsJson: string | null;
  /** The product’s name of it: the catalogue’s, where it declares it. */
  readonly name: string;
  /** The product’s id of what it was about. */
  readonly target: string | null;
}
/** Nothing can be decided right now. */
export interface TryAgain {
  readonly __typename?: 'TryAgain';
  /** The kind of error. */
  readonly code: UserErrorCode;
  /** Path of the input field that it is about; empty where it is about none. */
  readonly field: readonly string[];
  /** A sentence for the person who asked. */
  readonly message: string;
  /** When to try again. */
  readonly retryAfterSeconds: number;
}
/** Why a command had no effect, for people and for programs. */
export type UserError =
  | AlreadyDecided
  | CommandReused
  | CommandStale
  | InvalidInput
  | NotFound
  | ReasonTooVague
  | Refused
  | RequestHasChanged
  | SelfApproval
  | StaffAccessOff
  | StaleRevision
  | StepUpRequired
  | TryAgain;
/** Why a command had no effect. */
export type UserErrorCode =
  | 'ALREADY_DECIDED'
  | 'COMMAND_REUSED'
  | 'COMMAND_STALE'
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'REASON_TOO_VAGUE'
  | 'REFUSED'
  | 'REQUEST_HAS_CHANGED'
  | 'SELF_APPROVAL'
  | 'STAFF_ACCESS_OFF'
  | 'STALE_REVISION'
  | 'STEP_UP_REQUIRED'
  | 'TRY_AGAIN';
/** Who you are: your sign-in’s word for your name, the log’s word for your roles. */
export interface Viewer {
  readonly __typename?: 'Viewer';
  /** Whether you decide about requests for the vendor, by the settings in force. */
  readonly decidesForVendor: boolean;
  /** Your e-mail address. */
  readonly email: string | null;
  /** Whether you are staff of the vendor. */
  readonly isStaff: boolean;
  /** Your workspaces, by name, at most 100; empty for staff. */
  readonly memberships: readonly Membership[];
  /** Your name. */
  readonly name: string | null;
  /** Which issuer signed you in. */
  readonly realm: Realm;
  /** Your staff roles; empty for members, and for staff who are not enabled. */
  readonly staffRoles: readonly StaffRole[];
}
/** The one action that a visit on a write grant may do, once. */
export interface VisitAction {
  readonly __typename?: 'VisitAction';
  /** Whether it was used: then nothing more can be changed. */
  readonly isUsed: boolean;
  /** As what it was asked for: a change, or an export. */
  readonly kind: RequestKind;
  /** In words, with its target: "retry the failed invoice sync on INV-88". */
  readonly label: string;
  /** The catalogue’s name of it. */
  readonly name: string;
}
/** Which visits; all conditions hold together. */
export interface VisitFilterInput {
  /** Visits with a line of one of these marks: changed, refused, … */
  readonly mark?: WordComparator | null;
  /** Visits of these staff members. */
  readonly staff?: IdFilter | null;
  /** Visits that began in this time. */
  readonly startedAt?: DateComparator | null;
  /** Visits to these workspaces. */
  readonly workspace?: IdFilter | null;
}
/** One line of a visit, as the staff member whose visit it is reads it. */
export interface VisitLine {
  readonly __typename?: 'VisitLine';
  /** The action that was tried and refused; null where it was none. */
  readonly action: TriedAction | null;
  /** A second, smaller line. */
  readonly detail: string | null;
  /** The masked field that was to be shown and was refused, and of which record; null where it was none. */
  readonly field: WantedField | null;
  /** The fact’s id. */
  readonly id: string;
  /** What could be done instead of what was refused. */
  readonly instead: string | null;
  /** Type of the fact. */
  readonly kind: string;
  /** Which mark stands at the line: viewed, refused, in, out, dot, … */
  readonly mark: string;
  /** When it was decided. */
  readonly occurredAt: string;
  /** The page that was tried and refused, by the catalogue’s id of it; null where it was none. */
  readonly page: string | null;
  /** The same sentence in pieces. */
  readonly parts: readonly SentencePart[];
  /** The rule that refused it; null where nothing was refused. */
  readonly rule: string | null;
  /** The line as a plain sentence: the customer’s, without titles of records. */
  readonly summary: string;
}
/** A page of lines of a visit, in written order. */
export interface VisitLineConnection {
  readonly __typename?: 'VisitLineConnection';
  /** The items with their cursors. */
  readonly edges: readonly VisitLineEdge[];
  /** The items without cursors. */
  readonly nodes: readonly VisitLine[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the lines of a visit, and its cursor. */
export interface VisitLineEdge {
  readonly __typename?: 'VisitLineEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: VisitLine;
}
/** In which order visits come. */
export type VisitOrder = 'NEWEST_FIRST' | 'NOTABLE_FIRST';
/** How long visits last, by the installation’s policy. */
export interface VisitPolicy {
  readonly __typename?: 'VisitPolicy';
  /** The longest visit, in minutes. */
  readonly capMinutes: number;
  /** Whether a visit and a request name a case; a workspace may ask for one where the installation doesn’t. */
  readonly caseRequired: boolean;
  /** For so many seconds after a proof of identity a visit can be started. */
  readonly identityMaxAgeSeconds: number;
  /** A visit ends after so many minutes without input. */
  readonly idleMinutes: number;
  /** The longest visit that changes something, in minutes. */
  readonly writeCapMinutes: number;
}
/** The one masked value that a visit on a reveal may show, once. */
export interface VisitReveal {
  readonly __typename?: 'VisitReveal';
  /** The catalogue’s name of the field. */
  readonly field: string;
  /** Whether it was shown: then it is masked again, as all others are. */
  readonly isShown: boolean;
  /** In words: "the e-mail address of cus_81". */
  readonly label: string;
  /** The product’s id of the record. */
  readonly record: string | null;
}
/** One action, exactly as it would be performed. */
export interface WantedAction {
  readonly __typename?: 'WantedAction';
  /** SHA-256 of name, target and arguments in canonical form (RFC 8785). */
  readonly digest: string;
  /** In words: "retry the failed invoice sync on INV-88". */
  readonly label: string;
  /** The catalogue’s name of it. */
  readonly name: string;
  /** The product’s id of what it is about. */
  readonly target: string | null;
}
/** An action exactly as it would be performed. */
export interface WantedActionInput {
  /** Its arguments as a JSON object. */
  readonly argumentsJson?: string | null;
  /** The catalogue’s name of it. */
  readonly name: string;
  /** The product’s id of what it is about. */
  readonly target?: string | null;
}
/** One masked field of one record. */
export interface WantedField {
  readonly __typename?: 'WantedField';
  /** The catalogue’s name of the field. */
  readonly field: string;
  /** In words, as whoever decided read it: "the e-mail address of cus_81"; null where the catalogue had none, and of what was only tried. */
  readonly label: string | null;
  /** The product’s id of the record. */
  readonly record: string | null;
}
/** One masked field of one record. */
export interface WantedFieldInput {
  /** The catalogue’s name of the field. */
  readonly field: string;
  /** The product’s id of the record. */
  readonly record?: string | null;
}
/** Takes your request back, or the unused grant that came of it. */
export interface WithdrawAccessInput {
  /** A UUID of version 7 that you make: sent again, the command has its one effect. */
  readonly commandId: string;
  /** Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same. */
  readonly expectedRevision?: number | null;
  /** The request. */
  readonly requestId: string;
  /** The workspace. */
  readonly workspaceId: string;
}
/** What came of taking a request back. */
export interface WithdrawAccessPayload {
  readonly __typename?: 'WithdrawAccessPayload';
  /** The request as it stands now; null where nothing was done. */
  readonly accessRequest: AccessRequest | null;
  /** Position in the log that the answer stands on, for minPosition. */
  readonly position: string | null;
  /** Why the command had no effect; empty when it had. */
  readonly userErrors: readonly UserError[];
}
/** One of some words. */
export interface WordComparator {
  /** Any of these. */
  readonly in: readonly string[];
}
/** A customer’s workspace. */
export interface Workspace {
  readonly __typename?: 'Workspace';
  /** The product’s own id of it. */
  readonly externalId: string;
  /** The workspace. */
  readonly id: string;
  /** What the customer calls it. */
  readonly name: string;
  /** Open support cases that a visit can start from; for staff who may visit. */
  readonly openCases: readonly string[];
  /** The plan, as the product calls it; null where none was told. */
  readonly plan: string | null;
  /** Revision of its book as it stands, for expectedRevision: every line moves it on. */
  readonly revision: number;
  /** Your role in it; null for staff. */
  readonly role: MemberRole | null;
}
/** A workspace as it stood at a past moment, read from the log itself. */
export interface WorkspaceAt {
  readonly __typename?: 'WorkspaceAt';
  /** The moment. At a position: that of the last line by then, of the book or of the settings. */
  readonly asOf: string;
  /** Who could enter: for whom, and for which open cases, the rules would have let a visit begin. */
  readonly couldEnter: readonly PossibleEntry[];
  /** Which grants stood. */
  readonly grants: readonly GrantAt[];
  /** Who was inside. */
  readonly inside: readonly SessionAt[];
  /** Who was a member, in which role. */
  readonly members: readonly MemberAt[];
  /** What the customer called it. */
  readonly name: string;
  /** Whether it was registered and not closed. */
  readonly open: boolean;
  /** The open support cases, as the help desk writes them. */
  readonly openCases: readonly string[];
  /** The plan; null where none was told. */
  readonly plan: string | null;
  /** The settings that were in force. */
  readonly policy: Policy;
  /** Position of the book’s last line by then; null before the first. */
  readonly position: string | null;
  /** Whether every line by then can be read; where not, nobody was let in. */
  readonly readable: boolean;
  /** What waited for a decision. */
  readonly requests: readonly RequestAt[];
  /** Revision of the book’s last line by then; -1 before the first. */
  readonly revision: number;
  /** The switch, as it stood. */
  readonly staffAccess: StaffAccess;
  /** The workspace. */
  readonly workspaceId: string;
}
/** A page of workspaces, by name. */
export interface WorkspaceConnection {
  readonly __typename?: 'WorkspaceConnection';
  /** The items with their cursors. */
  readonly edges: readonly WorkspaceEdge[];
  /** The items without cursors. */
  readonly nodes: readonly Workspace[];
  /** Where the page begins and ends. */
  readonly pageInfo: PageInfo;
  /** How many the list has, whatever the page; 1001 stands for more than 1000. Null where counting isn’t cheap. */
  readonly totalCount: number | null;
}
/** One of the workspaces, and its cursor. */
export interface WorkspaceEdge {
  readonly __typename?: 'WorkspaceEdge';
  /** For after and before. */
  readonly cursor: string;
  /** The item. */
  readonly node: Workspace;
}
/** A member of the workspace, or a stranger to it. */
export interface WorkspaceMember {
  readonly __typename?: 'WorkspaceMember';
  /** Pseudonymous id. */
  readonly id: string;
  /** Name; null once erased. */
  readonly name: string | null;
}
