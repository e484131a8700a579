/**
 * Until when a grant is used, epoch milliseconds: counted from the approval, or from the planned start where that lies
 * ahead. Whoever is shown beforehand what an approval writes reads it from here too.
 */
export function startByFor(
  plannedStart: number | null,
  now: number,
  { request }: { readonly request: { readonly startByMinutes: number } },
): number {
  return Math.max(now, plannedStart ?? now) + request.startByMinutes * 60_000;
}
