/** The look of the strip and of the pages that stand in for the product's: `/gatebook/strip.css`. */
export const STYLE = `.gatebook-strip, .gatebook-strip * { box-sizing: border-box; }
.gatebook-strip { all: revert; box-sizing: border-box; position: sticky; top: 0; z-index: 2147483647; display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto auto auto; gap: 0 1rem; align-items: center; margin: 0;
  background: #1c3a5e; color: #fff; border-bottom: 4px solid #7fb2e5; text-align: left; letter-spacing: normal;
  font: 400 15px/1.4 -apple-system, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif;
  font-variant-numeric: tabular-nums lining-nums; flex: 0 0 100%; grid-column: 1 / -1; }
@supports (scroll-padding-top: 1px) { html { scroll-padding-top: 5rem; } }
.gatebook-write { background: #ffce6b; color: #221700; border-bottom: 0; }
.gatebook-write::after { content: ""; position: absolute; left: 0; right: 0; bottom: -4px; height: 4px; background: repeating-linear-gradient(135deg, #221700 0 6px, #ffce6b 6px 12px); }
.gatebook-strip p, .gatebook-strip h2, .gatebook-strip ul, .gatebook-strip form { margin: 0; padding: 0; color: inherit; background: none; border: 0; max-width: none; font: inherit; }
.gatebook-icon { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vertical-align: -5px; }
.gatebook-strip .gatebook-down { width: 16px; height: 16px; vertical-align: -3px; }
.gatebook-strip .gatebook-mode { order: 1; display: flex; align-items: center; gap: 8px; align-self: stretch; padding: 10px 16px; font-weight: 600; letter-spacing: .02em; white-space: nowrap; border-right: 1px solid rgb(255 255 255 / .5); }
.gatebook-text { order: 2; padding: 8px 0; overflow-wrap: anywhere; }
.gatebook-strip .gatebook-text p + p { font-size: 14px; }
.gatebook-strip button, .gatebook-what { font: 500 15px/1.2 -apple-system, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; min-height: 44px; min-width: 44px; margin: 0; padding: 4px 14px; border-radius: 4px; cursor: pointer; display: inline-flex; align-items: center; justify-content: center; gap: 6px; white-space: nowrap; background: none; color: #fff; border: 1px solid #fff; box-shadow: none; text-transform: none; }
.gatebook-write button, .gatebook-write .gatebook-what { color: #221700; border-color: #221700; }
.gatebook-strip.gatebook-write .gatebook-mode { border-color: rgb(34 23 0 / .5); }
.gatebook-strip.gatebook-write .gatebook-exit button { background: #221700; color: #fff; border-color: #221700; }
.gatebook-strip.gatebook-write .gatebook-exit button:hover { background: #4a3500; }
.gatebook-strip.gatebook-write :focus-visible { outline-color: #221700; }
.gatebook-stay { order: 3; }
.gatebook-details { order: 4; }
.gatebook-exit { order: 5; padding-right: 16px !important; }
.gatebook-strip .gatebook-exit button { background: #fff; color: #12263e; border: 2px solid #fff; font-weight: 600; }
.gatebook-strip :focus-visible { outline: 3px solid #fff; outline-offset: 2px; border-radius: 4px; }
.gatebook-strip button:hover, .gatebook-details summary:hover .gatebook-what { background: rgb(255 255 255 / .14); }
.gatebook-strip .gatebook-exit button:hover { background: #dce8f5; }
.gatebook-details summary { list-style: none; cursor: pointer; }
.gatebook-details summary::-webkit-details-marker { display: none; }
.gatebook-tap { display: none; }
.gatebook-details[open] .gatebook-down { transform: rotate(180deg); }
.gatebook-panel { position: absolute; left: 0; right: 0; top: calc(100% + 4px); max-height: calc(100vh - 8rem); overflow: auto; display: grid; grid-template-columns: 1fr 1fr; gap: 16px 48px; padding: 20px; background: #fff; color: #1a2126; box-shadow: 0 1px 2px rgb(26 33 38 / .08), 0 8px 24px rgb(26 33 38 / .2); }
.gatebook-strip .gatebook-panel h2 { font-weight: 600; padding-bottom: 4px; margin-bottom: 6px; border-bottom: 1px solid #7b858a; }
.gatebook-strip .gatebook-panel ul { list-style: none; }
.gatebook-strip .gatebook-panel li { margin: 0; padding: 3px 0 3px 24px; position: relative; overflow-wrap: anywhere; }
.gatebook-panel li::before { position: absolute; left: 2px; content: "\\2713"; color: #0b5d4a; font-weight: 700; }
.gatebook-panel div + div li { color: #4f5b62; }
.gatebook-panel div + div li::before { content: "\\2715"; color: #4f5b62; }
.gatebook-idle { grid-column: 1 / -1; padding-top: 12px; border-top: 1px solid #dcddd4; color: #4f5b62; }
.gatebook-idle .gatebook-stay { display: none; margin-top: 8px !important; }
.gatebook-strip .gatebook-idle button { color: #1a2126; border-color: #7b858a; }
.gatebook-panel :focus-visible { outline-color: #2456c7 !important; }
@media (max-width: 61.99rem) {
  .gatebook-strip { grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; }
  .gatebook-strip .gatebook-mode, .gatebook-text, .gatebook-strip > .gatebook-stay, .gatebook-what, .gatebook-wide { display: none; }
  .gatebook-details { order: 1; }
  .gatebook-details summary { padding: 6px 0 6px 14px; min-height: 56px; display: flex; align-items: center; }
  .gatebook-tap { display: block; font-size: 14px; overflow-wrap: anywhere; }
  .gatebook-tap b { display: block; font-weight: 600; font-size: 15px; letter-spacing: .02em; white-space: nowrap; }
  .gatebook-brief { display: block; }
  .gatebook-exit { order: 2; padding-right: 12px !important; }
  .gatebook-idle .gatebook-stay { display: block; }
}
@media (max-width: 40rem) { .gatebook-panel { grid-template-columns: 1fr; } }
@media print { .gatebook-strip { position: static; } }
@media (prefers-color-scheme: dark) {
  .gatebook-panel { background: #1b2125; color: #e9ebe6; }
  .gatebook-panel li::before { color: #74cdb3; }
  .gatebook-panel div + div li, .gatebook-panel div + div li::before, .gatebook-idle { color: #a9b4b8; }
  .gatebook-idle { border-color: #343d43; }
  .gatebook-strip .gatebook-idle button { color: #e9ebe6; }
  .gatebook-panel :focus-visible { outline-color: #9cc0ff !important; }
}
@media (forced-colors: active) { .gatebook-strip { border-bottom: 4px solid CanvasText; } .gatebook-write { border-bottom: 4px dashed CanvasText; } .gatebook-write::after { display: none; } .gatebook-panel { border: 1px solid CanvasText; } }

.gatebook-page { --paper: #fafaf6; --sheet: #fff; --ink: #1a2126; --ink-2: #4f5b62; --rule: #dcddd4; --edge: #7b858a; --accent: #0b5d4a; --on-accent: #fff; --focus: #2456c7;
  margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); color-scheme: light dark;
  font: 400 1rem/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; font-variant-numeric: tabular-nums lining-nums; }
@media (prefers-color-scheme: dark) { .gatebook-page { --paper: #14181b; --sheet: #1b2125; --ink: #e9ebe6; --ink-2: #a9b4b8; --rule: #343d43; --edge: #7f8c92; --accent: #74cdb3; --on-accent: #0c211b; --focus: #9cc0ff; } }
.gatebook-page main { max-width: 42rem; padding: 3rem 1.5rem; margin: 0 auto; }
.gatebook-page h1 { font: 600 1.75rem/1.25 ui-serif, Charter, "Sitka Text", Cambria, "Noto Serif", serif; margin: 0 0 .75rem; text-wrap: balance; overflow-wrap: anywhere; }
.gatebook-page .lead { font: 400 1.25rem/1.5 ui-serif, Charter, "Sitka Text", Cambria, "Noto Serif", serif; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.gatebook-page .small { font-size: .875rem; color: var(--ink-2); margin: 0 0 .5rem; }
.gatebook-page .mark { width: 3rem; height: 3rem; margin-bottom: 1rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.gatebook-page .acts { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
.gatebook-page .closed { border-top: 4px double var(--ink); }
.gatebook-page .btn { box-sizing: border-box; font-weight: 500; font-size: .9375rem; line-height: 1.25; font-family: inherit; min-height: 2.75rem; padding: .5rem .875rem; border: 1px solid var(--edge); border-radius: 4px; background: var(--sheet); color: var(--ink); text-decoration: none; display: inline-flex; align-items: center; cursor: pointer; }
.gatebook-page .btn.go { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.gatebook-page :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.gatebook-page label { display: block; font-weight: 500; margin: 1.5rem 0 .375rem; }
.gatebook-page input { font: 400 1rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", monospace; width: 100%; box-sizing: border-box; min-height: 2.75rem; padding: .5rem .75rem; color: var(--ink); background: var(--sheet); border: 1px solid var(--edge); border-radius: 4px; }
@media (max-width: 44rem) { .gatebook-page main { padding: 2rem 1rem; } .gatebook-page h1 { font-size: 1.5rem; } .gatebook-page .acts .btn { width: 100%; justify-content: center; } }
`;
