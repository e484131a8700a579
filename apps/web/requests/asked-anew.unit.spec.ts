import { describe, expect, it } from '@jest/globals';
import { askedAnew } from './asked-anew.ts';
import type { Request } from './operations.ts';

const asked = { pages: ['dashboard', 'customer', 'a&b=c'] } as Request['asked'];

describe('What is asked for anew, once a request has ended', () => {
  it('is the job and each sensitive page that was asked for, whatever it is called', () => {
    const address = askedAnew({ kind: 'SENSITIVE_ENTRY', job: 'invoice-sync', asked });
    expect(address).toBe('&job=invoice-sync&page=dashboard&page=customer&page=a%26b%3Dc');
  });

  it('is a job alone where nothing sensitive was asked for, and nothing of these where there was no job', () => {
    expect(askedAnew({ kind: 'READ', job: 'sign-in-trouble', asked })).toBe('&job=sign-in-trouble');
    expect(askedAnew({ kind: 'EXTENSION', job: null, asked })).toBe('');
  });
});
