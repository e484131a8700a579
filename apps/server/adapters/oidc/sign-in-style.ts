/** The style of the built-in sign-in pages, in the tokens of the design language; allowed in the policy by its hash. */
export const SIGN_IN_STYLE = `
:root { color-scheme: light dark; --paper: #FAFAF6; --sheet: #FFFFFF; --sunk: #F0F1EB; --ink: #1A2126; --ink-2: #4F5B62; --rule: #DCDDD4; --edge: #7B858A; --accent: #0B5D4A; --on-accent: #FFFFFF; --accent-bg: #E4F0EA; --focus: #2456C7;
--sans: -apple-system, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; --book: ui-serif, Charter, "Sitka Text", Cambria, "Noto Serif", serif; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181B; --sheet: #1B2125; --sunk: #252C31; --ink: #E9EBE6; --ink-2: #A9B4B8; --rule: #343D43; --edge: #7F8C92; --accent: #74CDB3; --on-accent: #0C211B; --accent-bg: #18322B; --focus: #9CC0FF; } }
@media (forced-colors: active) { :root { --paper: Canvas; --sheet: Canvas; --sunk: Canvas; --ink: CanvasText; --ink-2: CanvasText; --rule: CanvasText; --edge: CanvasText; --accent: LinkText; --on-accent: Canvas; --accent-bg: Canvas; --focus: Highlight; } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 1rem/1.5 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
h1, h2, p, ul { margin: 0; padding: 0; }
ul { list-style: none; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.wrap { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
.top { border-bottom: 1px solid var(--rule); background: var(--sheet); }
.top .wrap { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .75rem; min-height: 3.5rem; }
.brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 600; }
.brand svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.place { color: var(--ink-2); }
main { padding-bottom: 2.5rem; }
.head { padding: 2rem 0 1.25rem; border-bottom: 2px solid var(--ink); }
h1 { font: 600 1.75rem/1.25 var(--book); letter-spacing: -.005em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font: 600 1.0625rem/1.5 var(--sans); overflow-wrap: anywhere; }
.lede { margin-top: .25rem; color: var(--ink-2); max-width: 40rem; overflow-wrap: anywhere; }
.small { font-size: .875rem; line-height: 1.43; color: var(--ink-2); }
.foot { margin-top: 2rem; padding-top: 1rem; border-top: 4px double var(--edge); max-width: none; }
section { padding: 1.5rem 0 .5rem; }
section + section { border-top: 1px solid var(--rule); }
.margin { margin-bottom: .5rem; }
li { border-bottom: 1px solid var(--rule); }
li:last-child { border-bottom: 0; }
li button { appearance: none; width: 100%; min-height: 3.25rem; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; align-items: baseline; padding: .5rem .75rem; border: 0; border-left: 3px solid transparent; background: none; color: var(--ink); font: inherit; text-align: left; cursor: pointer; transition: background-color .12s ease-out; }
li button:hover { background: var(--accent-bg); border-left-color: var(--accent); }
.name { font-weight: 500; overflow-wrap: anywhere; }
.role { grid-row: 2; grid-column: 1; font-size: .9375rem; color: var(--ink-2); overflow-wrap: anywhere; }
.email { grid-row: 3; grid-column: 1 / -1; font-size: .875rem; color: var(--ink-2); overflow-wrap: anywhere; }
.verb { grid-row: 1; grid-column: 2; font-size: .9375rem; font-weight: 500; color: var(--accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
li button:hover .verb { text-decoration-thickness: 2px; }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; padding-top: 1.25rem; }
.btn { appearance: none; font: 500 .9375rem/1.25 var(--sans); color: var(--ink); background: var(--sheet); border: 1px solid var(--edge); border-radius: 4px; padding: .5rem .875rem; min-height: 2.75rem; cursor: pointer; }
.btn:hover { background: var(--sunk); }
@media (min-width: 62rem) {
  section { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); column-gap: 2.5rem; padding: 1.25rem 0; }
  .margin { margin: .5rem 0 0; }
  li button { grid-template-columns: minmax(0, 12rem) minmax(0, 8rem) minmax(0, 1fr) auto; min-height: 2.75rem; align-items: center; }
  .name, .role, .email, .verb { grid-row: 1; grid-column: auto; }
}
@media (max-width: 44rem) { h1 { font-size: 1.5rem; } .btn { width: 100%; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
