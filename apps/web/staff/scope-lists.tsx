import { CanAndCannot } from '../parts/signs.tsx';

const OPENS = 'open ';

/** The exact lists of a visit, by what is done: opening, and everything else. Nothing is left out. */
export function ScopeLists({ can, cannot }: { readonly can: readonly string[]; readonly cannot: readonly string[] }) {
  return (
    <CanAndCannot
      can={{ title: 'You can', items: can.length === 0 ? ['Open no page'] : grouped(can, 'and') }}
      cannot={{ title: 'You can’t', items: grouped(cannot, 'or') }}
    />
  );
}

/** Phrases by what is done: opening, and everything else. */
export function grouped(phrases: readonly string[], and: string): readonly string[] {
  const opens = phrases.filter((phrase) => phrase.startsWith(OPENS)).map((phrase) => phrase.slice(OPENS.length));
  const [first, ...others] = phrases.filter((phrase) => !phrase.startsWith(OPENS));
  return [
    ...(opens.length === 0 ? [] : [`${OPENS}${listed(opens, and)}`]),
    ...(first === undefined ? [] : [others.length === 0 ? first : `${first}: ${listed(others, and)}`]),
  ];
}

function listed(words: readonly string[], and: string): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}
