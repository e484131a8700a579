/**
 * Text as HTML text or a quoted attribute. Everything beyond ASCII is written as a character reference, so that what is
 * put into a product's page reads the same in whatever encoding the page has.
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/[^\t\n\r -~]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** Markup whose holes are escaped, unless they hold markup already. */
export function markup(
  parts: TemplateStringsArray,
  ...holes: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  let text = ascii(parts[0] ?? '');
  holes.forEach((hole, at) => {
    if (hole instanceof Markup) text += hole.text;
    else if (typeof hole === 'object') text += hole.map((one) => one.text).join('');
    else text += escapeHtml(String(hole));
    text += ascii(parts[at + 1] ?? '');
  });
  return new Markup(text);
}

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

function ascii(markup: string): string {
  return markup.replaceAll(/[^\t\n\r -~]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** What stands before a page's body may quote markup: comments, scripts, styles and titles are stepped over. */
const BODY =
  /<!--[\s\S]*?-->|<(script|style|title|textarea|template|noscript|xmp)(?=[\s/>])[\s\S]*?<\/\1\s*>|<(body)(?=[\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const DOCTYPE = /^\s*<!doctype[^>]*>/i;

/**
 * A page with `strip` as the first thing in its body; right behind the doctype where there is no body tag. `page` is one
 * character a byte, so that no encoding is guessed at; `strip` is ASCII.
 */
export function withStrip(page: string, strip: string): string {
  for (const match of page.matchAll(BODY)) {
    if (match[2] === undefined) continue;
    const at = match.index + match[0].length;
    return page.slice(0, at) + strip + page.slice(at);
  }
  const at = DOCTYPE.exec(page)?.[0].length ?? 0;
  return page.slice(0, at) + strip + page.slice(at);
}
