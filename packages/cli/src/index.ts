export { run } from './run.js';
export type { Io } from './io.js';
export { formatters } from './formats/index.js';
export type { Format, FormatOptions, ReportData } from './formats/report.js';
export { helpText, options, commands } from './options.js';
