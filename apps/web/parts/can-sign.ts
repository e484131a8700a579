/** Which sign stands before what somebody can do: looking by the eye, a change or an export by the pen of its tag, time by a clock. */
export function signOf(phrase: string): 'eye' | 'pen' | 'clock' {
  if (/^stay for /i.test(phrase)) return 'clock';
  return phrase.endsWith(', once') && !/^see /i.test(phrase) ? 'pen' : 'eye';
}
