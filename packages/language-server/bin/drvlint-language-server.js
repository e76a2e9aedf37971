#!/usr/bin/env node
// `--stdio` is what clients pass and the only way there is.
import { runStdio } from '../dist/stdio.js';

runStdio();
