import type { MaskKind } from '@gatebook/protocol';
import type { Catalogue, CatalogueMistake } from './catalogue.ts';
import type { Trigger } from '../policy/triggers.ts';

/** Names of fields that hold what must never be shown, and the masks that are fit for each kind (S1-37 to S1-43). */
const DELICATE: readonly { readonly name: RegExp; readonly holds: string; readonly fit: readonly MaskKind[] }[] = [
  {
    name: /pass(word|phrase|code)|secret|recovery|otp|cvv|cvc|session/i,
    holds: 'a secret',
    fit: ['secret', 'hidden'],
  },
  { name: /token|api-?key|credential/i, holds: 'a token', fit: ['secret', 'hidden', 'last2'] },
  { name: /card\.?-?num|^pan$|iban|account-?num/i, holds: 'a number to pay with', fit: ['secret', 'hidden', 'last4'] },
  {
    name: /tax-?id|vat-?id|passport|national-?id|social-?security|ssn|birth/i,
    holds: 'personal identification',
    fit: ['personal-id', 'secret', 'hidden'],
  },
  { name: /phone|mobile/i, holds: 'a telephone number', fit: ['phone', 'secret', 'hidden'] },
  { name: /e-?mail/i, holds: 'an e-mail address', fit: ['email', 'secret', 'hidden'] },
];

/** What a request hits by being one: no action has it as an effect. */
const NO_EFFECTS: readonly Trigger[] = [
  'every session',
  'every write',
  'reveal',
  'sensitive page',
  'sensitive account',
];

const OPENS_ALL =
  'no job has this action, and neither "pages" nor an area says what it needs: asked for, it opens every page of class view';
const OPENS_NOT = 'a sensitive page is opened by a request of its own, and not with an action';

const PLACEHOLDERS = ['record', 'target', 'name'];

/** What is allowed in a catalogue and may not be meant: each with where it stands. */
export function doubtsIn(catalogue: Catalogue): CatalogueMistake[] {
  const { areas, pages, actions, fields, jobs } = catalogue;
  const doubts: CatalogueMistake[] = [];
  const doubt = (message: string, ...path: (string | number)[]) => doubts.push({ path, message });

  const entered = new Set([...Object.values(pages), ...Object.values(actions)].map(({ area }) => area));
  for (const id of Object.keys(areas)) {
    if (!entered.has(id)) doubt('no page and no action is in this area', 'areas', id);
  }

  const opened = new Set(Object.values(jobs).flatMap((job) => job.pages));
  for (const [id, page] of Object.entries(pages)) {
    for (const name of unknownPlaceholders(page.label)) doubt(placeholderSaid(name), 'pages', id, 'label');
    if (page.class === 'view' && !opened.has(id)) {
      doubt('no job has this page: only a visit without a job opens it', 'pages', id);
    }
  }

  const performed = new Set(Object.values(jobs).flatMap((job) => job.actions));
  for (const [id, action] of Object.entries(actions)) {
    const { label, effects = [] } = action;
    for (const name of unknownPlaceholders(label)) doubt(placeholderSaid(name), 'actions', id, 'label');
    if (action.class === 'restricted' && effects.length === 0) {
      doubt('a restricted action says in "effects" what it does, so that the right people are asked', 'actions', id);
    }
    if (action.class === 'never' && effects.length > 0) {
      doubt('nobody is ever asked for an action of class never: its effects say nothing', 'actions', id, 'effects');
    }
    if (action.class !== 'never' && !performed.has(id)) {
      doubt((action.pages ?? action.area) ? 'no job has this action' : OPENS_ALL, 'actions', id);
    }
    if (action.pages?.length === 0) doubt('a visit for this would open no page', 'actions', id, 'pages');
    action.pages?.forEach((page, at) => {
      if (pages[page]?.class === 'sensitive') doubt(OPENS_NOT, 'actions', id, 'pages', at);
    });
    if (action.target === undefined && label.includes('{target}')) {
      doubt('the label names a target, and the action says nothing of one in "target"', 'actions', id, 'label');
    }
    effects.forEach((effect, at) => {
      if (NO_EFFECTS.includes(effect)) doubt(`“${effect}” is no effect of an action`, 'actions', id, 'effects', at);
    });
  }

  for (const [id, { mask, label = '' }] of Object.entries(fields)) {
    for (const name of unknownPlaceholders(label)) doubt(placeholderSaid(name), 'fields', id, 'label');
    const kind = DELICATE.find(({ name }) => name.test(id));
    if (kind && !(kind.fit as readonly string[]).includes(mask)) {
      doubt(`looks like ${kind.holds}, which ${listed(kind.fit)} would mask`, 'fields', id, 'mask');
    }
  }

  for (const [id, job] of Object.entries(jobs)) {
    if (job.pages.length === 0 && job.actions.length === 0) doubt('this job opens nothing', 'jobs', id);
    if (job.mode === 'edit' && job.actions.length === 0) {
      doubt('a job of mode "edit" without an action only reads', 'jobs', id, 'mode');
    }
    for (const name of unknownPlaceholders(job.label)) doubt(placeholderSaid(name), 'jobs', id, 'label');
  }
  return doubts;
}

function unknownPlaceholders(label: string): string[] {
  return [...label.matchAll(/\{([^}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !PLACEHOLDERS.includes(name));
}

function placeholderSaid(name: string): string {
  return `{${name}} is filled by nothing; there are ${listed(PLACEHOLDERS.map((known) => `{${known}}`))}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
