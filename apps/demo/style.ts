/** Fernway's look. The phone comes first; from 48rem on the navigation stands on the left. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f5fb; --card: #fff; --side: #eceaf6; --ink: #1f1b2e; --soft: #5d5873; --line: #dcd9ea;
  --accent: #5038b0; --accent-ink: #fff; --bad: #9a3412; --bad-paper: #fff0e6; --good: #14663f; --good-paper: #e6f5ec;
  --wait: #6b5300; --wait-paper: #fdf3d0; --focus: #5038b0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16131f; --card: #201c2d; --side: #1b1727; --ink: #eeebf8; --soft: #b1abc8; --line: #3a3450;
    --accent: #b9a7ff; --accent-ink: #1d1440; --bad: #ffb48a; --bad-paper: #3a2015; --good: #8fdcb2; --good-paper: #15301f;
    --wait: #f1d679; --wait-paper: #332a0d; --focus: #d3c7ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 0.25rem; }
.skip { position: absolute; left: -99rem; }
/* In the flow once it is seen: the strip of a visit must not lie over it. */
.skip:focus { position: static; display: block; width: fit-content; background: var(--card); padding: 0.5rem 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 0 0 0.75rem; }
p { margin: 0 0 0.75rem; }
p:last-child { margin-bottom: 0; }

.side { background: var(--side); padding: 1rem; }
.brand { font-weight: 700; font-size: 1.15rem; color: var(--accent); text-decoration: none; }
.where { color: var(--soft); font-size: 0.9rem; margin: 0 0 0.75rem; }
.side ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem; }
.side li a { display: block; padding: 0.4rem 0.75rem; border-radius: 0.5rem; color: var(--soft); text-decoration: none; }
.side li a:hover { color: var(--ink); text-decoration: underline; }
.side li a[aria-current] { background: var(--card); color: var(--ink); font-weight: 600; }
.who { margin-top: 0.75rem; font-size: 0.9rem; color: var(--soft); display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; }
main { padding: 1.25rem 1rem 3rem; max-width: 62rem; min-width: 0; }
.alone { max-width: 40rem; margin: 0 auto; padding: 2.5rem 1rem; }

.head { display: flex; flex-wrap: wrap; gap: 0.75rem 1.5rem; justify-content: space-between; align-items: start; margin-bottom: 1.25rem; }
.head p { color: var(--soft); margin: 0.15rem 0 0; }
.acts { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
.hint { width: 100%; font-size: 0.875rem; color: var(--soft); margin: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem 1.25rem; margin-bottom: 1.25rem; }
.note { border-radius: 0.75rem; padding: 0.85rem 1.25rem; margin-bottom: 1.25rem; font-weight: 600; }
.note.bad { background: var(--bad-paper); color: var(--bad); }
.note.good { background: var(--good-paper); color: var(--good); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin-bottom: 1.25rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem 1.25rem; color: inherit; text-decoration: none; }
.tile:hover { border-color: var(--accent); }
.tile b { display: block; font-size: 1.8rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); }
.chart { display: block; width: 100%; height: auto; }

.button, button {
  font: inherit; font-weight: 600; cursor: pointer; border-radius: 0.6rem; padding: 0.5rem 1rem; min-height: 2.75rem;
  border: 1px solid var(--accent); background: var(--accent); color: var(--accent-ink); text-decoration: none; display: inline-flex; align-items: center;
}
.button.plain, button.plain { background: transparent; color: var(--accent); }
button.closed, .button.closed { background: transparent; color: var(--soft); border: 1px dashed var(--soft); font-weight: 500; }
.who button { min-height: 0; padding: 0.15rem 0.6rem; font-weight: 500; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
input, select, textarea { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 0.5rem; padding: 0.5rem 0.65rem; max-width: 100%; min-height: 2.75rem; }
textarea { width: 100%; }
.search { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin-bottom: 1.25rem; }
form + form { margin-top: 1rem; }
.card > .hint { margin-top: 1rem; }
.acts form + form { margin-top: 0; }
.inline { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-size: 0.875rem; color: var(--soft); font-weight: 600; }
th, td { padding: 0.6rem 1rem 0.6rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
tbody tr:last-child > * { border-bottom: 0; }
td time, td .tag { white-space: nowrap; }
tbody th { font-size: 1rem; color: inherit; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, 10rem) 1fr; gap: 0.6rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.tag { font-size: 0.85rem; font-weight: 600; border-radius: 99rem; padding: 0.1rem 0.6rem; background: var(--side); color: var(--soft); white-space: nowrap; }
.tag.bad { background: var(--bad-paper); color: var(--bad); }
.tag.good { background: var(--good-paper); color: var(--good); }
.tag.wait { background: var(--wait-paper); color: var(--wait); }
.masked { letter-spacing: 0.06em; }
.mask-note { font-size: 0.85rem; color: var(--soft); }
.ask { font-size: 0.85rem; }
.show-once { display: inline-block; }
.show-once button { padding: 0.15rem 0.6rem; font-size: 0.85rem; min-height: 1.75rem; }
.revealed { background: var(--wait-paper); color: var(--wait); padding: 0.1rem 0.35rem; border-radius: 0.3rem; }
.message { border-left: 3px solid var(--line); padding-left: 1rem; margin-bottom: 1.25rem; }
.words { white-space: pre-line; }
.message.ours { border-color: var(--accent); }
.message header { font-size: 0.9rem; color: var(--soft); }
code, pre { font: 0.9rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
pre { background: var(--side); border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0 0 0.75rem; white-space: pre-wrap; }
.plain-list { list-style: none; padding: 0; margin: 0; }
.plain-list li { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
.plain-list li:last-child { border-bottom: 0; }
main time, .quiet { color: var(--soft); font-size: 0.9rem; }

@media (max-width: 26rem) {
  dl { grid-template-columns: 1fr; gap: 0.1rem; }
  dd { margin-bottom: 0.6rem; }
}
@media (min-width: 48rem) {
  .frame { display: grid; grid-template-columns: 13rem 1fr; min-height: 100vh; }
  .side { padding: 1.5rem 1rem; }
  .side ul { flex-direction: column; }
  main { padding: 2rem 2rem 4rem; }
  .head .acts { justify-content: flex-end; text-align: right; }
}
`;
