import type { EvaluationAnswer, EvaluationRequest } from '@gatebook/protocol';
import type { Page } from './pages.ts';

/** What asking for rows came to: nothing, where they may be shown; else the page that is sent in the answer's place. */
export type RowsSaid = Page | undefined;

/**
 * The rows of customers' data that one answer shows, as the product's code counts them. Each count is asked about and
 * written down in turn; what the answer holds waits until then.
 */
export class Rows {
  readonly #ask: (rows: number) => Promise<RowsSaid>;
  #asking: Promise<RowsSaid> | undefined;
  #refused: Page | undefined;
  /** Whether the product has said a number, be it none. */
  isTold = false;

  constructor(ask: (rows: number) => Promise<RowsSaid>) {
    this.#ask = ask;
  }

  /**
   * So many more rows. @returns whether they may be shown; where not, the answer is given without the product.
   * @throws {RangeError} at once, where that is no number of rows.
   */
  tell(count: number): Promise<boolean> {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is no number of rows.`);
    this.isTold = true;
    return this.#tell(count);
  }

  async #tell(count: number): Promise<boolean> {
    if (this.#refused) return false;
    if (count === 0 && !this.#asking) return true;
    const before = this.#asking;
    const asking = (async () => (await before) ?? this.#ask(count))();
    this.#asking = asking;
    const refused = await asking;
    if (this.#asking === asking) this.#asking = undefined;
    this.#refused ??= refused;
    return this.#refused === undefined;
  }

  /** While something is asked: what it comes to. */
  get underWay(): Promise<RowsSaid> | undefined {
    return this.#asking;
  }
}

/** The question whether an answer that was let through may show so many rows: as a part of its page's view. */
export function rowsQuestion(
  question: EvaluationRequest,
  { context }: Extract<EvaluationAnswer, { decision: true }>,
  rows: number,
): EvaluationRequest {
  const { resource } = question;
  return {
    ...question,
    resource: { ...resource, properties: { ...withoutTitle(resource.properties), rows } },
    context: { purpose: 'serve', input: false, ...(context.view !== undefined && { page: context.view }) },
  };
}

function withoutTitle({ title: _, ...rest }: EvaluationRequest['resource']['properties']) {
  return rest;
}
