/** Who did something. `id` is pseudonymous; names stand only in a fact's `personal` part. */
export interface Actor {
  readonly kind: 'staff' | 'member' | 'product' | 'system' | 'operator';
  readonly id: string;
}
