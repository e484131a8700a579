import { describe, expect, it } from '@jest/globals';
import { argumentFields, argumentsWished } from './arguments.ts';

const ASKED = '{"lines":[1,2],"note":"a\\u202eb","value":"20 %"}';
const wished = (edited: Record<string, string>) => argumentsWished(ASKED, edited);

describe('What an action is done with, edited by who approves it (S4-26)', () => {
  it('is a field each: a text as it is read, anything else as the JSON that it is', () => {
    expect(argumentFields(ASKED)).toEqual([
      { name: 'lines', shown: 'lines', isText: false, text: '[1,2]', asked: '[1,2]' },
      { name: 'note', shown: 'note', isText: false, text: '"a\\u202eb"', asked: '"a\\u202eb"' },
      { name: 'value', shown: 'value', isText: true, text: '20 %', asked: '"20 %"' },
    ]);
    expect(argumentFields(null)).toEqual([]);
  });

  it('stays exactly what was asked for where nobody edited it', () => {
    expect(wished({})).toEqual({ json: ASKED });
    expect(wished({ value: '20 %', lines: '[1,2]' })).toEqual({ json: ASKED });
    expect(argumentsWished(null)).toEqual({ json: null });
    // All of them were taken away by who approved first: that is no change of the second’s.
    expect(argumentsWished('{}')).toEqual({ json: '{}' });
  });

  it('is a text where a text was asked for, and of its own kind elsewhere', () => {
    expect(wished({ value: '10' })).toEqual({ json: '{"lines":[1,2],"note":"a\\u202eb","value":"10"}' });
    expect(wished({ lines: ' [ 1 ] ' })).toEqual({ json: '{"lines":[1],"note":"a\\u202eb","value":"20 %"}' });
  });

  it('is nothing that could be read in two ways, or not at all', () => {
    expect(wished({ lines: '{"a":1,"a":2}', value: '' })).toEqual({
      mistakes: new Map([
        ['lines', 'It has the key “a” twice: a text stands in quotes.'],
        ['value', 'Say the value that it may be done with.'],
      ]),
    });
    expect(wished({ note: 'ab' })).toEqual({
      mistakes: new Map([['note', 'It must be JSON: a text stands in quotes.']]),
    });
  });

  it('is none that was not asked for', () => {
    expect(wished({ more: 'x' })).toEqual({ json: ASKED });
  });
});
