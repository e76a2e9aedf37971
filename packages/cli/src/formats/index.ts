import type { FormatName } from '../options.js';
import { azure, github, gitlab, junit } from './ci.js';
import { compact } from './compact.js';
import { html } from './html.js';
import { json } from './json.js';
import type { Format } from './report.js';
import { sarif } from './sarif.js';
import { text } from './text.js';

export const formatters: Record<FormatName, Format> = { text, compact, json, sarif, github, gitlab, azure, junit, html };
