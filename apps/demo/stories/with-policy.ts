import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcess } from '#server/testing/in-process';

/** The service with a policy of its own: what its file says. */
export function startWithPolicy(policy: string): Promise<InProcess> {
  return withPolicyFile(policy, (policyFile) => InProcess.start({ config: { policyFile } }));
}

/** The policy as a file, for as long as something starts. */
export async function withPolicyFile<T>(policy: string, start: (policyFile: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-policy-'));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, policy);
  try {
    return await start(policyFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
