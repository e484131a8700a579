import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcess } from '#server/testing/in-process';

/** The service with a policy of its own: what its file says. */
export async function startWithPolicy(policy: string): Promise<InProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-policy-'));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, policy);
  try {
    return await InProcess.start({ config: { policyFile } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
