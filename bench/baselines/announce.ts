/** Tells the bench on which loopback ports this server listens, and lets it end with the bench. */
export function announce(ports: readonly number[], stop: () => Promise<void> | void = () => {}): void {
  const end = async (): Promise<void> => {
    await stop();
    process.exit(0);
  };
  // Gone, by a signal or by its own end: a baseline never outlives its bench.
  process.once('disconnect', () => void end());
  process.once('SIGTERM', () => void end());
  process.send?.({ ports });
}
