export * from './actor.ts';
export * from './canonical-json.ts';
export * from './evaluation.ts';
export * from './ids.ts';
export * from './outcomes.ts';
export * from './rules.ts';
export * from './signals.ts';
export * from './visit.ts';
