import { compared, type Terms } from './told.ts';

/** Asked beside granted, row by row; what differs is bold and says so by its words. */
export function Compared({
  asked,
  granted,
  by,
}: {
  readonly asked: Terms;
  readonly granted: Terms;
  /** "You allow", "Allowed". */
  readonly by: string;
}) {
  return (
    <table className="compared" role="table">
      <caption className="vh">What was asked, and what is allowed</caption>
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell" />
          <th scope="col" role="columnheader">
            Asked
          </th>
          <th scope="col" role="columnheader">
            {by}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {compared(asked, granted).map(({ what, asked: before, granted: after, same }) => (
          <tr key={what} role="row">
            <th scope="row" role="rowheader">
              {what}
            </th>
            <td role="cell">{same ? before : <s>{before}</s>}</td>
            <td role="cell">{same ? 'The same' : <b>{after}</b>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
