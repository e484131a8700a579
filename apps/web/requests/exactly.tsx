import type { ArgumentItem } from '#wording/exactly';

/** What an action is done with, name by name: what is approved is exactly this. Nothing where it is done with nothing. */
export function Exactly({
  items,
  title = 'With exactly',
}: {
  readonly items: readonly ArgumentItem[];
  readonly title?: string;
}) {
  if (items.length === 0) return null;
  return (
    <div className="exactly">
      <p className="label">{title}</p>
      <dl>
        {items.map(({ name, value }) => (
          <div key={name}>
            {/* A long one scrolls, so it can be come to by key. */}
            <dt tabIndex={name.length > 100 ? 0 : undefined}>{name}</dt>
            <dd tabIndex={value.length > 400 ? 0 : undefined}>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
