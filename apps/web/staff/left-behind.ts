import { labelFor } from '#domain/catalogue/catalogue';

/** The sensitive pages that a visit may open, as its own list calls them: more time for it has none of them (S4-21). */
export function leftBehind(
  can: readonly string[],
  pages: readonly { readonly label: string; readonly class: string }[],
): string[] {
  const sensitive = pages.filter(({ class: risk }) => risk === 'sensitive').map(({ label }) => labelFor(label, null));
  return sensitive.filter((label) => can.includes(`open ${label}`));
}
