import { describe, it } from '@jest/globals';
import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import { given, type Past } from '../testing/given.ts';
import {
  accessOn,
  clock,
  ended,
  priya,
  priyaEnabled,
  sam,
  samEnabled,
  started,
  workspaceOpen,
} from '../testing/story.ts';

const remove = (staffId: StaffId, disabledAt = '10:05'): BookCommand => ({
  type: 'RemoveStaff',
  staffId,
  disabledAt: clock(disabledAt),
});
const samDisabled = { ...samEnabled, phase: 'disabled' as const };
const inside: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started()];

describe('A staff member who was disabled', () => {
  it('is out of the workspace, and who else is there is not (T9; policy.md, 5)', () => {
    const both: Past<BookFact> = [...inside, started({ sessionId: 'ses_second', staffId: priya })];
    given(both)
      .when(remove(sam), { at: '10:05', staff: samDisabled })
      .then([ended('staff disabled', '10:05')]);
    given(both)
      .when(remove(priya), { at: '10:05', staff: { ...priyaEnabled, phase: 'disabled' } })
      .then([ended('staff disabled', '10:05', 'ses_second')]);
  });

  it('is out once: a repeat writes nothing', () => {
    given([...inside, '10:05', ended('staff disabled', '10:05')])
      .when(remove(sam), { at: '10:05', staff: samDisabled })
      .then([]);
    given([]).when(remove(sam), { at: '10:05', staff: samDisabled }).then([]);
  });

  it('is out by every visit that this instance knows of, also one that began after it by another’s clock', () => {
    given(inside)
      .when(remove(sam, '09:59'), { at: '10:05', staff: samDisabled })
      .then([ended('staff disabled', '10:05')]);
  });

  it('and enabled again keeps what began after that only', () => {
    given(inside).when(remove(sam, '09:59:59.999'), { at: '10:05', staff: samEnabled }).then([]);
    given(inside)
      .when(remove(sam, '10:00'), { at: '10:05', staff: samEnabled })
      .then([ended('staff disabled', '10:05')]);
  });
});
