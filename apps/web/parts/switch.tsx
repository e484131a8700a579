import type { ReactNode } from 'react';

/**
 * A switch with its label and the word On or Off. `onPress` is asked rather than told: what opens is chosen first.
 * Disabled, it stays where it is in the tab order, and says why.
 */
export function Switch({
  label,
  on,
  disabled = false,
  describedBy,
  expands,
  onPress,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly describedBy?: string | undefined;
  /** What the press opens, and whether it is open. */
  readonly expands?: { readonly id: string; readonly open: boolean } | undefined;
  readonly onPress: () => void;
}): ReactNode {
  return (
    <div className="gate">
      <span className="small" aria-hidden="true">
        {label}
      </span>
      <button
        type="button"
        className="switch"
        role="switch"
        aria-checked={on}
        aria-label={label}
        aria-describedby={describedBy}
        aria-disabled={disabled || undefined}
        aria-controls={expands?.open ? expands.id : undefined}
        onClick={() => {
          if (!disabled) onPress();
        }}
      >
        <span className="track" />
        <span>{on ? 'On' : 'Off'}</span>
      </button>
    </div>
  );
}
