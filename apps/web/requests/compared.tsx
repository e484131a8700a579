import { compared } from './told.ts';
import type { Scope } from './operations.ts';

/** Asked beside granted, row by row; what differs is bold and says so by its words. */
export function Compared({
  asked,
  granted,
  by,
}: {
  readonly asked: Scope;
  readonly granted: Scope;
  /** "You allow", "Allowed". */
  readonly by: string;
}) {
  return (
    <table className="compared">
      <caption className="vh">What was asked, and what is allowed</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Asked</th>
          <th scope="col">{by}</th>
        </tr>
      </thead>
      <tbody>
        {compared(asked, granted).map(({ what, asked: before, granted: after, same }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{same ? before : <s>{before}</s>}</td>
            <td>{same ? 'The same' : <b>{after}</b>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
