/** Markup that is safe to send: its holes were escaped when it was made. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Hole = string | number | Markup | null | undefined | false | readonly Hole[];

/** Text as HTML text or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A template whose holes are escaped unless they are markup already; lists are joined, `null` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  return new Markup(parts.map((part, at) => part + (at < holes.length ? textOf(holes[at]) : '')).join(''));
}

function textOf(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return '';
  if (hole instanceof Markup) return hole.text;
  if (typeof hole === 'object') return hole.map(textOf).join('');
  return escapeHtml(String(hole));
}
