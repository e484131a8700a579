export { EVERYTHING, factAs, identityAs, namesAs, personAs, type IdentityShown } from './identity.ts';
export { evolveNames, noNames, type NamedRequest, type NamedSession, type Names, type SpokenFact } from './names.ts';
export { markOf } from './line.ts';
export { sentenceFor } from './sentence-for.ts';
export { utcTime, type FormatTime, type Mark, type Part, type Sentence } from './sentence.ts';
