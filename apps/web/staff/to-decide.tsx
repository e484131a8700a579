import { useEffect, useState } from 'react';
import { late } from '../parts/late.tsx';
import { ask } from '../graphql/ask.ts';
import { useLive, useVendorRequestNews } from '../live.ts';
import type { Settings } from '../owner/deciding.ts';
import { PageHead, Section } from '../parts/layout.tsx';
import { ConnectionNote, ProblemNote } from '../parts/notes.tsx';
import { VendorRequestsQuery, WorkspaceSettingsQuery } from '../requests/operations.ts';
import { page } from '../session/page.ts';

const Waiting = late(() => import('../owner/waiting.tsx'));

interface Deciding {
  readonly name: string;
  readonly mayDecide: boolean;
}

/** What waits for whoever decides for the vendor: the second of two approvals, or the only one. */
export function ToDecide({ name, mayDecide }: Deciding) {
  return (
    <>
      <PageHead
        title="To decide"
        lede={`What others of ${page.productName} asked for and somebody of ${page.productName} decides about. Nobody decides about their own.`}
      />
      {mayDecide ? (
        <Decisions name={name} />
      ) : (
        // Who may not read it doesn't try: each try would be a line.
        <Section title="Not yours to decide" first>
          <p>Your roles don’t let you decide for {page.productName}. Whoever may has this page.</p>
        </Section>
      )}
    </>
  );
}

function Decisions({ name }: Pick<Deciding, 'name'>) {
  const live = useLive(
    'requests for the vendor',
    (minPosition) => ask(VendorRequestsQuery, { minPosition }),
    useVendorRequestNews(),
  );
  const { data, problem } = live;
  const settings = useSettings((data?.open.nodes ?? []).map(({ workspaceId }) => workspaceId));
  const settingsFor = ({ workspaceId }: { readonly workspaceId: string }): Settings => ({
    side: 'vendor',
    deciders: [],
    startByMinutes: settings.get(workspaceId)?.startByMinutes,
    mayWiden: settings.get(workspaceId)?.mayWiden,
  });
  return (
    <>
      <ConnectionNote live={live} retry={() => void live.read()} />
      {problem?.kind === 'refused' && <ProblemNote problem={problem} />}
      {!data && !problem && <p className="small first-acts">Opening what waits …</p>}
      <Waiting
        {...{ settingsFor, live }}
        myName={name}
        mayDecide
        empty={<p>Nothing waits for your decision. What is asked for stands here at once.</p>}
        onDone={live.read}
      />
    </>
  );
}

type InForce = Pick<Settings, 'startByMinutes' | 'mayWiden'>;

/** What the settings in force in a workspace say of deciding, by workspace. */
function useSettings(workspaceIds: readonly string[]): ReadonlyMap<string, InForce> {
  const [known, setKnown] = useState<ReadonlyMap<string, InForce>>(new Map());
  const wanted = [...new Set(workspaceIds)].toSorted().join(' ');
  useEffect(() => {
    for (const workspaceId of wanted.split(' ').filter((id) => id !== ''))
      ask(WorkspaceSettingsQuery, { workspaceId }).then(
        ({ policy }) => {
          const valueOf = (of: string) => policy.settings.find(({ name }) => name === of)?.value;
          const [minutes, widen] = [valueOf('request.startByMinutes'), valueOf('approval.mayWiden')];
          const inForce: InForce = {
            startByMinutes: minutes === undefined ? undefined : Number(minutes),
            mayWiden: widen === undefined ? undefined : widen === 'true',
          };
          setKnown((before) => new Map([...before, [workspaceId, inForce]]));
        },
        () => undefined,
      );
  }, [wanted]);
  return known;
}
