import { afterEach, describe, expect, it, jest } from '@jest/globals';
import * as v from 'valibot';
import { checkOf } from './recognition.ts';
import { ensureOff, SIGNS, type Sign } from './running.ts';
import { keptBooks } from './snapshots.ts';
import { switchOff } from './state.ts';
import { SWITCHES, type Switch } from './switches.ts';
import { Ajv } from './validation.ts';

describe('the switches of the bench "overhead"', () => {
  afterEach(() => switchOff([]));

  it('hold bodies and facts to their schemas while validation is on, and to nothing while it is off', () => {
    const ajv = new Ajv({ strict: false });
    const validate = ajv.compile({ type: 'string' });
    const check = checkOf(v.string());
    const verdicts = () => [validate('a'), validate(1), check('a'), check(1)];
    expect(verdicts()).toEqual([true, false, true, false]);
    expect(ajv.errorsText(validate.errors, { dataVar: 'body' })).toBe('body must be string');
    switchOff(['validation']);
    expect(verdicts()).toEqual([true, true, true, true]);
    switchOff(SWITCHES.filter((each) => each !== 'validation'));
    expect(verdicts()).toEqual([true, false, true, false]);
  });

  it('save no snapshot while snapshots are off', () => {
    const save = jest.fn();
    const kept = keptBooks({ save } as never);
    const keep = () => kept.keep('workspace-1', { state: { sessions: new Map(), grants: new Map() } } as never);
    switchOff(['snapshots']);
    keep();
    expect(save).not.toHaveBeenCalled();
    switchOff([]);
    // The state is none that could be packed: it was tried.
    expect(keep).toThrow();
  });

  /** A service that shows the signs of all its parts but those. */
  const showing = (...never: Sign[]) => ({
    switchOff: () => Promise.resolve(),
    signs: () => Promise.resolve(new Set((Object.keys(SIGNS) as Sign[]).filter((sign) => !never.includes(sign)))),
  });
  const tried = (off: readonly Switch[], ...never: Sign[]) => ensureOff(showing(...never), off, 0, 0);

  it('are refused where they do nothing, and where a part is off that should be on', async () => {
    await expect(tried([])).resolves.toBeUndefined();
    await expect(tried(['logging'], 'writes a line')).resolves.toBeUndefined();
    await expect(tried(['logging'])).rejects.toThrow('without logging: writes a line all the same.');
    await expect(tried(['metrics'], 'watches the event loop')).rejects.toThrow(
      'without metrics: watches the garbage collector all the same.',
    );
    await expect(tried([], 'saves snapshots')).rejects.toThrow('without nothing: never saves snapshots.');
  });
});
