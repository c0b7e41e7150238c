/** The protocol as other programs may use it: the schemas and types of all messages, and the error codes. */
export * from './error-codes.ts';
export * from './loop-back.ts';
export * from './messages.ts';
