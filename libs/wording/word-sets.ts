import type { PresetName } from '#domain/policy/policy';

/** The words of screens and banners that a preset brings with it; `{name}`, `{action}` and `{case}` are filled in. */
export interface WordSet {
  /** Where the owner finds it, in the product's settings. */
  readonly panel: string;
  /** Beside the switch. */
  readonly switchLabel: string;
  /** How a request to change something begins in the owner's panel. */
  readonly writeRequest: string;
  /** On every page, while somebody of support is inside, where a case is what they are in for. */
  readonly banner: string;
  /** The same without a case. */
  readonly bannerWithoutCase: string;
  /** To a staff member who goes on after an off. */
  readonly revoked: string;
}

const DEFAULT: WordSet = {
  panel: 'Staff access', // S0-7
  switchLabel: 'Allow staff to open my workspace', // S0-8
  writeRequest: 'Write request from {name} to {action}', // S0-22
  banner: 'Looking at case {case} with you', // S0-45
  bannerWithoutCase: 'Viewing as staff', // S0-15
  revoked: 'Support access has been revoked', // S3-21
};

/** Where nobody is let in by a switch, it keeps everybody out, and says so. */
const BLOCK = 'Let support visit my workspace';

export const WORD_SETS: { readonly [Name in PresetName]: WordSet } = {
  default: DEFAULT,
  'day-pass': DEFAULT,
  traceable: { ...DEFAULT, panel: 'Support visits', switchLabel: BLOCK },
  'by-request': { ...DEFAULT, panel: 'Support access', switchLabel: 'Let support ask for access' },
  switch: { ...DEFAULT, panel: 'Support Access', switchLabel: 'Allow support access' }, // S3-3, S3-18
  'per-ticket': { ...DEFAULT, panel: 'Support sessions', switchLabel: BLOCK },
};

/** A text with its placeholders filled in; what nothing is known of stays as it is. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  // In one pass, and by a function: what is filled in is neither a placeholder nor a pattern.
  return text.replaceAll(/\{([a-z]+)\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? all) : all,
  );
}
