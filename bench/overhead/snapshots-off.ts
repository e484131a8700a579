/** In the place of the service's stores: no workspace's state is kept. */
import type { KeptStandings } from '#server/desk/surroundings';
import type { Book } from '#domain/book/book';

export * from '#server/stores';

export const keptBooks = (): KeptStandings<Book> => ({ load: () => undefined, keep: () => undefined });
