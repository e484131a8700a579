const OPENS = 'open ';

/** Phrases of a can or can't list by what is done: opening, and everything else. Nothing is left out. */
export function grouped(phrases: readonly string[], and: 'and' | 'or'): string[] {
  const opens = phrases.filter((phrase) => phrase.startsWith(OPENS)).map((phrase) => phrase.slice(OPENS.length));
  const [first, ...others] = phrases.filter((phrase) => !phrase.startsWith(OPENS));
  return [
    ...(opens.length === 0 ? [] : [`${OPENS}${joined(opens, and)}`]),
    ...(first === undefined ? [] : [others.length === 0 ? first : `${first}: ${joined(others, and)}`]),
  ];
}

function joined(words: readonly string[], and: 'and' | 'or'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}
