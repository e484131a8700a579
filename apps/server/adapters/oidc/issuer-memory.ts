import type { Adapter, AdapterPayload } from 'oidc-provider';

/** More sign-ins, codes and sessions at a time than a demonstration has; beyond it the oldest go. */
const MOST_ENTRIES = 5000;

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/**
 * What one embedded issuer remembers, in memory: a factory of adapters as oidc-provider takes it. After a restart
 * everybody signs in again.
 */
export function issuerMemory(now: () => number = Date.now): (model: string) => Adapter {
  const entries = new Map<string, Entry>();

  const get = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.expiresAt <= now()) {
      entries.delete(key);
      return undefined;
    }
    return entry?.payload;
  };
  const findBy = (model: string, matches: (payload: AdapterPayload) => boolean) => {
    for (const key of entries.keys()) {
      if (!key.startsWith(`${model}:`)) continue;
      const payload = get(key);
      if (payload && matches(payload)) return payload;
    }
    return undefined;
  };

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      const key = `${model}:${id}`;
      entries.delete(key);
      entries.set(key, { payload, expiresAt: expiresIn ? now() + expiresIn * 1000 : Infinity });
      if (entries.size <= MOST_ENTRIES) return;
      for (const old of entries.keys()) get(old);
      // A map keeps the order of insertion, so the first one is the oldest.
      for (const old of entries.keys()) {
        if (entries.size <= MOST_ENTRIES) break;
        entries.delete(old);
      }
    },
    async find(id) {
      return get(`${model}:${id}`);
    },
    async findByUid(uid) {
      return findBy(model, (payload) => payload.uid === uid);
    },
    async findByUserCode(userCode) {
      return findBy(model, (payload) => payload.userCode === userCode);
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`);
    },
    async consume(id) {
      const payload = get(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(now() / 1000);
    },
    async revokeByGrantId(grantId) {
      for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key);
    },
  });
}
