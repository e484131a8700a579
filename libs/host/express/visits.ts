import type { Banner, Introspection } from '@gatebook/protocol';
import type { ServerResponse } from 'node:http';
import { ExchangeRefused, type GateClient } from './gate-client.ts';

/** What the product's process can be told about time, so that a test can tell it. */
export interface Clocks {
  /** Milliseconds that only go forward (`performance.now`): how long a yes holds. */
  readonly monotonic: () => number;
  /** Epoch milliseconds: what the strip says is left. */
  readonly now: () => number;
}

type ActiveVisit = Extract<Introspection, { active: true }>;

/** A page that was opened, by its address: what its parts are asked for with. */
export interface View {
  readonly id: string;
  readonly page: string;
  readonly record?: string;
}

/** One visit as this process knows it. It decides nothing: each request is asked for all the same. */
export class Visit {
  readonly who: ActiveVisit;
  /** The newest strip. */
  banner: Banner;
  /** Whether its clicks are wanted, as the newest answer says. */
  clicks = false;
  /** Once it is over: the sentence that says why. */
  ended: string | undefined;
  /** Answers that are on their way to the browser. */
  readonly underWay = new Set<ServerResponse>();
  readonly #views = new Map<string, View>();

  constructor(who: ActiveVisit) {
    this.who = who;
    this.banner = who.banner;
  }

  opened(address: string, view: View): void {
    this.#views.delete(address);
    this.#views.set(address, view);
    dropOldest(this.#views, 64);
  }

  viewAt(address: string): View | undefined {
    return this.#views.get(address);
  }

  end(sentence: string): void {
    this.ended = sentence;
    this.cut();
  }

  /** Cuts what is still being sent; what has not begun is refused when it begins. */
  cut(): void {
    for (const response of this.underWay) if (response.headersSent) response.destroy();
  }
}

/** A token and the visit behind it. */
export interface Held {
  readonly token: string;
  readonly visit: Visit;
  /** Monotonic milliseconds from which on the token has less than half of its life left. */
  readonly renewFrom: number;
}

/** The service knows of no such visit, or of its end. */
export class VisitOver extends Error {
  override readonly name = 'VisitOver';
  readonly sentence: string | undefined;
  constructor(sentence?: string) {
    super(sentence ?? 'The visit is over.');
    this.sentence = sentence;
  }
}

const HELD_MAX = 2000;

/** The visits that this process has seen, by token and by session. */
export class Visits {
  readonly #client: GateClient;
  readonly #clocks: Clocks;
  readonly #held = new Map<string, Held>();
  readonly #sessions = new Map<string, Visit>();
  readonly #renewing = new Map<string, Promise<Held>>();

  constructor(client: GateClient, clocks: Clocks) {
    this.#client = client;
    this.#clocks = clocks;
  }

  /** Whose visit a token is, asked once per token. @throws {VisitOver | GateUnavailable} */
  async of(token: string): Promise<Held> {
    const known = this.known(token);
    if (known) return known;
    const found = await this.#client.introspect(token);
    if (found.active) return this.#hold(token, found);
    if (found.ended) throw new VisitOver(found.ended.sentence);
    // Not active and not ended: too old, perhaps, of a visit that goes on.
    return this.renewed(token);
  }

  known(token: string): Held | undefined {
    return this.#held.get(token);
  }

  session(sid: string): Visit | undefined {
    return this.#sessions.get(sid);
  }

  all(): Iterable<Visit> {
    return this.#sessions.values();
  }

  /** A younger token of the same visit; parallel requests share one exchange. @throws {VisitOver | GateUnavailable} */
  renewed(token: string): Promise<Held> {
    let renewing = this.#renewing.get(token);
    if (!renewing) {
      renewing = this.#renew(token).finally(() => this.#renewing.delete(token));
      this.#renewing.set(token, renewing);
    }
    return renewing;
  }

  /** Forgets a visit that is over, and cuts what is still being sent of it. */
  over(token: string, sentence: string): void {
    const visit = this.#held.get(token)?.visit;
    this.#held.delete(token);
    if (!visit) return;
    this.#sessions.delete(visit.who.sid);
    visit.end(sentence);
  }

  async #renew(token: string): Promise<Held> {
    const askedAt = this.#clocks.monotonic();
    let younger;
    try {
      younger = await this.#client.renew(token);
    } catch (error) {
      if (error instanceof ExchangeRefused) throw new VisitOver();
      throw error;
    }
    const found = await this.#client.introspect(younger.access_token);
    if (!found.active) throw new VisitOver(found.ended?.sentence);
    return this.#hold(younger.access_token, found, askedAt + (younger.expires_in * 1000) / 2);
  }

  #hold(token: string, who: ActiveVisit, renewFrom = this.#halfLifeOf(who)): Held {
    let visit = this.#sessions.get(who.sid);
    if (!visit || !sameVisit(visit.who, who)) {
      visit = new Visit(who);
      this.#sessions.set(who.sid, visit);
      dropOldest(this.#sessions, HELD_MAX);
    }
    const held = { token, visit, renewFrom };
    this.#held.set(token, held);
    dropOldest(this.#held, HELD_MAX);
    return held;
  }

  #halfLifeOf({ iat, exp }: ActiveVisit): number {
    const life = (exp - iat) * 1000;
    const left = Math.min(Math.max(exp * 1000 - this.#clocks.now(), 0), life);
    return this.#clocks.monotonic() + left - life / 2;
  }
}

function sameVisit(a: ActiveVisit, b: ActiveVisit): boolean {
  return a.sid === b.sid && a.staff === b.staff && a.ws === b.ws && a.aud === b.aud;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
