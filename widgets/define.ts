/** Registers both elements: import this for its effect. */

export * from './listen-panel/define.ts';
export * from './stream-button/define.ts';
