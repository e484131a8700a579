import { MEMBER_ROLES, type MemberRole } from '@gatebook/protocol';
import { html } from './html.ts';
import { heading, missing, page, table, type Answer, type Context } from './layout.ts';
import { noteActivity } from './pages-inbox.ts';

interface Member {
  readonly sub: string;
  readonly workspace: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
}

export function team(context: Context): Answer {
  const { store, workspace, fields, reader, may } = context;
  const rows = store.all<Member>('select * from members where workspace = ? order by rowid', workspace.id);
  const changes = !reader.onVisit && may('team.changeRole');
  return page(
    'Team',
    html`${heading('Team', `${rows.length} people in ${workspace.name}`)}
    ${table(
      ['Name', 'E-mail', 'Role'],
      rows.map(
        ({ sub, name, email, role }) =>
          html`<tr>
            <td>${name}</td>
            <td>${fields.cell('member.email', email, sub)}</td>
            <td>
              ${
                changes && role !== 'owner'
                  ? html`<form class="inline" method="post" action="/team/${sub}/role">
                      <select name="role" aria-label="Role of ${name}">
                        ${MEMBER_ROLES.slice(1).map(
                          (one) => html`<option ${one === role && 'selected'}>${one}</option>`,
                        )}</select
                      ><button class="plain">Change</button>
                    </form>`
                  : role
              }
            </td>
          </tr>`,
      ),
      'Nobody is here.',
    )}`,
  );
}

export function changeRole({ store, workspace, reader, params, form }: Context): Answer {
  const role = MEMBER_ROLES.find((one) => one === form['role']);
  const member = store.one<Member>(
    "select * from members where sub = ? and workspace = ? and role <> 'owner'",
    params['sub'] ?? '',
    workspace.id,
  );
  // Owners make owners somewhere else: a workspace is never without one.
  if (!member || role === undefined || role === 'owner') return missing('member or role');
  if (member.role !== role) {
    store.change(() => {
      store.run('update members set role = ? where sub = ?', role, member.sub);
      const { sub, name, email } = member;
      store.tellOfMember({ sub, workspace: workspace.id, name, email, role });
      noteActivity(store, workspace.id, reader.name, `made ${member.name} ${role}`);
    });
  }
  return { kind: 'go', to: '/team' };
}

interface Setting {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly choices: string;
}

export function settings({ store, workspace, reader, may, allowed }: Context): Answer {
  const rows = store.all<Setting>('select * from settings where workspace = ? order by rowid', workspace.id);
  const changes = reader.onVisit || may('settings.change');
  const isApproved = (name: string) =>
    allowed?.name === 'settings.change' && allowed.target === name && !allowed.isDone;
  const anyApproved = rows.some(({ name }) => isApproved(name));
  return page(
    'Settings',
    html`${heading('Settings', workspace.name)}
      <section class="card">
        ${rows.map(({ name, label, value, choices }) =>
          changes
            ? html`<form method="post" action="/settings/${name}">
                <label for="set-${name}">${label}</label>
                <p class="inline">
                  <select id="set-${name}" name="value">
                    ${choices
                      .split('|')
                      .map((choice) => html`<option ${choice === value && 'selected'}>${choice}</option>`)}</select
                  ><button class="${reader.onVisit && !isApproved(name) ? 'closed' : 'plain'}">Save</button>
                </p>
              </form>`
            : html`<p><b>${label}</b><br />${value}</p>`,
        )}
        ${reader.onVisit && html`<p class="hint">${anyApproved ? 'One change is approved, once: exactly as it was approved.' : 'Saving is closed in this visit.'}</p>`}
      </section>`,
  );
}

export function changeSetting({ store, workspace, reader, params, form, changed }: Context): Answer {
  const setting = store.one<Setting>(
    'select * from settings where workspace = ? and name = ?',
    workspace.id,
    params['name'] ?? '',
  );
  const value = setting?.choices.split('|').find((choice) => choice === form['value']);
  if (!setting || value === undefined) return missing('setting or choice');
  store.change(() => {
    store.run('update settings set value = ? where workspace = ? and name = ?', value, workspace.id, setting.name);
    noteActivity(store, workspace.id, reader.name, `set "${setting.label}" to "${value}"`);
  });
  if (value !== setting.value) changed({ field: `setting.${setting.name}`, old: setting.value, new: value });
  return { kind: 'go', to: '/settings' };
}

/** Left out of the catalogue on purpose: a visit can't open what nobody has declared. */
export function labs({ workspace }: Context): Answer {
  return page(
    'Labs',
    html`${heading('Labs', 'Things that are being tried')}
      <p class="card">Smart folders for ${workspace.name} will be here one day.</p>`,
  );
}
