import { useId, useRef, type Ref, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { fieldLabel } from '#domain/request/scope';
import { sentenceCase } from '../parts/sentence-case.ts';
import { Section } from '../parts/layout.tsx';
import { wrongId } from '../requests/wrong-id.ts';
import { fieldAsked, fieldCalled, maskedFields, unaskable } from './ask.ts';
import type { StartPart } from './start-case.tsx';

/** One masked value of one record: none of them, or exactly the one that is asked for, to be shown once (S1-44). */
export function RevealSection({
  choices: { catalogue },
  typed,
  set,
  pressed,
  asked,
  fields,
}: StartPart & {
  readonly pressed: boolean;
  /** The field that the address named. */
  readonly asked: string | null;
  readonly fields: { readonly field: RefObject<HTMLSelectElement | null>; readonly record: Ref<HTMLInputElement> };
}) {
  const ids = { field: useId(), record: useId(), hint: useId(), noField: useId(), noRecord: useId() };
  const begin = useRef<HTMLButtonElement>(null);
  const masked = maskedFields(catalogue);
  const why = unaskable(catalogue, asked);
  if (masked.length === 0 && why === undefined) return null;
  const isOpen = typed.field !== undefined;
  // As a link from the product has it that names no record.
  const isOwn = typed.record === undefined;
  const value = fieldAsked(catalogue, typed);
  const noField = pressed && value === null;
  const ofRecord = typed.record === undefined ? undefined : wrongId(typed.record.trim(), 'record');
  // What a link brought and nobody can see is told at once.
  const noRecord = value !== null && (pressed || value.record !== '') ? ofRecord : undefined;
  const open = () => {
    flushSync(() => set({ asks: true, field: '', record: '' }));
    fields.field.current?.focus();
  };
  const close = () => {
    flushSync(() => set({ field: undefined, record: undefined }));
    begin.current?.focus();
  };
  return (
    <Section title="One masked value" hint="Masked in every visit, unless somebody approved to show it, once.">
      <div role="alert">
        {why !== undefined && !value && (
          <p className="note plain case-gone">
            {why} {isOpen ? 'Choose another, or leave all of them masked.' : 'All of them stay masked.'}
          </p>
        )}
      </div>
      {isOpen ? (
        <>
          <div className="two">
            <div>
              <label htmlFor={ids.field}>Which value</label>
              <select
                id={ids.field}
                ref={fields.field}
                value={typed.field}
                aria-required="true"
                aria-invalid={noField || undefined}
                aria-describedby={noField ? ids.noField : undefined}
                onChange={({ target }) => set({ field: target.value })}
              >
                {typed.field === '' && <option value="">Choose one value</option>}
                {masked.map((of) => (
                  <option key={of.id} value={of.id}>
                    {sentenceCase(fieldCalled(of))}
                  </option>
                ))}
              </select>
              <p className="error" id={ids.noField} role="alert">
                {noField && 'Choose the value that you need to see.'}
              </p>
            </div>
            <div>
              {isOwn ? (
                <p className="label">Of which record</p>
              ) : (
                <>
                  <label htmlFor={ids.record}>Of which record</label>
                  <input
                    id={ids.record}
                    ref={fields.record}
                    type="text"
                    value={typed.record}
                    maxLength={200}
                    autoComplete="off"
                    autoCapitalize="none"
                    spellCheck={false}
                    aria-required="true"
                    aria-invalid={noRecord !== undefined || undefined}
                    aria-describedby={`${noRecord ? ids.noRecord : ''} ${ids.hint}`.trim()}
                    onChange={({ target }) => set({ record: target.value })}
                  />
                  <p className="error" id={ids.noRecord} role="alert">
                    {noRecord}
                  </p>
                  <p className="hint" id={ids.hint}>
                    Its id, as the product names it. Every other record’s stays masked.
                  </p>
                </>
              )}
              <label className="tick">
                <input
                  type="checkbox"
                  checked={isOwn}
                  onChange={({ target }) => set({ record: target.checked ? undefined : '' })}
                />
                <span>It is of no record, but the workspace’s own</span>
              </label>
            </div>
          </div>
          <p className="gap">
            {value && value.record !== '' && (
              <>
                You ask to <b>see {fieldLabel(value)}</b>, once.{' '}
              </>
            )}
            <button type="button" className="txt" onClick={close}>
              Leave it masked
            </button>
          </p>
        </>
      ) : (
        <p>
          {typed.sensitive?.length
            ? 'A request is about one thing, and this one about what is sensitive: masked values stay masked. '
            : 'Masked values stay masked, on every page that opens. '}
          <button type="button" className="txt" ref={begin} onClick={open}>
            {typed.sensitive?.length ? 'Ask for one value instead' : 'Ask for one value'}
          </button>
        </p>
      )}
    </Section>
  );
}
