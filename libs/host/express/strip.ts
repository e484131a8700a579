import { caseInWords, visibly, type Banner } from '@gatebook/protocol';
import { markup, type Markup } from './html.ts';

export const PREFIX = '/gatebook';

const EYE = markup`<svg class="gatebook-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12Z" />
  <circle cx="12" cy="12" r="3" />
</svg>`;
const PEN = markup`<svg class="gatebook-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="m4 20 1-5L16.5 3.5l4 4L9 19l-5 1ZM14 6l4 4" />
</svg>`;
const DOWN = markup`<svg class="gatebook-icon gatebook-down" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="m6 9.5 6 6 6-6" />
</svg>`;
const DOOR = markup`<svg class="gatebook-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M10 4H4.5v16H10M9.5 12h11M16 7.5l4.5 4.5-4.5 4.5" />
</svg>`;

export interface StripOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Address of the page, to come back to after Stay. */
  readonly back: string;
}

/**
 * What stands on top of every page of a visit: mode, who, where, which case, until when; Exit first in tab order, Stay,
 * and what can and can't be done. No script; the look is in `/gatebook/strip.css`.
 */
export function strip(banner: Banner, { now, back }: StripOptions): Markup {
  const {
    mode,
    action,
    field,
    notice,
    staffName,
    viewedAs,
    customer,
    caseRef,
    endsAt,
    idleEndsAt,
    approval,
    can,
    cannot,
  } = banner;
  // Told apart by sign, word and edge, never by colour alone.
  const kind = action?.isExport ? 'EXPORT' : 'WRITE';
  const [sign, word] = mode === 'write' ? [PEN, `${kind}, ONE ACTION`] : [EYE, 'READ ONLY'];
  const as = viewedAs === undefined ? '' : `, viewing as ${viewedAs}`;
  const exactly = action?.exactly === undefined ? '' : ` ${action.exactly}`;
  const deed =
    action && (action.isDone ? ` ${capital(action.label)}: done.` : ` You may ${action.label}, once.${exactly}`);
  const value = field && (field.isShown ? ` You were shown ${field.label}.` : ` You may see ${field.label}, once.`);
  const left = timeLeft(endsAt, now);
  // On a phone there is room for the mode in a word, and for what it is about.
  const brief = action
    ? `${capital(action.label)}${action.isDone ? ': done' : ''}, ${left} left`
    : field
      ? `${field.isShown ? '' : 'May see '}${field.label}${field.isShown ? ': shown' : ''}, ${left} left`
      : `${customer}${viewedAs === undefined ? '' : ` as ${viewedAs}`}, ${caseRef === null ? 'no case' : visibly(caseRef)}, ${left} left`;
  const stay = markup`<form class="gatebook-stay" method="post" action="${PREFIX}/stay">
    <input type="hidden" name="back" value="${back}" /><button>Stay</button>
  </form>`;
  return markup`<section class="gatebook-strip gatebook-${mode}" role="region" aria-label="Support session">
    <link rel="stylesheet" href="${PREFIX}/strip.css" />
    <form class="gatebook-exit" method="post" action="${PREFIX}/exit">
      <button>${DOOR} Exit<span class="gatebook-wide"> visit</span></button>
    </form>
    <p class="gatebook-mode">${sign} ${word}</p>
    <div class="gatebook-text">
      <p><b>You, ${staffName}, are in ${customer} ${caseInWords(caseRef)}${as}</b></p>
      <p>${notice === undefined ? '' : `${notice}. `}Ends ${clock(endsAt)}, in ${left}. ${approval}.${deed ?? ''}${value ?? ''}</p>
    </div>
    ${stay}
    <details class="gatebook-details">
      <summary>
        <span class="gatebook-tap"
          ><b>${sign} ${action ? kind : word} ${DOWN}</b
          ><span class="gatebook-brief">${brief}</span></span
        ><span class="gatebook-what">What can I do? ${DOWN}</span>
      </summary>
      <div class="gatebook-panel">
        <div>
          <h2>You can</h2>
          <ul>
            ${can.map((phrase) => markup`<li>${capital(phrase)}</li>`)}
          </ul>
        </div>
        <div>
          <h2>You can’t</h2>
          <ul>
            ${cannot.map((phrase) => markup`<li>${capital(phrase)}</li>`)}
          </ul>
        </div>
        <div class="gatebook-idle">
          <p>
            The customer sees each page you open. Left alone, this visit ends at ${clock(idleEndsAt)}, in
            ${timeLeft(idleEndsAt, now)}; opening a page, or Stay, keeps it.
          </p>
          ${stay}
        </div>
      </div>
    </details>
  </section> `;
}

/** `14:32 UTC`, with the exact time beside it for machines. */
function clock(instant: string): Markup {
  const iso = new Date(instant).toISOString();
  return markup`<time datetime="${iso}">${iso.slice(11, 16)} UTC</time>`;
}

/** `18 min`, `1 h 5 min`, `less than a minute`; never more than there is. */
export function timeLeft(instant: string, now: number): string {
  const minutes = Math.floor((Date.parse(instant) - now) / 60_000);
  if (minutes < 1) return 'less than a minute';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function capital(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}
