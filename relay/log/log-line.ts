/** A line as the logger writes it, for what is said about the log itself. @param fields beside level, time and text */
export function logLine(level: 'warn' | 'error', fields: Readonly<Record<string, unknown>>, msg: string): string {
  return `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg })}\n`;
}
