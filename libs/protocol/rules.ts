/**
 * Every rule that can refuse, by its published code: what the rule demands, in one sentence. A denial names one of
 * these; codes are never renamed once released.
 */
export const RULES = {
  // The workspace and the people
  bookIsReadable: 'Every line of the workspace’s book can be read.',
  workspaceIsOpen: 'The workspace is registered and not closed.',
  memberBelongsHere: 'The person is a member of the workspace.',
  memberRoleMaySwitch: 'Only the roles that policy names may turn staff access on or off, or end a visit.',
  roleMayAsk: 'What is asked for is open to the person’s role.',
  staffMemberIsEnabled: 'The staff member is known and enabled.',
  staffRoleMayVisit: 'The staff member has a role that may open visits.',
  // Staff access
  windowIsAllowed: 'Staff access is on for a window that policy allows.',
  staffAccessIsOn: 'The owner has turned staff access on, and the window has not ended.',
  visitFitsTheSwitch: 'The owner’s switch covers this case, and does not ask for each visit.',
  // Asking for access
  requestIsGrantable: 'What is asked for is declared, and of a class that somebody can grant.',
  requestSaysWhat: 'A request names exactly what is wanted: one action with its target, one field, or pages.',
  requestsAreFew: 'A staff member has only so many requests waiting or granted and not begun, and none twice.',
  extensionIsAsTheVisit:
    'An extension has the case, the job, the pages and the view of the visit that it goes on from.',
  viewedAsIsMember: 'The person viewed as is a member of the workspace.',
  writesAreAllowed: 'Policy lets staff ask for a change at all.',
  // Deciding about a request
  requestIsKnown: 'The request is one of this workspace.',
  requestIsOpen: 'The request waits for a decision: it has one end, and none yet.',
  requestIsTheirs: 'Only the person who asked may answer for a request, take it back or confirm its scope.',
  deciderMayDecide: 'Policy names the role as one that decides about such a request, and it is that side’s turn.',
  approverIsNotRequester: 'Nobody approves their own request or lets themselves in, in whatever role.',
  approverIsNotInAVisit: 'Nobody approves from inside a visit.',
  decisionIsOnWhatWasShown: 'A decision is about the request as it stands, not as it stood before.',
  approvalMayChange: 'An approval may narrow what was asked for, and widen it only where policy lets it.',
  // Grants
  grantIsKnown: 'The grant is one of this workspace, and theirs.',
  grantIsReady: 'The grant is confirmed, not used, and begun in time.',
  startIsAsApproved: 'A visit on a grant is for the case, the job and the reason that were approved.',
  visitIsApproved: 'Where policy asks for it, each visit has an approval of its own.',
  actionIsApproved: 'The action, its target and its arguments are exactly the approved ones.',
  grantIsUnspent: 'A grant allows one action, once.',
  fieldIsApproved: 'The field and the record are exactly the approved ones.',
  actionIsKnown: 'The action was authorised, and its outcome was not told yet.',
  // Starting a session
  caseIsNamed: 'A visit and a request name a case, where policy asks for one.',
  caseIsOpen: 'The case that is named is an open one of this workspace.',
  caseIsTheirs: 'The case is the staff member’s own, where the help desk told whose it is.',
  reasonIsSpecific: 'The reason says what will be looked at.',
  jobIsDeclared: 'The catalogue declares the job.',
  jobIsReadOnly: 'The job only reads.',
  minutesAreAllowed: 'The visit is no longer than policy allows.',
  staffMemberHasNoOtherVisit: 'A staff member has one visit at a time.',
  workspaceHasRoom: 'A workspace has no more visits at a time than policy allows.',
  // Inside a session
  visitIsKnown: 'The visit is one of this workspace.',
  visitIsTheirs: 'Person, workspace, visit and product belong together.',
  visitHasNotEnded: 'The visit has not ended.',
  entryIsFirst: 'A visit is entered once, with a code that is still fresh.',
  pageIsDeclared: 'The catalogue declares the page.',
  pageIsViewable: 'The page is of a class that a read visit may open.',
  pageIsInScope: 'The visit’s scope has the page.',
  areaIsNotLeftOut: 'The owner has not left the area out.',
  partBelongsToItsPage: 'A part of a page is asked for while its page is open.',
  nothingIsChanged: 'A read visit changes nothing.',
  pagesAreWithinBudget: 'A visit opens no more pages a minute, and no more rows in all, than policy allows.',
  // The gate itself
  gateCanDecide: 'The gate can read and write its log, and its clock agrees with the log’s.',
  // Reviewing
  staffRoleMayReview: 'Only staff with the role of a reviewer check what others did.',
  reviewerIsSomebodyElse: 'Nobody reviews their own attempts, in whatever role.',
  // Commands
  commandIsFresh: 'A command is not older than 24 hours.',
  commandIsNotReused: 'A command id stands for one payload.',
  // Installation
  changeIsTighter:
    'What is changed by a command gets stricter: a workspace’s settings, the installation’s, the catalogue.',
  changeIsDifferent: 'A change of policy or catalogue changes something.',
} as const;

export type RuleCode = keyof typeof RULES;

export function isRuleCode(text: unknown): text is RuleCode {
  return typeof text === 'string' && Object.hasOwn(RULES, text);
}
