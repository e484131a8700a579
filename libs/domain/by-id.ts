/** Things by their ids, in the order in which they came. It is never changed; small ones take a third of a map's room. */
export class ById<Id extends string, Thing extends { readonly id: Id }> {
  readonly all: readonly Thing[];

  private constructor(all: readonly Thing[]) {
    this.all = all;
  }

  static of<Id extends string, Thing extends { readonly id: Id }>(all: readonly Thing[]): ById<Id, Thing> {
    return new ById(all);
  }

  get(id: Id): Thing | undefined {
    return this.all.find((thing) => thing.id === id);
  }

  /** With the thing in the place of the one that has its id, else behind all others. */
  with(thing: Thing): ById<Id, Thing> {
    const at = this.all.findIndex(({ id }) => id === thing.id);
    // `concat` and `slice` make arrays without room for more, which literals and `filter` don't.
    return new ById(at < 0 ? this.all.concat([thing]) : this.all.with(at, thing));
  }

  without(id: Id): ById<Id, Thing> {
    return new ById(this.all.filter((thing) => thing.id !== id).slice());
  }
}
