import { describe, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import { accessOn, approved, entered, requested, samsWish, startedOnGrant, workspaceOpen } from '../testing/story.ts';

const at = '10:00:30';
const field = { field: 'customer.email', record: 'cus_81' };
const inside = (...pages: string[]): Past<BookFact> => {
  const wanted = { ...samsWish, action: null, pages, field };
  return [
    ...[
      ...workspaceOpen,
      accessOn(),
      requested({ kind: 'reveal', asks: 'both', wanted }),
      approved({ granted: wanted }),
    ],
    ...['10:00', startedOnGrant({ mode: 'read', pages }), entered()],
  ];
};

describe('Showing a masked field that was approved', () => {
  const reveal = COMMANDS.RevealField;

  it('is refused where the owner has left out since every page on which it stands (S3-15)', () => {
    const withoutInbox = accessOn({ withoutAreas: ['inbox'] });
    for (const pages of [['inquiry'], ['inquiry', 'dashboard']])
      given([...inside(...pages), withoutInbox])
        .when(reveal, { at })
        .refused('areaIsNotLeftOut', 'The owner left Inbox out.');
    const withoutBilling = accessOn({ withoutAreas: ['billing'] });
    given([...inside('billing', 'invoice'), withoutBilling])
      .when(reveal, { at })
      .refused('areaIsNotLeftOut', 'The owner left Billing out.');
  });

  it('is allowed where one of them is left in, whatever else is left out', () => {
    const shown: BookFact = {
      type: 'FieldRevealed',
      data: { sessionId: reveal.sessionId, grantId: 'gr_sam', requestId: 'req_sam', ...field },
    };
    const without = (area: string) => accessOn({ withoutAreas: [area] });
    given([...inside('inquiry', 'billing'), without('billing')])
      .when(reveal, { at })
      .then([shown]);
    given([...inside('billing', 'dashboard'), without('billing')])
      .when(reveal, { at })
      .then([shown]);
  });
});
