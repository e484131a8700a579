import { caseInWords, caseShown } from './case-in-words.ts';

/** What a visit or a request is for, with the case set as an id. */
export function ForCase({
  caseRef,
  begins = false,
}: {
  readonly caseRef: string | null | undefined;
  /** It begins a sentence. */
  readonly begins?: boolean;
}) {
  if (!caseRef) return begins ? 'Without a case' : caseInWords(null);
  return (
    <>
      {begins ? 'For' : 'for'} <span className="id">{caseShown(caseRef)}</span>
    </>
  );
}

/** The case by itself, among facts: the id, or that there is none. */
export function Case({ caseRef }: { readonly caseRef: string | null | undefined }) {
  return caseRef ? <span className="id">{caseShown(caseRef)}</span> : 'none';
}
