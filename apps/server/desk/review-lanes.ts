import { foldReviews } from '#domain/facts';
import { reviewDenials, type ReviewDenials } from '#domain/review/review-denials';
import { noReviews, type ReviewFact, type Reviews } from '#domain/review/review';
import type { LaneKind } from './batch.ts';
import type { Denials } from './denials.ts';
import { Lane } from './lane.ts';
import type { Caller, Outcome } from './outcome.ts';
import type { OutsideStates } from './outside.ts';
import type { LaneSurroundings } from './surroundings.ts';

const REVIEWS_PREFIX = 'reviews-';

/** Reviewers' words, each in the stream of the person whom it is about. They are rare: a lane is kept while it works. */
export class ReviewLanes {
  readonly #around: LaneSurroundings;
  readonly #outside: OutsideStates;
  readonly #denials: Denials;
  readonly #lanes = new Map<string, Lane<Reviews, ReviewDenials, ReviewFact>>();
  readonly #kind: LaneKind<Reviews, ReviewDenials, ReviewFact> = {
    initial: noReviews,
    fold: foldReviews,
    decide: (command) => reviewDenials(command, this.#outside.staff(command.staffId).state),
    commands: (reviews) => reviews.commands,
    isRestricting: () => false,
  };

  constructor(around: LaneSurroundings, outside: OutsideStates, denials: Denials) {
    this.#around = around;
    this.#outside = outside;
    this.#denials = denials;
  }

  /** A refusal stands in the reviewer's own denials. @throws {NotNow} */
  async submit(command: ReviewDenials, caller: Caller): Promise<Outcome<ReviewFact>> {
    const stream = REVIEWS_PREFIX + command.personId;
    let lane = this.#lanes.get(stream);
    if (!lane) this.#lanes.set(stream, (lane = new Lane(stream, this.#kind, this.#around)));
    const outcome = await lane.submit(command, caller);
    if (lane.isAtRest && this.#lanes.get(stream) === lane) this.#lanes.delete(stream);
    if (outcome.kind === 'refused') await this.#deny(command, outcome.refusal, caller);
    return outcome;
  }

  async #deny({ type, staffId }: ReviewDenials, refusal: Parameters<Denials['record']>[0]['refusal'], caller: Caller) {
    const name = this.#outside.staff(staffId).state.shown?.name ?? null;
    await this.#denials.record({
      subject: staffId,
      attempt: { command: type, label: 'review what was refused' },
      refusal,
      sessionId: null,
      caller,
      presenter: { subject: staffId, name },
    });
  }
}
